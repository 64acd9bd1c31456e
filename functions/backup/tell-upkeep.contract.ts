import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  /** Those whose plans this execution wrote. */
  environments: z.array(z.string()),
});

export const Output = z.object({
  environments: z.array(
    z.object({
      environment: z.string(),
      /** Sets that were read tonight. */
      verified: z.int().nonnegative(),
      /** Sets that counted before this night and do not any more. */
      lost: z.int().nonnegative(),
      deleted: z.int().nonnegative(),
      /** Sets that only a dry run, or the first days of a policy, keep. */
      wouldDelete: z.int().nonnegative(),
      /** Ids of the notices that were sent. */
      notices: z.array(z.string()),
    }),
  ),
});
