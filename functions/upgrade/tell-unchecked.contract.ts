import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

/** A check that came to no report: what was asked for, however it was written, and the error that was caught. */
export const Input = z.object({
  execution: Execution,
  check: z
    .object({ cluster: z.string(), gate: z.boolean().default(false) })
    .catch({ cluster: '', gate: false }),
  failure: z.object({ Error: z.string(), Cause: z.string().default('') }),
});

export const Output = z.object({
  /** `refused`: there is no such cluster to check. */
  outcome: z.enum(['not-checked', 'refused']),
  cluster: z.string(),
  reason: z.string(),
});
