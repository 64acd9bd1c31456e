import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { RolloutOrder } from '../records/rollout.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, order: RolloutOrder });

export const Output = z.object({
  outcome: z.enum(['kept', 'none']),
  /** Ledger key of the kept lines. */
  key: z.string().optional(),
});
