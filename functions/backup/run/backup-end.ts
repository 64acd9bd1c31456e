import { type Ledger, updateRecord } from '../../clients/ledger.ts';
import { type Locks, openLocks } from '../../clients/locks.ts';
import type { Outbox } from '../../clients/outbox.ts';
import { type BackupRunNote, backupRunNoteKey, backupRunNoteKind } from '../../records/backup/run-note.ts';
import { backupLock } from '../../records/backup/set.ts';
import type { Notice } from '../../records/message.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { SetStore } from '../sets/set-store.ts';
import { wireTelling } from '../telling/wiring.ts';
import { wireSets } from '../wiring.ts';
import type { BackupEnding } from './backup-ending.ts';
import { endSet } from './end-set.ts';
import { composeEnd } from './end-telling.ts';
import { readRunNote } from './run-note.ts';

/** The collaborators that ending a backup needs. */
export interface BackupEndDeps {
  readonly ledger: Ledger;
  readonly locks: Pick<Locks, 'release'>;
  readonly sets: SetStore;
  readonly outbox: Pick<Outbox, 'tell'>;
  readonly clock: Clock;
}

/** How it ended, for the output of the machine. */
interface BackupEnd {
  readonly outcome: string;
  readonly set?: string;
  readonly message: string;
  readonly reasons: readonly string[];
}

/**
 * Ends a backup, well or badly: its set, its lock, its message. All of it may run twice, by the last step and by the
 * handler of failures, and the first end stays. The end is noted before the lock is freed, for Lambdas that live on, and
 * the lock is freed before it is told, so that a topic that refuses us holds nothing.
 */
export const endBackup = async (ending: BackupEnding, deps: BackupEndDeps): Promise<BackupEnd> => {
  const { execution, environment } = ending;
  const { ledger, sets, clock } = deps;
  const reference = (await readRunNote(ledger, execution))?.set;
  const now = clock.now();
  const set = reference && (await endSet(reference, ending, now, deps));
  const composed = await composeEnd(ending, { reference, set }, { ledger, sets, now });
  const ended = { at: now.toISOString(), outcome: composed.outcome, notice: composed.id };
  const note = await updateRecord(
    ledger,
    backupRunNoteKind,
    backupRunNoteKey(execution.name),
    (current): BackupRunNote | undefined =>
      current?.ended ? undefined : { ...(current ?? { version: 1, execution }), ended },
    clock,
  );
  const notice: Notice = { ...composed, id: note?.ended?.notice ?? composed.id };
  await deps.locks.release(backupLock(environment), execution.arn);
  await deps.outbox.tell(notice);
  return {
    outcome: note?.ended?.outcome ?? composed.outcome,
    ...(set && { set: set.id }),
    message: notice.happened,
    reasons: notice.reasons,
  };
};

/** Wires what ending a backup needs, from the environment that its callers share. */
export const wireBackupEnd = (env: {
  readonly LEDGER_BUCKET: string;
  readonly TOPIC_ARN: string;
}): BackupEndDeps => {
  const { ledger, outbox } = wireTelling(env);
  return {
    ledger,
    outbox,
    locks: openLocks(ledger, systemClock),
    sets: wireSets(ledger),
    clock: systemClock,
  };
};
