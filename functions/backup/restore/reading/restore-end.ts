import type { Ledger } from '../../../clients/ledger.ts';
import type { Locks } from '../../../clients/locks.ts';
import type { Outbox } from '../../../clients/outbox.ts';
import {
  type RestoreReference,
  type RestoreRun,
  restoreHistoryKey,
  restoreRunKind,
} from '../../../records/backup/restore.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { isOfDrill } from '../run-rest.ts';
import { measureRestore } from '../telling/away-time.ts';
import { composeRestoreEndNotice } from '../telling/restore-notice.ts';
import { freePlace } from './place-locks.ts';

export interface RestoreEndDeps {
  readonly ledger: Pick<Ledger, 'read' | 'claim'>;
  readonly locks: Pick<Locks, 'release'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

interface RestoreEnd {
  readonly outcome: NonNullable<RestoreRun['outcome']>;
  readonly recoverySeconds?: number;
  readonly message: string;
  readonly reasons: readonly string[];
}

/**
 * Ends a restore: its history, its place, and its one message with the measured times. That of a drill tells nobody: the
 * drill does. All of it may run twice. The place is freed before it is told, so that a topic that refuses us holds nothing.
 *
 * @returns undefined for a run that has not ended: whoever carries it ends it.
 */
export const endRestore = async (
  run: RestoreRun,
  restore: RestoreReference,
  { ledger, locks, outbox, clock }: RestoreEndDeps,
): Promise<RestoreEnd | undefined> => {
  const { outcome } = run;
  if (run.state !== 'ended' || outcome === undefined) return undefined;
  await ledger.claim(restoreRunKind, restoreHistoryKey(restore.place, restore.id), run);
  await freePlace(run, restore, locks);
  const notice = composeRestoreEndNotice({ ...run, outcome }, clock.now());
  // A drill tells its end itself, with what came of its restore.
  if (!isOfDrill(run)) await outbox.tell(notice);
  const measured = measureRestore(run);
  return {
    outcome,
    ...(measured === undefined ? {} : { recoverySeconds: Math.round(measured.recovery / 1_000) }),
    message: notice.happened,
    reasons: notice.reasons,
  };
};
