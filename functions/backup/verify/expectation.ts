import * as z from 'zod';
import { ArchiveDump, ArchiveObject, ArchivePart } from '../../records/backup/verification.ts';
import { Part } from './parts.ts';

/**
 * Compressed bytes of a database dump that is read to its end. Inflating keeps up with about 40 MB a second on a
 * Lambda of 1,769 MB (one CPU), so 4 GiB take under two minutes of its fifteen; and a GitLab of some thousand users
 * dumps to less.
 */
export const DUMP_READ_LIMIT = 4 * 1024 ** 3;

/** What lies in the bucket of a part, or among the projects: asked of S3 and GitLab, not of the archive. */
export const SourceState = z.enum(['empty', 'holds-objects', 'unknown']);
export type SourceState = z.output<typeof SourceState>;

/** What is known of the archives of the same policy before this one. */
export const EarlierArchive = z.object({
  size: z.int().nonnegative(),
  parts: z.array(ArchivePart),
  /** Its database dumps; none where they were not kept. */
  dumps: z.array(ArchiveDump).optional(),
});
export type EarlierArchive = z.output<typeof EarlierArchive>;

/** What must be so, from outside of the archive. Everything that is left out is not known, and never counts as fine. */
export const Expectation = z.object({
  /** What the backup was asked to skip, by names of parts. */
  skipped: z.array(z.string()).default([]),
  /** Version and edition that run: `18.10.0-ee`. */
  gitlabVersion: z.string().optional(),
  /** When the backup began; an object from before is not its. */
  startedAt: z.iso.datetime().optional(),
  /** The last ones of the same policy, whatever their verdict; none at all for the first. */
  earlier: z.array(EarlierArchive).optional(),
  /** Whether there is anything to back up. */
  sources: z.partialRecord(Part, SourceState).default({}),
  /** Projects that have a repository that is not empty, at least. */
  projects: z.int().nonnegative().optional(),
  /** The backup was told to leave the repositories in Gitaly's own bucket. */
  repositoriesServerSide: z.boolean().default(false),
  /** Databases with a dump of their own: `main`, and of a decomposed GitLab `ci`, `sec`. */
  databases: z.array(z.string()).default(['main']),
  /** What S3 said of the same version of the object before. */
  checksum: ArchiveObject.shape.checksum,
  dumpReadLimit: z.int().nonnegative().default(DUMP_READ_LIMIT),
  /** A dump above the limit is accepted without being read: the policy says so, since its drills prove it. */
  acceptUnreadDumps: z.boolean().default(false),
});
export type Expectation = z.output<typeof Expectation>;
/** As it is written: what has a default may be left out. */
export type ExpectationInput = z.input<typeof Expectation>;
