import * as z from 'zod';
import { RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  /**
   * A run whose execution is gone, to be brought to rest: undone where nothing was destroyed, and otherwise held until
   * a person has chosen. Nothing else can be begun by it, so it takes no approval.
   */
  carryOn: RestoreReference.extend({
    /** The drill that it belongs to wants its place back: the record of that drill has to name this very execution. */
    giveBack: z.literal(true).optional(),
  }).optional(),
});

export const Output = z.object({
  /** Only `begun` has a run. */
  outcome: z.enum(['begun', 'refused']),
  restore: RestoreReference.optional(),
  reasons: z.array(z.string()),
});
