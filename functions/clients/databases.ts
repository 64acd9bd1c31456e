/** Databases of RDS and Aurora: how they stand, how far back they go, and their snapshots. */

/** Which database. An identifier belongs to one instance, or to one cluster of Aurora or of several zones. */
export interface DatabaseReference {
  readonly kind: 'instance' | 'cluster';
  readonly identifier: string;
}

/** A database as RDS describes it. Windows are in UTC. */
export interface DatabaseState extends DatabaseReference {
  readonly arn: string;
  /** As RDS calls it: `available`. */
  readonly status: string;
  /** `postgres`, `aurora-postgresql`. */
  readonly engine: string;
  readonly engineVersion: string;
  /** `04:00-04:30`; absent where automated backups are off. */
  readonly backupWindow?: string;
  /** `sun:05:00-sun:05:30`. */
  readonly maintenanceWindow?: string;
  /** Days for which RDS keeps its own backups; 0 where they are off. */
  readonly retentionDays: number;
  /** ISO 8601. RDS goes back to any second up to it; absent where automated backups are off. */
  readonly latestRestorableTime?: string;
  /** Gibibytes, as RDS counts them. Of Aurora, which grows by itself, it says nothing of use. */
  readonly allocatedGib?: number;
  /** ARN of the key that encrypts its storage, and so its snapshots. */
  readonly kmsKey?: string;
  /** What RDS will do to it in a window to come. */
  readonly pending: readonly PendingMaintenance[];
}

export interface PendingMaintenance {
  /** `system-update`, `db-upgrade`; of a change that was asked for, `change of DBInstanceClass`. */
  readonly action: string;
  /** ISO 8601: it begins in the first window behind it. Absent: in the next one. */
  readonly appliesAt?: string;
}

/** A snapshot that was made by hand; RDS keeps it until somebody deletes it. */
export interface DatabaseSnapshot {
  readonly id: string;
  readonly arn: string;
  /** `creating`, `available`, `failed`. */
  readonly status: string;
  /** 0 to 100. */
  readonly percent: number;
  /** ISO 8601: the moment that it holds; absent while RDS has not taken it. */
  readonly takenAt?: string;
  readonly allocatedGib?: number;
  readonly kmsKey?: string;
}

/**
 * RDS of a region. Every call throws RefusedError `rds.forbidden` (with the missing right as its `permission`),
 * `rds.no-credentials`, `rds.refused`; TransientError `rds.unreachable`, `rds.throttled`.
 */
export interface Databases {
  /**
   * Describes the instance of this identifier, or else the cluster of it; undefined when there is neither. An instance
   * that belongs to a cluster stands for that cluster, of which alone snapshots are made.
   */
  describe(identifier: string, signal?: AbortSignal): Promise<DatabaseState | undefined>;
  findSnapshot(
    database: DatabaseReference,
    id: string,
    signal?: AbortSignal,
  ): Promise<DatabaseSnapshot | undefined>;
  /**
   * Makes a snapshot once: one of this id and this database that is there already is taken. It is not waited for.
   *
   * @param id letters, digits and single hyphens, a letter first; RDS keeps it in lower case.
   * @throws RefusedError `rds.snapshot-taken`: the id belongs to a snapshot of another database.
   * @throws TransientError `rds.busy`: the database is being changed or backed up, and takes none until that is over.
   */
  createSnapshot(
    database: DatabaseReference,
    id: string,
    tags: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<DatabaseSnapshot>;
}
