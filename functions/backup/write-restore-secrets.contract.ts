import * as z from 'zod';
import { RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, restore: RestoreReference });

export const Output = z.object({
  /** `looked`: there was nothing to write. `lost`: another execution carries the restore now; nothing was written. */
  outcome: z.enum(['looked', 'written', 'lost']),
  /** A sentence with the names of the Secrets, and no value. */
  message: z.string(),
});
