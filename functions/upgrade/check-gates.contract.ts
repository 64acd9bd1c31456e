import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { GateOutcome } from '../records/upgrade/plan.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution });

export const Output = z.object({
  outcome: z.enum(['passed', 'refused']),
  gates: z.array(GateOutcome),
  /** Of the gates that are shut. */
  reasons: z.array(z.string()),
});
