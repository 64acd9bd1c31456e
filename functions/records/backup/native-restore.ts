import * as z from 'zod';
import { BUCKET_COMPONENTS } from './components.ts';

/** What a restore of a native set takes back: each part where it lies, by the service that keeps it. */

/**
 * Where the database comes from. A snapshot stays until somebody deletes it; a point in time goes with the retention of RDS,
 * and serves a set whose snapshot is gone.
 */
const DatabaseSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), arn: z.string() }),
  z.object({ kind: z.literal('time'), at: z.iso.datetime() }),
]);

export const NativeDatabase = z.object({
  /** Identifier by which GitLab knows it, and goes on to. */
  instance: z.string(),
  source: DatabaseSource,
  /** The one that the backup is of, where that is another. */
  origin: z.string().optional(),
  /** The new instance until it takes that identifier over. */
  interim: z.string(),
  /** The instance of before, from then on. Nothing of ours deletes it. */
  kept: z.string(),
});
export type NativeDatabase = z.output<typeof NativeDatabase>;

export const NativeRestore = z.object({
  /** Absent: the set leaves the database out. */
  database: NativeDatabase.optional(),
  /**
   * Every key goes back to the version that was current at this moment, or that version is copied into the bucket of
   * another place.
   */
  buckets: z.array(
    z.object({
      component: z.enum(BUCKET_COMPONENTS),
      bucket: z.string(),
      at: z.iso.datetime(),
      into: z.string().optional(),
    }),
  ),
  /** Absent: the set leaves the repositories out. `id`: under which Gitaly keeps them. */
  repositories: z.object({ id: z.string(), bucket: z.string() }).optional(),
});
export type NativeRestore = z.output<typeof NativeRestore>;
