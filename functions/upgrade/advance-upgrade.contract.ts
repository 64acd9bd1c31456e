import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  /** Looks that this execution has had; one more than its history can bear is not taken. */
  polls: z.int().nonnegative(),
});

export const Output = z.object({
  /** `under-way`: look again after `waitSeconds`. All others are the end; `abandoned` is one that was told before. */
  outcome: z.enum(['under-way', 'upgraded', 'rolled-back', 'stopped', 'handed-over', 'abandoned']),
  waitSeconds: z.int().min(1).max(900),
  polls: z.int().positive(),
  /** What it waits for, for a person who looks at the execution. */
  message: z.string(),
  reasons: z.array(z.string()),
});
