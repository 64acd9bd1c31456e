import * as z from 'zod';
import { DrillOutcome, DrillReference } from '../records/backup/drill.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  /** The drill that has ended; without it, one that could not begin. */
  drill: DrillReference.optional(),
  /** Of one that could not begin: whose backup was to be rehearsed, and why it was not. */
  environment: z.string().optional(),
  scheduled: z.boolean().default(false),
  reasons: z.array(z.string()).default([]),
});

export const Output = z.object({
  outcome: z.enum([...DrillOutcome.options, 'lost']),
  drill: DrillReference.optional(),
  /** Seconds from the beginning of the restore until GitLab answered; absent where it did not. */
  recoverySeconds: z.int().nonnegative().optional(),
  /** The first sentence of the message that people got. */
  message: z.string(),
  reasons: z.array(z.string()),
});
