import { type Ledger, type Stored, updateRecord } from '../../../clients/ledger.ts';
import {
  type DrillReference,
  type DrillRun,
  drillHistoryKey,
  drillRunKey,
  drillRunKind,
} from '../../../records/backup/drill.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { DefectError, TransientError } from '../../../runtime/errors.ts';

/** Drills as they lie in the ledger. */

/**
 * A drill, also when the next one has its place already.
 *
 * @throws DefectError `drill.no-run` when there never was one.
 */
export const readDrill = async (
  ledger: Pick<Ledger, 'read'>,
  { environment, id }: DrillReference,
): Promise<Stored<DrillRun>> => {
  const open = await ledger.read(drillRunKind, drillRunKey(environment));
  if (open?.value.id === id) return open;
  const past = await ledger.read(drillRunKind, drillHistoryKey(environment, id));
  if (past) return past;
  throw new DefectError('drill.no-run', `There is no drill ${id} of ${environment}.`);
};

/**
 * Writes a drill over the version that was read: of two looks at once one goes on.
 *
 * @throws TransientError `drill.other-look` when somebody was faster.
 */
export const saveDrill = async (
  ledger: Pick<Ledger, 'change'>,
  etag: string,
  run: DrillRun,
): Promise<void> => {
  const written = await ledger.change(drillRunKind, drillRunKey(run.environment), etag, run);
  if (written.ok) return;
  throw new TransientError('drill.other-look', `Somebody else has just written the drill ${run.id}.`);
};

/**
 * Files a drill that has ended. One that was taken up to destroy what it had left ends a second time, under the name of
 * the execution that did: the first end stays as it was told.
 */
export const fileDrill = async (ledger: Pick<Ledger, 'claim'>, run: DrillRun): Promise<void> => {
  await ledger.claim(drillRunKind, drillHistoryKey(run.environment, run.execution.name), run);
};

/** What a new execution makes of the drill that lies there, or why it begins nothing. */
export type OpenedDrill =
  | { readonly outcome: 'begun'; readonly run: DrillRun }
  | { readonly outcome: 'nothing'; readonly reason: string }
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * Opens a drill: files the last one, asks `opener` what comes of it, and writes that down. Done twice it is the same.
 *
 * @param opener may be asked several times.
 */
export const openDrill = async (
  environment: string,
  opener: (earlier: DrillRun | undefined) => OpenedDrill,
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<OpenedDrill> => {
  const past = (await ledger.read(drillRunKind, drillRunKey(environment)))?.value;
  // It stays in the history, also when its last step died before it wrote that.
  if (past?.state === 'ended') await fileDrill(ledger, past);
  let opened: OpenedDrill = { outcome: 'refused', reason: 'nothing was opened' };
  await updateRecord(
    ledger,
    drillRunKind,
    drillRunKey(environment),
    (current: DrillRun | undefined) => {
      opened = opener(current);
      return opened.outcome === 'begun' ? opened.run : undefined;
    },
    clock,
  );
  return opened;
};
