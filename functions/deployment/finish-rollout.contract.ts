import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { RolloutOrder, RolloutOutcome } from '../records/rollout.ts';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  TOPIC_ARN: z.string().min(1),
  ROLLOUT_MACHINE_ARN: z.string().min(1),
});

export const Input = z.object({
  execution: Execution,
  order: RolloutOrder,
  outcome: RolloutOutcome,
  reasons: z.array(z.string()),
});

export const Output = z.object({
  outcome: RolloutOutcome,
  /** Name of the execution that carries the order that was waiting, when one was. */
  started: z.string().optional(),
});
