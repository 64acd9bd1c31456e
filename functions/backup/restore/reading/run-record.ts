import type { Ledger, Stored } from '../../../clients/ledger.ts';
import {
  type RestoreReference,
  type RestoreRun,
  restoreHistoryKey,
  restoreRunKey,
  restoreRunKind,
} from '../../../records/backup/restore.ts';
import { type RestorePlan, restorePlanKey, restorePlanKind } from '../../../records/backup/restore-plan.ts';
import type { Execution } from '../../../records/execution.ts';
import { DefectError, TransientError } from '../../../runtime/errors.ts';

/** Runs and plans of restores as they lie in the ledger. */

/** The run that is open at a place, or the last one. */
export const readPlaceRun = (
  ledger: Pick<Ledger, 'read'>,
  place: string,
): Promise<Stored<RestoreRun> | undefined> => ledger.read(restoreRunKind, restoreRunKey(place));

/**
 * A run, also when the next one has its place already.
 *
 * @throws DefectError `restore.no-run` when there never was one.
 */
export const readRun = async (
  ledger: Pick<Ledger, 'read'>,
  { place, id }: RestoreReference,
): Promise<Stored<RestoreRun>> => {
  const open = await readPlaceRun(ledger, place);
  if (open?.value.id === id) return open;
  const past = await ledger.read(restoreRunKind, restoreHistoryKey(place, id));
  if (past) return past;
  throw new DefectError('restore.no-run', `There is no restore ${id} of ${place}.`);
};

/**
 * Writes a run over the version that was read: of two looks at once one goes on.
 *
 * @returns the etag of what was written.
 * @throws TransientError `restore.other-look` when somebody was faster.
 */
export const saveRun = async (
  ledger: Pick<Ledger, 'change'>,
  place: string,
  etag: string,
  run: RestoreRun,
): Promise<string> => {
  const written = await ledger.change(restoreRunKind, restoreRunKey(place), etag, run);
  if (written.ok) return written.etag;
  throw new TransientError('restore.other-look', `Somebody else has just written the restore ${run.id}.`);
};

/** @throws DefectError `restore.no-plan` before the step that writes it. */
export const readRestorePlan = async (
  ledger: Pick<Ledger, 'read'>,
  { name }: Pick<Execution, 'name'>,
): Promise<RestorePlan> => {
  const stored = await ledger.read(restorePlanKind, restorePlanKey(name));
  if (stored) return stored.value;
  throw new DefectError('restore.no-plan', `There is no plan of ${name} in the ledger.`);
};
