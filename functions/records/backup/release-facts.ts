import * as z from 'zod';
import { ARCHIVE_COMPONENTS, BUCKET_COMPONENTS } from './components.ts';

/**
 * What the Helm release of a GitLab says of its backup, as it was deployed when a run began. Read by whoever may read
 * Secrets, for those who may not: names, numbers and findings, and never a value that may be a secret.
 */

const ComponentFact = z.object({
  component: z.enum(BUCKET_COMPONENTS),
  /** Is it switched on? One that is off has no objects, and its bucket may not exist. */
  on: z.boolean(),
  /** Absent: the values name none. */
  bucket: z.string().optional(),
  /** Where its name stands in the values. */
  path: z.string(),
});
export type ComponentFact = z.output<typeof ComponentFact>;

/** How GitLab reaches its buckets. Absent: it stands in a Secret that could not be read. */
const StoreFact = z.object({
  /** `AWS`; other clouds and MinIO are out of reach for the rights of AWS. */
  provider: z.string().optional(),
  region: z.string().optional(),
  /** Host and port of another S3; absent: that of the region. */
  endpoint: z.string().optional(),
  /** `keys`: of a user of IAM, whose rights nobody sees here. */
  credentials: z.enum(['role', 'keys']).optional(),
});

const DatabaseFact = z.object({
  /** `main`; of a decomposed GitLab `ci` and `sec` too, when they have a database of their own. */
  name: z.enum(['main', 'ci', 'sec']),
  /** Absent: the chart's own server, or that of `main`. */
  host: z.string().optional(),
  /** Name of the database: `gitlabhq_production`. */
  database: z.string().optional(),
});

/** One finding of the values linter. Messages name paths, never values that may be secret. */
const ReleaseFinding = z.object({
  code: z.string(),
  severity: z.enum(['trap', 'risk', 'not-checked', 'note']),
  path: z.string(),
  message: z.string(),
  remedy: z.string(),
});

const ReadRelease = z.object({
  state: z.literal('read'),
  version: z.literal(1),
  readAt: z.iso.datetime(),
  release: z.string(),
  namespace: z.string(),
  revision: z.int().positive(),
  /** As Helm calls it: `deployed`, `pending-upgrade`, `failed`. */
  status: z.string(),
  /** A revision behind it that is not in force: an upgrade that goes on, or one that failed. */
  newer: z.object({ revision: z.int().positive(), status: z.string() }).optional(),
  chart: z.string(),
  chartVersion: z.string(),
  /** Version of GitLab without its edition: `18.10.0`. */
  appVersion: z.string(),
  /** All object components, in the order of the tool. */
  components: z.array(ComponentFact),
  backupBucket: z.string().optional(),
  tmpBucket: z.string().optional(),
  /** Where the toolbox keeps archives; what follows holds for S3 alone. */
  backend: z.enum(['s3', 'other']),
  upload: z.object({
    tool: z.enum(['s3cmd', 'awscli']),
    /** Bytes of a part that `.s3cfg` sets for s3cmd; absent: its default, or not known. */
    partBytes: z.int().positive().optional(),
    /** Was `.s3cfg` read? Without it nobody knows whether it sets another size. */
    known: z.boolean(),
  }),
  /** The disk of the CronJob's pod. */
  scratch: z.object({
    kind: z.enum(['generic-ephemeral', 'persistent', 'node-disk']),
    /** Bytes that are asked for; absent for the disk of a node. */
    bytes: z.int().positive().optional(),
  }),
  store: StoreFact.optional(),
  registryStore: StoreFact.extend({ bucket: z.string().optional() }).optional(),
  databases: z.array(DatabaseFact),
  gitaly: z.object({
    /** Does the CronJob ask for server-side backups of repositories? */
    serverSide: z.boolean(),
    /** Bucket that Gitaly writes them to; absent: none is set, or one that is not of S3. */
    bucket: z.string().optional(),
    /** Some Gitaly outside of the cluster, whose configuration nobody sees here. */
    external: z.boolean(),
    praefect: z.boolean(),
    /** Names of storages, or of virtual ones behind Praefect. */
    storages: z.array(z.string()),
  }),
  /** Components that the CronJob skips of itself. */
  skipped: z.array(z.enum(ARCHIVE_COMPONENTS)),
  findings: z.array(ReleaseFinding),
  /** Secrets that would have told more, and why they did not: names and reasons. */
  unread: z.array(z.object({ secret: z.string(), why: z.string() })),
});
export type ReadRelease = z.output<typeof ReadRelease>;

const UnknownRelease = z.object({
  state: z.literal('unknown'),
  version: z.literal(1),
  readAt: z.iso.datetime(),
  /** Why, as a sentence for a person. */
  problem: z.string(),
  /** The right that would mend it: `list secrets`. */
  permission: z.string().optional(),
});

export const ReleaseFacts = z.discriminatedUnion('state', [ReadRelease, UnknownRelease]);
export type ReleaseFacts = z.output<typeof ReleaseFacts>;

export const releaseFactsKind = { name: 'facts of a Helm release', schema: ReleaseFacts };
