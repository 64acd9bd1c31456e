import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, set: SetReference });

export const Output = z.object({
  /** `failed`: the set has no secrets by which it could be restored; the backup itself goes on. */
  outcome: z.enum(['exported', 'failed']),
  /** A sentence for a person; names of secrets, never values. */
  reason: z.string().optional(),
  /** Names of secrets without which the set can not be restored. */
  missing: z.array(z.string()),
  /** What else a person should know: what could not be read, and what changed since the last verified set. */
  warnings: z.array(z.string()),
});
