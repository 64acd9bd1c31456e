import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  /** Answers the wait for an approval, so it goes into the message and nowhere else. */
  taskToken: z.string().min(1).max(2_048),
  approvalSeconds: z.int().positive(),
});

export const Output = z.object({ outcome: z.literal('asked') });
