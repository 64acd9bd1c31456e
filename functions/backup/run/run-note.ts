import { keepFirst, type Ledger, updateRecord } from '../../clients/ledger.ts';
import type { SetReference } from '../../records/backup/run.ts';
import { type BackupRunNote, backupRunNoteKey, backupRunNoteKind } from '../../records/backup/run-note.ts';
import type { Execution } from '../../records/execution.ts';
import type { Clock } from '../../runtime/clock.ts';

/** The note of an execution; undefined before it has a set and before it has ended. */
export const readRunNote = async (
  ledger: Pick<Ledger, 'read'>,
  { name }: Pick<Execution, 'name'>,
): Promise<BackupRunNote | undefined> =>
  (await ledger.read(backupRunNoteKind, backupRunNoteKey(name)))?.value;

/** Notes which set an execution makes. The first note stays, also one that says that the execution has ended. */
export const noteSet = async (
  execution: Execution,
  set: SetReference,
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<BackupRunNote> => {
  const note: BackupRunNote = { version: 1, execution, set };
  const key = backupRunNoteKey(execution.name);
  return keepFirst(ledger, backupRunNoteKind, key, note, clock);
};

/** Has this execution been ended, by a person or a failure? Asked before each outside write of a Lambda that may live on. */
export const hasEnded = async (
  ledger: Pick<Ledger, 'read'>,
  execution: Pick<Execution, 'name'>,
): Promise<boolean> => (await readRunNote(ledger, execution))?.ended !== undefined;

/**
 * Notes that an execution has failed, ran out of time or was stopped, before what it held is freed: a step of it that is
 * still on its way finds this, and begins nothing.
 */
export const noteEnd = async (
  execution: Execution,
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<void> => {
  const ended = { at: clock.now().toISOString(), outcome: 'failed', notice: execution.name };
  await updateRecord(
    ledger,
    backupRunNoteKind,
    backupRunNoteKey(execution.name),
    (current): BackupRunNote | undefined =>
      current?.ended ? undefined : { ...(current ?? { version: 1, execution }), ended },
    clock,
  );
};
