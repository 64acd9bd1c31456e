import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { RolloutOrder } from '../records/rollout.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  order: RolloutOrder,
  code: z.string(),
  reasons: z.array(z.string()),
});

/** `rolling-back`: the previous image is set again. `left`: it is not, and `reason` says why. */
export const Output = z.object({
  outcome: z.enum(['rolling-back', 'left']),
  code: z.string(),
  reason: z.string(),
});
