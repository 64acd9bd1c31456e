/** What a bucket does with what lies in it: versions, replicas, encryption, locks, and how much there is. */

/** How long versions last. Source: S3 API, GetBucketVersioning, GetBucketLifecycleConfiguration. */
export interface BucketVersions {
  readonly versioning: 'enabled' | 'suspended' | 'off';
  /**
   * Days after which a version that was replaced is deleted, by the shortest rule for any of its objects; absent: never.
   */
  readonly noncurrentDays?: number;
}

/** One destination of a bucket. Source: S3 API, GetBucketReplication. */
export interface BucketReplica {
  /** Id of the rule. */
  readonly rule: string;
  /** Name of the destination. */
  readonly to: string;
  /** Does it hold for every object of the bucket, and not only for some prefix or tag? */
  readonly isWhole: boolean;
}

/** How far replicas are. Source: Amazon S3 User Guide, "Using S3 Replication metrics". */
export interface ReplicationState {
  /**
   * `none`: no rule copies the whole bucket. `unknown`: a rule does, and its metrics are off or could not be read.
   */
  readonly status: 'complete' | 'behind' | 'failed' | 'none' | 'unknown';
  /** Bucket of the replica. */
  readonly to?: string;
  /** Metric `OperationsPendingReplication`. */
  readonly pending?: number;
  /** Why it is `unknown`, `behind` or `failed`, without its dot. */
  readonly why?: string;
}

/** Source: Amazon S3 User Guide, "Amazon S3 daily storage metrics for buckets in CloudWatch". */
export interface BucketSize {
  /** Versions that were replaced and uploads that were not finished are in it. */
  readonly bytes: number;
  readonly objects?: number;
  /** ISO 8601: S3 counts once a day. */
  readonly countedAt: string;
}

/** Source: S3 API, GetBucketEncryption. */
export interface BucketEncryption {
  readonly algorithm: string;
  /** ARN of the key itself, whatever alias the bucket names; absent where S3 has keys of its own. */
  readonly kmsKey?: string;
}

/** Source: S3 API, GetObjectLockConfiguration. */
export interface BucketLock {
  readonly enabled: boolean;
  /** What an object gets that asks for nothing; years are 365 days. */
  readonly default?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number };
}

/**
 * Buckets, wherever they are: each is asked for its region first. Every call throws RefusedError
 * `bucket.forbidden` (with the missing right as its `permission`), `bucket.missing`, `bucket.no-credentials`,
 * `bucket.refused`; TransientError `bucket.unreachable`, `bucket.throttled`.
 */
export interface BucketFacts {
  readVersions(bucket: string, signal?: AbortSignal): Promise<BucketVersions>;
  /** Rules that are switched on. */
  readReplicas(bucket: string, signal?: AbortSignal): Promise<readonly BucketReplica[]>;
  /**
   * How far the best replica of the whole bucket is, by its metrics: what waits, of the last 15 minutes, and what failed,
   * of the last day. One replica that is complete protects the bucket, whatever another one does.
   */
  readReplication(bucket: string, signal?: AbortSignal): Promise<ReplicationState>;
  /** Undefined when S3 has not counted it in the last days: a bucket of yesterday, or an empty one. */
  readSize(bucket: string, signal?: AbortSignal): Promise<BucketSize | undefined>;
  readEncryption(bucket: string, signal?: AbortSignal): Promise<BucketEncryption>;
  readLock(bucket: string, signal?: AbortSignal): Promise<BucketLock>;
}
