import * as z from 'zod';
import { Execution } from '../records/execution.ts';
import { RolloutOrder } from '../records/rollout.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, order: RolloutOrder });

/**
 * `applied`: the API server accepted the image. `queued`: another rollout holds the target and will start this
 * order. `overtaken`: it was applied, and somebody has changed it since. The others: decided again under the lock, the
 * answer is no.
 */
export const Output = z.object({
  outcome: z.enum(['applied', 'queued', 'not-wanted', 'gone', 'overtaken']),
  code: z.string(),
  reasons: z.array(z.string()),
});
