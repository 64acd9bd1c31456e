import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  TOPIC_ARN: z.string().min(1),
  DEPLOYMENT_MACHINE_ARN: z.string().min(1),
  ROLLOUT_MACHINE_ARN: z.string().min(1),
});

export const Input = z.object({ execution: Execution });

export const Output = z.object({
  /** Deferred events tried again. */
  attempted: z.int().nonnegative(),
  /** Messages published that had not been. */
  published: z.int().nonnegative(),
  /** Rollouts ended whose execution had ended without them. */
  ended: z.int().nonnegative(),
  /** Locks freed whose owner had ended. */
  freed: z.int().nonnegative(),
});
