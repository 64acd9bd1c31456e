import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  ROLLOUT_MACHINE_ARN: z.string().min(1),
});

export const Input = z.object({
  execution: Execution,
  /** Index of the first order of the plan that is not started yet. */
  from: z.int().nonnegative(),
});

export const Output = z.object({
  outcome: z.enum(['started', 'more']),
  /** Index to go on from. */
  from: z.int().nonnegative(),
});
