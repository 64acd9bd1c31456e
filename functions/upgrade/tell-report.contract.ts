import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  check: z.object({
    cluster: z.string(),
    report: z.object({ key: z.string() }),
    /** A pipeline asks; it gets the outcome, and nobody is told. */
    gate: z.boolean().default(false),
  }),
});

export const Output = z.object({
  outcome: z.enum(['told', 'nothing-new', 'for-a-pipeline']),
  /** Id of the notice that was sent. */
  notice: z.string().optional(),
  /** Number of the GitLab issue that was brought up to date, or why it could not be. */
  issue: z.int().optional(),
  issueProblem: z.string().optional(),
});
