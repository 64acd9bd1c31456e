import * as z from 'zod';
import { RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, restore: RestoreReference });

export const Output = z.object({
  /** `unfinished`: its time was up, call again. `lost`: another execution carries the restore now. */
  outcome: z.enum(['unfinished', 'done', 'lost']),
  /** How far it came, as a sentence. */
  message: z.string(),
});
