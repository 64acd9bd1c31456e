import * as z from 'zod';
import { PauseScope } from '../records/pause.ts';

export const Env = z.object({
  LEDGER_BUCKET: z.string().min(1),
  /** Absent at a site without the deployment capability. */
  SWEEP_MACHINE_ARN: z.string().min(1).optional(),
});

const Who = { by: z.string().min(1), why: z.string().min(1) };

/** What the person in the console reads when what they wrote is none of the three; each form can be copied. */
const FORMS =
  'write one of\n' +
  '  {"pause":"target/<name>","by":"<you>","why":"<why>"}, if you like with "until":"2026-12-24T18:00:00Z"\n' +
  '  {"resume":"target/<name>","by":"<you>","why":"<why>"}\n' +
  '  {"liftHold":{"target":"<name>"},"by":"<you>","why":"<why>"}, of one digest only with "digest":"sha256:..."\n' +
  'The scope of pause and resume is all, capability/<name>, environment/<name> or target/<name>.';

/** What a person writes in the console: `pause`, `resume` or `liftHold`, always with who and why. */
export const Input = z.union(
  [
    z.strictObject({
      pause: PauseScope,
      ...Who,
      /** When the pause ends by itself; without it, when somebody resumes. */
      until: z.iso
        .datetime({ offset: true, error: 'write a time such as "2026-12-24T18:00:00Z"' })
        .optional(),
    }),
    z.strictObject({ resume: PauseScope, ...Who }),
    z.strictObject({
      liftHold: z.strictObject({ target: z.string(), digest: z.string().optional() }),
      ...Who,
    }),
  ],
  { error: FORMS },
);

export const Output = z.object({
  outcome: z.enum(['paused', 'resumed', 'lifted']),
  /** Is there work that had been waiting for this? Then a sweep was started at once. */
  sweep: z.boolean(),
  message: z.string(),
});
