import * as z from 'zod';
import { RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, restore: RestoreReference });

export const Output = z.object({
  /**
   * `looked`: what was seen, or how far it came, is left for the next look. `idle`: there is nothing to do here, or nobody
   * may. `lost`: another execution carries the restore now.
   */
  outcome: z.enum(['looked', 'idle', 'lost']),
  /** A sentence. */
  message: z.string(),
});
