import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  set: SetReference,
  /** How often this execution has asked for its turn before the Job. */
  asks: z.int().nonnegative().default(0),
});

export const Output = z.object({
  /**
   * `waiting`: somebody took the environment while marks were set. `not-needed`: a native set without repositories has
   * no Job. `overlapped`: that somebody had it for too long. `paused`, `refused`: nothing was started, and the set has
   * failed.
   */
  outcome: z.enum(['started', 'not-needed', 'waiting', 'overlapped', 'paused', 'refused']),
  waitSeconds: z.int().positive(),
  /** For the next call. */
  asks: z.int().positive(),
  /** `namespace/name`. */
  job: z.string().optional(),
  reasons: z.array(z.string()),
  /** What does not stop this run and has to be mended. */
  warnings: z.array(z.string()),
});
