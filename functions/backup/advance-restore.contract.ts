import * as z from 'zod';
import { RestoreLook, RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  /** Machine `backup`, which makes the safety backup. */
  BACKUP_MACHINE_ARN: z.string().min(1),
});

export const Input = z.object({
  execution: Execution,
  restore: RestoreReference,
  /** Looks that this execution has taken already. */
  looks: z.int().nonnegative().default(0),
});

export const Output = RestoreLook.extend({
  /**
   * `under-way`: look again after `waitSeconds`. `secrets`: whoever may read and write Secrets has to look first;
   * `objects`: whoever may copy objects has; `native`: whoever may change databases and versions. `ask`: a person has to choose. `ended`: see the run. `lost`: another
   * execution carries it now.
   */
  outcome: z.enum(['under-way', 'secrets', 'objects', 'native', 'ask', 'ended', 'lost']),
  /** For the next call. */
  looks: z.int().positive(),
});
