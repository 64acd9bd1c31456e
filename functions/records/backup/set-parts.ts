import * as z from 'zod';
import { SecretFingerprints } from './secret-fingerprints.ts';
import { ArchiveDump, ArchiveObject, ArchivePart } from './verification.ts';

/** What a backup set is made of: an archive, or marks to which other services can go back. */

/** One object outside of the ledger. */
export const ObjectReference = z.object({
  bucket: z.string(),
  key: z.string(),
  /** None in a bucket without versions. */
  versionId: z.string().optional(),
});
export type ObjectReference = z.output<typeof ObjectReference>;

/** The moment for which the part holds: what was there then can be brought back. */
const takenAt = z.iso.datetime();

/** The archive of GitLab's own tool. Its contents are those of its last verification. */
const ArchiveBackup = z.object({
  kind: z.literal('archive'),
  takenAt,
  object: ArchiveObject,
  contents: z.array(ArchivePart).default([]),
  /** Those that were looked into; none of an archive that nobody has read yet. */
  dumps: z.array(ArchiveDump).optional(),
});

/** A point in time of RDS, and the snapshot that outlives its retention. Source: RDS API, DescribeDBInstances. */
const DatabaseMark = z.object({
  kind: z.literal('database'),
  takenAt,
  instance: z.string(),
  /**
   * `LatestRestorableTime` when the mark was set; RDS goes back to any second up to it. Absent where it keeps no backups by
   * itself.
   */
  latestRestorableTime: z.iso.datetime().optional(),
  snapshot: z.object({ arn: z.string(), createdAt: z.iso.datetime().optional() }).optional(),
  /** Gibibytes that RDS has allocated, as it counts them; what a snapshot really holds it does not tell. */
  allocatedGib: z.int().nonnegative().optional(),
});

/** A bucket whose versions lead back to a moment. Source: S3 API, GetBucketVersioning, GetBucketReplication. */
const BucketMark = z.object({
  kind: z.literal('bucket'),
  takenAt,
  /** `uploads`, `registry`: what of GitLab lies in it. */
  component: z.string(),
  bucket: z.string(),
  /** Versions that were there at this moment are what a restore takes. */
  at: z.iso.datetime(),
  versioning: z.enum(['enabled', 'suspended', 'off']),
  /** Days after which a version that was replaced is deleted; absent: never. */
  noncurrentDays: z.int().positive().optional(),
  replication: z.object({
    status: z.enum(['complete', 'behind', 'failed', 'none', 'unknown']),
    /** Bucket of the replica. */
    to: z.string().optional(),
    /** Metric `OperationsPendingReplication`. */
    pending: z.int().nonnegative().optional(),
  }),
});

/** A server-side backup of Gitaly: bundles and manifests under the set's id in a bucket of its own. */
const GitalyBackup = z.object({
  kind: z.literal('gitaly'),
  takenAt,
  /** The id under which Gitaly finds it. */
  id: z.string(),
  bucket: z.string(),
  projects: z.int().nonnegative().optional(),
  size: z.int().nonnegative().optional(),
});

/** A recovery point that AWS Backup made. Source: AWS Backup API, DescribeRecoveryPoint. */
const RecoveryPoint = z.object({
  kind: z.literal('recovery-point'),
  takenAt,
  arn: z.string(),
  vault: z.string(),
  /** ARN of what it is a copy of. */
  resource: z.string(),
  resourceType: z.string(),
  size: z.int().nonnegative().optional(),
  /** When the vault deletes it by itself. */
  deletedAfter: z.iso.datetime().optional(),
  lockedUntil: z.iso.datetime().optional(),
});

export const BackupPart = z.discriminatedUnion('kind', [
  ArchiveBackup,
  DatabaseMark,
  BucketMark,
  GitalyBackup,
  RecoveryPoint,
]);
export type BackupPart = z.output<typeof BackupPart>;

/** The secrets of a set: an object under another key in another bucket than the archive, and what tells them apart. */
export const BackupSecrets = z.object({
  object: ObjectReference,
  kmsKey: z.string(),
  fingerprints: SecretFingerprints,
  /**
   * The values of the Helm release, which also name the secrets that people made. `left-out`: as drydock.yaml says.
   * `unreadable`: nobody could read them, so that such secrets are not among these.
   */
  values: z.enum(['saved', 'left-out', 'unreadable']).optional(),
});
export type BackupSecrets = z.output<typeof BackupSecrets>;

/** A copy of the archive in another region. `differs`: another checksum than the archive has. */
export const BackupCopy = z.object({
  region: z.string(),
  bucket: z.string(),
  state: z.enum(['copying', 'verified', 'differs', 'not-checked', 'failed']),
  startedAt: z.iso.datetime(),
  verifiedAt: z.iso.datetime().optional(),
  object: ArchiveObject.optional(),
  /** Why it is neither being copied nor verified. */
  reason: z.string().optional(),
});
export type BackupCopy = z.output<typeof BackupCopy>;
