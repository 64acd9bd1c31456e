import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { GateOutcome, RunOutcome } from '../records/upgrade/plan.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  outcome: RunOutcome,
  reasons: z.array(z.string()),
  gates: z.array(GateOutcome).default([]),
});

export const Output = z.object({
  outcome: RunOutcome,
  cluster: z.string().optional(),
  /** Hash of the plan. */
  plan: z.string().optional(),
  reasons: z.array(z.string()),
});
