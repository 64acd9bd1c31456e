import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  set: SetReference,
  /**
   * `before-job`: marks of the database, of buckets and of AWS Backup. `after-job`: what Gitaly wrote by itself when the
   * Job asked it to, and for an archive the buckets that it leaves out, at a moment that its database knows nothing
   * beyond. `again`: looks at every part of a finished set anew, before it is verified once more.
   */
  stage: z.enum(['before-job', 'after-job', 'again']).default('before-job'),
});

export const Output = z.object({
  /** `waiting`: a snapshot is being made, or a bucket is still being counted. */
  outcome: z.enum(['waiting', 'done']),
  /** Until it is worth asking again; 0 when done. */
  waitSeconds: z.int().nonnegative(),
  /** A sentence: what is waited for, or what was marked and what was not. */
  message: z.string(),
});
