import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  set: SetReference,
  /** Looks that this execution has taken at the Job already. */
  looks: z.int().nonnegative().default(0),
});

export const Output = z.object({
  /** `waiting`: its pod does not run yet. `succeeded`: the tool ended with 0, which proves nothing of the archive. */
  outcome: z.enum(['waiting', 'running', 'succeeded', 'failed']),
  /** Until the next look. */
  waitSeconds: z.int().positive(),
  /** For the next call. */
  looks: z.int().positive(),
  /** A sentence: how it stands, or why it failed and what to do. */
  message: z.string(),
});
