import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { RolloutOrder, RolloutOutcome } from '../records/rollout.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  order: RolloutOrder,
  /** Which image is being watched: the one of the order, or the previous one on its way back. */
  phase: z.enum(['rollout', 'rollback']),
});

export const Output = z.object({
  /** `progressing`: look again. All others end the watch. */
  outcome: z.enum(['progressing', ...RolloutOutcome.options]),
  code: z.string(),
  reasons: z.array(z.string()),
});
