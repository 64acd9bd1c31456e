import * as z from 'zod';
import { FailedExecutionEvent } from '../records/failed-execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = FailedExecutionEvent;

export const Output = z.object({
  /**
   * `released`: a backup or a restore was ended and its place freed. `silent`: whoever started it tells. `carried-on`:
   * another execution of the machine `restore` undoes it, or asks a person.
   */
  outcome: z.enum(['reported', 'silent', 'released', 'carried-on']),
  /** Of the message, or of the execution. */
  id: z.string(),
});
