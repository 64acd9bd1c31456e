import * as z from 'zod';
import { FailedExecutionEvent } from '../records/failed-execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = FailedExecutionEvent;

export const Output = z.object({
  /**
   * `released`: a backup, a restore or a drill was ended and its place freed. `silent`: whoever started it tells.
   * `carried-on`: another execution of the same machine undoes it, asks a person, or destroys what is left.
   */
  outcome: z.enum(['reported', 'silent', 'released', 'carried-on']),
  /** Of the message, or of the execution. */
  id: z.string(),
});
