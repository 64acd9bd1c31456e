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

/** `rolling-back`: the previous image is set again. `failed`: it is not, and the reasons say why. */
export const Output = z.object({
  outcome: z.enum(['rolling-back', 'failed', 'overtaken', 'gone']),
  code: z.string(),
  reasons: z.array(z.string()),
});
