import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

/** Made for a time limit of 15 minutes and 512 MB: S3 copies, this waits. */

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  set: SetReference,
  /** Lambdas that this execution has spent on it; at the last one what is not copied has failed. */
  slices: z.int().nonnegative().default(0),
  /** What ended the copying, when it was tried again in vain: it becomes the result, and nothing is copied. */
  failure: z.object({ Error: z.string(), Cause: z.string().default('') }).optional(),
});

export const Output = z.object({
  /**
   * `unfinished`: ask again at once. `none`: there is nothing to copy, or nowhere to copy it to, and the message says
   * which. All others are the end, and stand in the manifest; none of them changes the verdict on the set.
   */
  outcome: z.enum(['unfinished', 'none', 'verified', 'differs', 'not-checked', 'failed']),
  /** For the next call. */
  slices: z.int().positive(),
  /** A sentence: how far it is, or how it ended. */
  message: z.string(),
});
