import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  /** What the task token was answered with: a stranger's text until it is judged. */
  answer: z.unknown(),
});

export const Output = z.object({
  outcome: z.enum(['approved', 'not-approved']),
  by: z.string().optional(),
  reasons: z.array(z.string()),
});
