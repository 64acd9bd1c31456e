import * as z from 'zod';
import { RestoreRequest } from '../records/backup/restore-request.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({ execution: Execution, request: RestoreRequest });

export const Output = z.object({
  /** `refused`: there is no such environment, place or set; the reasons name those there are. */
  outcome: z.enum(['inspected', 'refused']),
  /** A sentence: what was read, or why something was not. */
  message: z.string(),
  reasons: z.array(z.string()),
});
