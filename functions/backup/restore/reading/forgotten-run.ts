import { type Ledger, updateRecord } from '../../../clients/ledger.ts';
import type { Locks } from '../../../clients/locks.ts';
import { type RestoreRun, restoreRunKey, restoreRunKind } from '../../../records/backup/restore.ts';
import { dataOwner } from '../../../records/backup/restore-limits.ts';
import { backupLock } from '../../../records/backup/set.ts';
import type { Execution } from '../../../records/execution.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { isOfDrill, leaveRun } from '../run-rest.ts';

interface ForgottenDeps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'release'>;
  readonly clock: Clock;
}

/**
 * Ends the run of an earlier drill that was left open, for the one of a new drill: whoever asks holds the lock of the
 * place, so that nobody carries it any more, and the drills between have destroyed what it left. Of anybody else's run
 * nothing is done.
 */
export const endForgottenDrill = async (
  place: string,
  execution: Execution,
  { ledger, locks, clock }: ForgottenDeps,
): Promise<void> => {
  let forgotten: RestoreRun | undefined;
  await updateRecord(
    ledger,
    restoreRunKind,
    restoreRunKey(place),
    (current: RestoreRun | undefined) => {
      const isLeft = current && isOfDrill(current) && current.state !== 'ended';
      forgotten =
        isLeft && current.execution.name !== execution.name ? leaveRun(current, clock.now()) : undefined;
      return forgotten;
    },
    clock,
  );
  if (forgotten) await locks.release(backupLock(place), dataOwner({ place, id: forgotten.id }));
};
