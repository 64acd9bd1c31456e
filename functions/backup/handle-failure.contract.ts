import * as z from 'zod';
import { FailedExecutionEvent } from '../records/failed-execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = FailedExecutionEvent;

export const Output = z.object({
  /** `released`: a backup was ended and its environment freed. `silent`: whoever started it tells. */
  outcome: z.enum(['reported', 'silent', 'released']),
  /** Of the message, or of the execution. */
  id: z.string(),
});
