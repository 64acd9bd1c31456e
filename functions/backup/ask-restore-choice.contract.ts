import * as z from 'zod';
import { RestoreReference } from '../records/backup/restore.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  restore: RestoreReference,
  /** Answers the wait for a choice, so it goes into the message and nowhere else. */
  taskToken: z.string().min(1).max(2_048),
  /** Why the last answer was none. */
  refused: z.array(z.string()).max(5).default([]),
});

export const Output = z.object({ outcome: z.literal('asked') });
