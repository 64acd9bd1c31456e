import * as z from 'zod';
import { DrillReference } from '../records/backup/drill.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  /** Machine `restore`, which restores into the place. */
  RESTORE_MACHINE_ARN: z.string().min(1),
});

export const Input = z.object({
  execution: Execution,
  drill: DrillReference,
  /** Looks that this execution has taken already. */
  looks: z.int().nonnegative().default(0),
});

export const Output = z.object({
  /**
   * `under-way`: look again after `waitSeconds`. `inspect`: whoever may read Helm releases has to look first. `ended`:
   * see the drill. `lost`: another execution carries it now.
   */
  outcome: z.enum(['under-way', 'inspect', 'ended', 'lost']),
  waitSeconds: z.int().min(1).max(900),
  /** What it does or waits for, for a person who looks at the execution. */
  message: z.string(),
  /** For the next call. */
  looks: z.int().positive(),
});
