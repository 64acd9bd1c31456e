import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { VerificationVerdict } from '../records/backup/verification.ts';
import { Execution } from '../records/execution.ts';

/** Made for a time limit of 15 minutes and 1,769 MB, which is one processor: it inflates dumps. */

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

/** What a person in the console reads who wrote something else. */
const FORM = 'write {"environment":"<environment>","id":"<id of the set>"}';

export const Input = z.object({
  execution: Execution,
  /** The policy stands in the manifest too; one that is given must be that one. */
  set: z.object({
    environment: z.string({ error: FORM }).min(1, FORM),
    policy: SetReference.shape.policy.optional(),
    id: SetReference.shape.id,
  }),
  /** Its parts beside the archive were looked at anew, or can not be. */
  looked: z.boolean().default(false),
  /** Lambdas that this execution has spent on it. At the last one whatever is still unread is not checked. */
  slices: z.int().nonnegative().default(0),
  /** What ended the reading, when it was tried again in vain: it becomes the verdict, and nothing is read. */
  failure: z.object({ Error: z.string(), Cause: z.string().default('') }).optional(),
});

export const Output = z.object({
  /**
   * `unfinished`: ask again at once. `look-first`: have set-marks look at the parts beside the archive again, since what
   * was seen of them is of the verification before. All others are the end, and stand in the manifest.
   */
  outcome: z.enum(['unfinished', 'look-first', ...VerificationVerdict.options]),
  set: SetReference,
  /** For the next call. */
  slices: z.int().positive(),
  /** A sentence: how far it is, or the worst of what was found. */
  message: z.string(),
  /** Reasons that speak against the set, notes left out; all of them lie under `record`. */
  found: z.int().nonnegative(),
  /** Ledger key of the whole verification, once there is one. */
  record: z.string().optional(),
});
