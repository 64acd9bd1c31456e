import * as z from 'zod';
import { DrillReference } from '../records/backup/drill.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, drill: DrillReference });

export const Output = z.object({
  /** `lost`: another execution carries the drill now. */
  outcome: z.enum(['inspected', 'lost']),
  /** A sentence: what was read, or why something was not. */
  message: z.string(),
});
