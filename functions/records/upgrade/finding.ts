import * as z from 'zod';
import { KubernetesMinor } from '../kubernetes-version.ts';

/** One thing that a check found. `not-checked` is its own result and never shows green. */

export const FindingResult = z.enum(['block', 'warn', 'not-checked']);
export type FindingResult = z.output<typeof FindingResult>;

/** What to do: a sentence, and the exact command or the page where there is one. */
export const Remedy = z.object({
  text: z.string(),
  command: z.string().optional(),
  link: z.string().optional(),
});
export type Remedy = z.output<typeof Remedy>;

export const Finding = z.object({
  /** The same in every report as long as it is the same check about the same subject. */
  id: z.string(),
  /** Code of the check. */
  check: z.string(),
  title: z.string(),
  result: FindingResult,
  /** What it is about: `Deployment shop/web`, `add-on vpc-cni`, `node group blue`, `cluster`. */
  subject: z.string(),
  /** The step of the way at which it bites first. */
  step: KubernetesMinor,
  message: z.string(),
  remedy: Remedy,
  /** How we know, a line each. */
  evidence: z.array(z.string()),
  /** The right that is missing, of `not-checked`. */
  permission: z.string().optional(),
  /** Set by a person in drydock.yaml; it is shown and does not count. */
  ignored: z.object({ reason: z.string(), expires: z.iso.date() }).optional(),
});
export type Finding = z.output<typeof Finding>;
