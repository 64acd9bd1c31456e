import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, set: SetReference });

export const Output = z.object({
  /** `waiting`: a snapshot is being made, or a bucket is still being counted. */
  outcome: z.enum(['waiting', 'done']),
  /** Until it is worth asking again; 0 when done. */
  waitSeconds: z.int().nonnegative(),
  /** A sentence: what is waited for, or what was marked and what was not. */
  message: z.string(),
});
