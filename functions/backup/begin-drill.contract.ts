import * as z from 'zod';
import { DrillReference } from '../records/backup/drill.ts';
import { DrillRequest } from '../records/backup/drill-request.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, request: DrillRequest });

export const Output = z.object({
  /**
   * `begun`: there is a drill, or what an earlier one left is destroyed. `paused`: a person paused drills. `nothing`:
   * nothing is left to destroy. `refused`: it can not begin, for the reasons.
   */
  outcome: z.enum(['begun', 'paused', 'nothing', 'refused']),
  drill: DrillReference.optional(),
  /** A sentence for a person who looks at the execution. */
  message: z.string(),
  reasons: z.array(z.string()),
});
