import * as z from 'zod';
import { RestoreOutcome, RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  /** The run that has ended; without it, a plan that came to nothing. */
  restore: RestoreReference.optional(),
  /** Of a plan that came to nothing. */
  outcome: z.enum(['refused', 'not-approved']).default('refused'),
  reasons: z.array(z.string()).default([]),
});

export const Output = z.object({
  outcome: z.enum([...RestoreOutcome.options, 'lost']),
  restore: RestoreReference.optional(),
  /** Seconds from the beginning of the run until people could work again; absent where they never could not. */
  recoverySeconds: z.int().nonnegative().optional(),
  /** The first sentence of the message that people got; of a drill nobody got one. */
  message: z.string(),
  reasons: z.array(z.string()),
});
