import { type Ledger, updateRecord } from '../../../clients/ledger.ts';
import type { Locks } from '../../../clients/locks.ts';
import type { Outbox } from '../../../clients/outbox.ts';
import { type DrillRun, drillLock } from '../../../records/backup/drill.ts';
import { type LastDrill, lastDrillKey, lastDrillKind } from '../../../records/backup/last-drill.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { noteDrill } from '../drill-life.ts';
import { composeDrillNotice } from '../drill-notice.ts';
import { fileDrill } from './drill-record.ts';

export interface DrillEndDeps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'release'>;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

interface DrillEnd {
  readonly outcome: NonNullable<DrillRun['outcome']>;
  readonly recoverySeconds?: number;
  readonly message: string;
  readonly reasons: readonly string[];
}

/**
 * Ends a drill: its history, the age of the last one, its place, its one message. All of it may run twice. The place is
 * freed before it is told, so that a topic that refuses us holds nothing.
 *
 * @returns undefined for one that has not ended: whoever carries it ends it.
 */
export const endDrill = async (
  run: DrillRun,
  { ledger, locks, outbox, clock }: DrillEndDeps,
): Promise<DrillEnd | undefined> => {
  const { outcome, environment, execution } = run;
  if (run.state !== 'ended' || outcome === undefined) return undefined;
  await fileDrill(ledger, run);
  await updateRecord(
    ledger,
    lastDrillKind,
    lastDrillKey(environment),
    (last) => (isNoted(last, run) ? undefined : noteDrill(last, run, clock.now())),
    clock,
  );
  await locks.release(drillLock(environment), execution.arn);
  const notice = composeDrillNotice(run, clock.now());
  await outbox.tell(notice);
  const { recoverySeconds } = run.restore ?? {};
  return {
    outcome,
    ...(recoverySeconds === undefined ? {} : { recoverySeconds }),
    message: notice.happened,
    reasons: notice.reasons,
  };
};

/** A step that is repeated late must not put an older drill over a newer one. */
const isNoted = (last: LastDrill | undefined, { endedAt }: DrillRun): boolean =>
  last?.ended !== undefined && endedAt !== undefined && Date.parse(last.ended.endedAt) >= Date.parse(endedAt);
