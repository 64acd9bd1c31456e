import * as z from 'zod';
import { PauseScope } from '../records/pause.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

const Who = { by: z.string().min(1), why: z.string().min(1) };

/** What a person writes in the console: `pause`, `resume` or `liftHold`, always with who and why. */
export const Input = z.union([
  z.strictObject({
    pause: PauseScope,
    ...Who,
    /** When the pause ends by itself; without it, when somebody resumes. */
    until: z.iso.datetime({ offset: true }).optional(),
  }),
  z.strictObject({ resume: PauseScope, ...Who }),
  z.strictObject({
    liftHold: z.strictObject({ target: z.string(), digest: z.string().optional() }),
    ...Who,
  }),
]);

export const Output = z.object({
  outcome: z.enum(['paused', 'resumed', 'lifted']),
  /** Is there work that had been waiting for this? Then a sweep follows at once. */
  sweep: z.boolean(),
  message: z.string(),
});
