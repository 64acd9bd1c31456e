import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { Execution } from '../records/execution.ts';

/** Made for a time limit of 15 minutes and 1,024 MB: it reads every manifest of the site. */

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

/** What a person in the console reads who wrote something else. */
const FORMS =
  'write one of\n' +
  '  {}, for every environment that is backed up\n' +
  '  {"environment":"<environment>"}, for one\n' +
  'Each with "dryRun":true deletes nothing, and writes down what would be deleted.';

const Request = z.strictObject(
  {
    environment: z.string({ error: FORMS }).min(1, FORMS).optional(),
    dryRun: z.boolean({ error: FORMS }).default(false),
  },
  { error: FORMS },
);

export const Input = z.object({
  execution: Execution,
  request: Request,
  /** Index of the first due set that was not given yet; everything but the first page is read from the plans. */
  from: z.int().nonnegative().default(0),
});

export const Output = z.object({
  environments: z.array(z.string()),
  /** Sets to be verified again, those first that were read longest ago; as many as a payload and a Map hold. */
  sets: z.array(
    z.object({
      /** Name of the `backup-verification` execution: the same when planned again. */
      name: z.string(),
      set: SetReference,
    }),
  ),
  /** `more`: ask again with `from`. */
  outcome: z.enum(['all', 'more']),
  from: z.int().nonnegative(),
  /** Sets that are due tonight, over all pages. */
  due: z.int().nonnegative(),
});
