import * as z from 'zod';
import { Execution } from '../records/execution.ts';

/** Made for a time limit of 5 minutes; each call deletes a few sets, and the machine asks again. */

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

/** How far the night's deletions have come. */
const Cursor = z.object({
  /** Index of the environment, in the order of `environments`. */
  environment: z.int().nonnegative(),
  /** Index of the decision in its plan. */
  decision: z.int().nonnegative(),
  /** Times that the backup or the restore of this environment was waited for. */
  waits: z.int().nonnegative(),
  /** Calls of this night; after `MAX_DELETION_CALLS` the rest is left to the next one. */
  calls: z.int().nonnegative(),
});

export const Input = z.object({
  execution: Execution,
  /** Those whose plans this execution wrote. */
  environments: z.array(z.string()),
  from: Cursor.default({ environment: 0, decision: 0, waits: 0, calls: 0 }),
});

export const Output = z.object({
  /** `waiting`: a backup or a restore is at work there; ask again after `waitSeconds`. */
  outcome: z.enum(['done', 'unfinished', 'waiting']),
  from: Cursor,
  /** 0 unless it is waited for something. */
  waitSeconds: z.int().nonnegative(),
  /** Sets that this call deleted. */
  deleted: z.int().nonnegative(),
});
