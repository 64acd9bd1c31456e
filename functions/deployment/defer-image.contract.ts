import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { ImageEvent } from '../records/image-event.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  event: ImageEvent,
  /** What Step Functions caught when the retries were used up. */
  error: z.object({ Error: z.string(), Cause: z.string().default('') }),
});

export const Output = z.object({
  outcome: z.enum(['deferred', 'ignored']),
  reason: z.string(),
  nextAttemptAt: z.iso.datetime().optional(),
});
