import * as z from 'zod';
import { ProjectCount } from '../../records/backup/verification.ts';

/** What was seen of one file within the archive: a database dump, or the content of a bucket. */

/**
 * `complete`: a dump, read to its end marker. `plausible`: the content of a bucket, whose first and last bytes are those
 * of a whole gzip file of a tar archive; small ones were inflated. `empty`: no table, no file. `unfinished`: a dump that
 * is whole as a file and lacks its end marker. `not-read`: a dump above the limit, its first and last bytes right.
 */
export const InnerState = z.enum([
  'complete',
  'plausible',
  'empty',
  'unfinished',
  'damaged',
  'no-gzip',
  'other-compression',
  'not-read',
]);
export type InnerState = z.output<typeof InnerState>;

export const InnerEvidence = z.object({
  name: z.string(),
  /** Bytes, compressed. */
  size: z.int().nonnegative(),
  /** Where it begins in the archive: a name may come twice. */
  start: z.int().nonnegative(),
  state: InnerState,
  /** What was wrong, or why it was not read. */
  detail: z.string().optional(),
  /** Of a dump that was read. */
  tables: z.int().nonnegative().optional(),
  /** Of the dump of the main database, read to its end. */
  projects: ProjectCount.optional(),
  /** Databases that hold what of this dump is only a hull. */
  elsewhere: z.array(z.string()).optional(),
  /** Of what was inflated. */
  inflated: z.int().nonnegative().optional(),
});
export type InnerEvidence = z.output<typeof InnerEvidence>;
