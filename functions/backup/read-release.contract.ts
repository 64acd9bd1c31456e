import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, set: SetReference });

export const Output = z.object({
  /** `unknown`: a backup is tried all the same, and what decides by the values is not checked. */
  outcome: z.enum(['read', 'unknown']),
  /** A sentence: which release was read, or why none was. */
  message: z.string(),
});
