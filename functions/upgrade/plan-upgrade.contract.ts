import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { UpgradeRequest } from '../records/upgrade/request.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, request: UpgradeRequest });

export const Output = z.object({
  /** `planned`: it was a dry run, and this is its end. `proceed`: the gates are next. */
  outcome: z.enum(['planned', 'proceed', 'refused', 'nothing-to-do']),
  cluster: z.string(),
  /** Who carries it out. */
  owner: z.enum(['external', 'drydock']).optional(),
  /** Seconds that its approval is waited for. */
  approvalSeconds: z.int().positive().optional(),
  plan: z.object({ id: z.string(), key: z.string() }).optional(),
  /** The plan in words, a line a step. */
  text: z.array(z.string()),
  reasons: z.array(z.string()),
});
