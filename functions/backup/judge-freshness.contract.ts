import * as z from 'zod';

/** Made for a time limit of 2 minutes; started by a schedule, every `FRESHNESS_PERIOD_SECONDS`. */

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

/** It looks at every environment and policy of the site, whatever it is started with. */
export const Input = z.object({});

export const Output = z.object({
  /** Policies, and environments as a whole. */
  judged: z.int().nonnegative(),
  /** Of those, how many are late, never were, or can not be told. */
  alarming: z.int().nonnegative(),
  /** Changes that people were told of. */
  told: z.int().nonnegative(),
});
