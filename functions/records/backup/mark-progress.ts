import * as z from 'zod';

/**
 * How far a run came with what of a set is no archive: marks that are being set, and whatever speaks against a part or
 * could not be learned of it. The parts themselves stand in the manifest.
 */

export const PartProblemCode = z.enum([
  'database-missing',
  'database-unknown',
  'restorable-time-none',
  'restorable-time-old',
  'snapshot-failed',
  'snapshot-unfinished',
  'snapshot-gone',
  'release-unknown',
  'bucket-unnamed',
  'bucket-missing',
  'bucket-unknown',
  'gitaly-unnamed',
  'gitaly-unknown',
  'gitaly-unfinished',
  'recovery-point-missing',
  'recovery-point-unknown',
]);
export type PartProblemCode = z.output<typeof PartProblemCode>;

export const PartProblem = z.object({
  code: PartProblemCode,
  /** As functions/backup/marks/subjects.ts names parts: `the database`, `the bucket of uploads`. */
  subject: z.string(),
  /** One or two sentences. */
  message: z.string(),
});
export type PartProblem = z.output<typeof PartProblem>;

export const MarkProgress = z.object({
  version: z.literal(1),
  /** When the first look of this stage began. */
  startedAt: z.iso.datetime(),
  /** `before-job`, `after-job`, `again`. */
  stage: z.string(),
  /** Name of the execution that looked. */
  execution: z.string().default(''),
  /** When nothing was left to do in this stage; absent while something is. */
  endedAt: z.iso.datetime().optional(),
  /** A snapshot that is being made. */
  snapshot: z.object({ id: z.string(), arn: z.string(), percent: z.number() }).optional(),
  /** A list of Gitaly's bucket that is being read. */
  gitaly: z
    .object({
      /** The last key that was counted. */
      after: z.string().optional(),
      projects: z.int().nonnegative(),
      besides: z.int().nonnegative(),
    })
    .optional(),
  /** Since when somebody does not answer. */
  silentSince: z.iso.datetime().optional(),
  /** Components that are switched off: nothing of them is missing. Absent: nobody knows. */
  off: z.array(z.string()).optional(),
  /** Of all stages so far. */
  problems: z.array(PartProblem),
});
export type MarkProgress = z.output<typeof MarkProgress>;

export const markProgressKind = { name: 'marks of a backup', schema: MarkProgress };
