import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  set: SetReference,
  /**
   * `before-job`: marks of the database, of buckets and of AWS Backup. `after-job`: what Gitaly wrote by itself when the
   * Job asked it to, which is counted once the Job has come to its end. A set has the second only where Gitaly backs up
   * by itself; asked of another it is done at once.
   */
  stage: z.enum(['before-job', 'after-job']).default('before-job'),
});

export const Output = z.object({
  /** `waiting`: a snapshot is being made, or a bucket is still being counted. */
  outcome: z.enum(['waiting', 'done']),
  /** Until it is worth asking again; 0 when done. */
  waitSeconds: z.int().nonnegative(),
  /** A sentence: what is waited for, or what was marked and what was not. */
  message: z.string(),
});
