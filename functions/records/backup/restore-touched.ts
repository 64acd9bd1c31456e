import * as z from 'zod';
import { RestoreStep, ScalableKind } from './restore-plan.ts';
import { SecretFingerprint } from './secret-fingerprints.ts';
import { ObjectReference } from './set-parts.ts';

/**
 * What a restore did to which object of the cluster. It is written down before it is done, with how it was before:
 * whoever finds it later can set everything back, whether or not it was done.
 */

const About = <K extends z.ZodType<string>>(kind: K) => ({
  object: z.object({ kind, namespace: z.string(), name: z.string(), uid: z.string().optional() }),
  step: RestoreStep,
  /** When it was written down, before anything was done. */
  notedAt: z.iso.datetime(),
  doneAt: z.iso.datetime().optional(),
  /** When it was set back to what it was. */
  undoneAt: z.iso.datetime().optional(),
  /** Why it was not set back: somebody else had changed it meanwhile, or it is gone. */
  left: z.string().optional(),
});

const replicas = z.int().nonnegative();

export const TouchedObject = z.discriminatedUnion('deed', [
  z.object({ deed: z.literal('scaled'), ...About(ScalableKind), before: z.object({ replicas }) }),
  z.object({
    deed: z.literal('paused'),
    ...About(z.literal('ScaledObject')),
    /** Value of its annotation `autoscaling.keda.sh/paused`; absent: it had none. */
    before: z.object({ annotation: z.string().optional() }),
  }),
  z.object({
    deed: z.literal('suspended'),
    ...About(z.literal('CronJob')),
    before: z.object({ suspended: z.boolean() }),
  }),
  z.object({
    deed: z.literal('replaced'),
    ...About(z.literal('Secret')),
    /** What it is, the same in every environment. */
    id: z.string(),
    /** `saved`: where its content of before lies, encrypted; without it there was no such secret. */
    before: z.object({
      type: z.string().optional(),
      fingerprint: SecretFingerprint.optional(),
      saved: ObjectReference.optional(),
    }),
  }),
  z.object({ deed: z.literal('restarted'), ...About(ScalableKind) }),
]);
export type TouchedObject = z.output<typeof TouchedObject>;
type Deed = TouchedObject['deed'];
export type Touched<D extends Deed> = Extract<TouchedObject, { deed: D }>;
