import * as z from 'zod';
import { RestoreRequest } from '../records/backup/restore-request.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, request: RestoreRequest });

export const Output = z.object({
  /** `waiting`: its pod has not ended. `done`: what it saw, or why it saw nothing, is written down. */
  outcome: z.enum(['waiting', 'done']),
  /** Until it is worth asking again; 0 when done. */
  waitSeconds: z.int().nonnegative(),
  /** A sentence: what is waited for, or what was seen. */
  message: z.string(),
});
