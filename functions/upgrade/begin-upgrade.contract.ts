import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { GateOutcome } from '../records/upgrade/plan.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({ execution: Execution });

export const Output = z.object({
  outcome: z.enum(['begun', 'refused']),
  gates: z.array(GateOutcome),
  reasons: z.array(z.string()),
});
