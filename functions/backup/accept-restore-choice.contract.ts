import * as z from 'zod';
import { RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  restore: RestoreReference,
  /** What the task token was answered with: a stranger's text until it is judged. */
  answer: z.unknown(),
});

export const Output = z.object({
  /** `refused`: it was no choice for this restore, and is asked for again. */
  outcome: z.enum(['chosen', 'refused']),
  reasons: z.array(z.string()).max(5),
});
