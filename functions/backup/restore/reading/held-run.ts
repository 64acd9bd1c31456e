import type { Ledger, Stored } from '../../../clients/ledger.ts';
import type { Locks } from '../../../clients/locks.ts';
import { type RestoreReference, type RestoreRun, restoreLock } from '../../../records/backup/restore.ts';
import type { Execution } from '../../../records/execution.ts';
import { readRun } from './run-record.ts';

/** The run of a restore, in the hands of the execution that carries it. */

interface HeldRun extends Stored<RestoreRun> {
  /** Is it still ours? Asked right before every change: another execution may have taken it meanwhile. */
  readonly isOurs: () => Promise<boolean>;
}

/** What is answered where there is none. */
export const LOST = {
  outcome: 'lost',
  message: 'Another execution carries this restore now.',
} as const;

/**
 * Reads it.
 *
 * @returns undefined when another execution carries it.
 * @throws DefectError `restore.no-run` when there never was one.
 */
export const readHeldRun = async (
  { execution, restore }: { readonly execution: Pick<Execution, 'arn'>; readonly restore: RestoreReference },
  { ledger, locks }: { readonly ledger: Pick<Ledger, 'read'>; readonly locks: Pick<Locks, 'isHeld'> },
): Promise<HeldRun | undefined> => {
  const stored = await readRun(ledger, restore);
  const { execution: carrier, fence } = stored.value;
  const isOurs = async (): Promise<boolean> =>
    carrier.arn === execution.arn &&
    (await locks.isHeld(restoreLock(restore.place), execution.arn, fence ?? 0));
  return (await isOurs()) ? { ...stored, isOurs } : undefined;
};
