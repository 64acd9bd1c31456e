import * as z from 'zod';

/** What was found when a backup's content was read: evidence, and a verdict with every reason. */

/**
 * `verified`: every header was read, and everything that must be there is there; what lies in bundles was not read. `incomplete`: whole as a file, and
 * something is missing in it. `corrupt`: cut or damaged. `not-checked`: something could not be looked at; never green.
 */
export const VerificationVerdict = z.enum(['verified', 'incomplete', 'corrupt', 'not-checked']);
export type VerificationVerdict = z.output<typeof VerificationVerdict>;

/** The one version of one object that was read, as S3 describes it. */
export const ArchiveObject = z.object({
  bucket: z.string(),
  key: z.string(),
  /** None in a bucket without versions. */
  versionId: z.string().optional(),
  etag: z.string(),
  /** Bytes; archives have terabytes, so never in 32 bits. */
  size: z.int().nonnegative(),
  lastModified: z.iso.datetime(),
  storageClass: z.string().optional(),
  kmsKey: z.string().optional(),
  /** As S3 computed it over the whole object, or over the checksums of its parts. */
  checksum: z
    .object({ algorithm: z.string(), value: z.string(), type: z.enum(['full-object', 'composite']) })
    .optional(),
  /** Object lock. */
  lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE']).optional(),
  lockedUntil: z.iso.datetime().optional(),
});
export type ArchiveObject = z.output<typeof ArchiveObject>;

/** One thing that speaks against a backup, or that could not be looked at; a `note` counts for nothing. */
export const VerificationReason = z.object({
  /** `skipped-unasked`, `part-missing`, `no-end-marker`, ... the same for ever, for whoever filters by it. */
  code: z.string(),
  result: z.enum(['corrupt', 'incomplete', 'not-checked', 'note']),
  /** What it is about: `uploads.tar.gz`, `the archive`. */
  subject: z.string(),
  message: z.string(),
  /** What to do, in a sentence. */
  remedy: z.string().optional(),
});
export type VerificationReason = z.output<typeof VerificationReason>;

/** What lies under one first name of the archive: `db`, `repositories`, `uploads.tar.gz`. */
export const ArchivePart = z.object({
  part: z.string(),
  members: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
});
export type ArchivePart = z.output<typeof ArchivePart>;

/** Projects as the dump of the main database tells them. */
export const ProjectCount = z.object({
  all: z.int().nonnegative(),
  /** Those that were being deleted. */
  leaving: z.int().nonnegative(),
  /** Those with a commit on their default branch, so that their repository is not empty; of them some may be leaving. */
  withCommits: z.int().nonnegative(),
});
export type ProjectCount = z.output<typeof ProjectCount>;

/** A database dump in the archive. */
export const ArchiveDump = z.object({
  /** `db/database.sql.gz`, `db/ci_database.sql.gz`. */
  name: z.string(),
  /** Bytes, compressed. */
  size: z.int().nonnegative(),
  /** Of one that was read to its end. */
  tables: z.int().nonnegative().optional(),
  /** Of the main one that was read to its end. */
  projects: ProjectCount.optional(),
  /** Other databases that hold tables of which it has the hull alone; of the main one that was read to its end. */
  elsewhere: z.array(z.string()).optional(),
});
export type ArchiveDump = z.output<typeof ArchiveDump>;

/** `backup_information.yml` as GitLab's backup tool writes it, its Ruby symbols without their colons. */
export const BackupInformation = z.object({
  gitlabVersion: z.string().optional(),
  createdAt: z.iso.datetime().optional(),
  /** `gitlab-helm-chart` for the toolbox of the chart; objects are restored from those archives only. */
  installationType: z.string().optional(),
  databaseVersion: z.string().optional(),
  tarVersion: z.string().optional(),
  skipped: z.array(z.string()),
  storages: z.array(z.string()),
  /** Repositories lie in Gitaly's own bucket, under the backup's id. */
  repositoriesServerSide: z.boolean(),
  /** Only repositories of some storages or paths were to be backed up, or some were to be left out. */
  onlySomeRepositories: z.literal(true).optional(),
  fullBackupId: z.string().optional(),
});
export type BackupInformation = z.output<typeof BackupInformation>;

export const Verification = z.object({
  version: z.literal(1),
  archive: ArchiveObject,
  verdict: VerificationVerdict,
  /** Worst first. */
  reasons: z.array(VerificationReason),
  information: BackupInformation.optional(),
  parts: z.array(ArchivePart),
  dumps: z.array(ArchiveDump).default([]),
  /** Repositories of projects that were found, and where they lie; left out where nobody looked, or could. */
  repositories: z
    .object({ projects: z.int().nonnegative(), where: z.enum(['archive', 'gitaly']) })
    .optional(),
  members: z.int().nonnegative(),
  /** What it took to find out. */
  reads: z.object({ requests: z.int().nonnegative(), bytes: z.int().nonnegative() }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
});
export type Verification = z.output<typeof Verification>;
