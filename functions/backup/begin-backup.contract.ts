import * as z from 'zod';
import { SetReference } from '../records/backup/run.ts';
import { BackupKind } from '../records/backup/set.ts';
import { Execution } from '../records/execution.ts';

export const Env = z.object({ LEDGER_BUCKET: z.string().min(1) });

/** What a person in the console reads who wrote something else. */
const FORM =
  'write {"environment":"<environment>","policy":"<policy>"}; without "policy" when there is one only';

export const Input = z.object({
  execution: Execution,
  request: z.strictObject(
    {
      environment: z.string({ error: FORM }).min(1, FORM),
      policy: z.string({ error: FORM }).min(1, FORM).optional(),
    },
    // What is one word too many is named by its name.
    { error: ({ code }) => (code === 'invalid_type' ? FORM : undefined) },
  ),
  /** How often this execution has asked for its turn already. */
  asks: z.int().nonnegative().default(0),
});

export const Output = z.object({
  /**
   * `waiting`: another run has the environment. `overlapped`: it had it for too long. `refused`: no backup can be named
   * or made of what is in the cluster. `unknown`: drydock.yaml has no such environment or policy. Only `begun` has a set.
   */
  outcome: z.enum(['begun', 'waiting', 'overlapped', 'paused', 'refused', 'unknown']),
  /** Until it is worth asking again. */
  waitSeconds: z.int().positive(),
  /** For the next call. */
  asks: z.int().positive(),
  set: SetReference.optional(),
  kind: BackupKind.optional(),
  /** Why it was not begun, for a person. */
  reasons: z.array(z.string()),
});
