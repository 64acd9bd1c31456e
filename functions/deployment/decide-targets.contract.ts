import * as z from 'zod';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1), TOPIC_ARN: z.string().min(1) });

export const Input = z.object({
  execution: Execution,
  image: z.string(),
  tag: z.string(),
  digest: z.string(),
  confirmedAt: z.iso.datetime(),
  source: z.string(),
  redeploy: z.boolean(),
});

export const Output = z.object({
  outcome: z.literal('decided'),
  /** How many targets are to get the image. */
  rollouts: z.int().nonnegative(),
  /** How many targets do not want it. */
  refused: z.int().nonnegative(),
  /** How many could not be asked; the next sweep asks them again. */
  notChecked: z.int().nonnegative(),
});
