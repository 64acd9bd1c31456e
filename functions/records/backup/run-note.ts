import * as z from 'zod';
import { Execution } from '../execution.ts';
import { BACKUP_RUN_PREFIX, SetReference } from './run.ts';

/**
 * Which set an execution makes, and how it ended: a Lambda that was killed, a redrive and the handler of failures find
 * it by the name of the execution alone. Expires with the facts of the run.
 */
export const BackupRunNote = z.object({
  version: z.literal(1),
  execution: Execution,
  /** Absent: it ended before it had one. */
  set: SetReference.optional(),
  /** The first end stays; `notice` is the id under which it was told, so that it is told once. */
  ended: z.object({ at: z.iso.datetime(), outcome: z.string(), notice: z.string() }).optional(),
});
export type BackupRunNote = z.output<typeof BackupRunNote>;

export const backupRunNoteKind = { name: 'note of a backup run', schema: BackupRunNote };
/** Beside the folders of environments: a key of those goes on behind `executions` with the id of a set and a slash. */
export const backupRunNoteKey = (execution: string): string =>
  `${BACKUP_RUN_PREFIX}executions/${execution}.json`;
