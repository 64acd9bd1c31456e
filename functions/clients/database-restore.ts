/** Database instances of RDS that are made of a backup, change names, and go again where they were made for a drill. */

/** An instance, as far as a new one beside it has to be like it. Source: RDS API, `DBInstance`. */
export interface InstanceState {
  readonly identifier: string;
  /** What stays the same under any name. */
  readonly resourceId: string;
  /** `available`, `creating`, `renaming`. */
  readonly status: string;
  /** Is a change of its name under way? */
  readonly isRenaming: boolean;
  readonly engineVersion: string;
  /** Host name under which it is reached; absent while it is made. */
  readonly endpoint?: string;
  /** Is it part of a cluster, which is restored as a whole? */
  readonly isOfCluster: boolean;
  /** ISO 8601; absent where RDS keeps no backups by itself. */
  readonly latestRestorableTime?: string;
  readonly settings: InstanceSettings;
}

/** What a new instance is given, since RDS would take its own defaults. */
export interface InstanceSettings {
  readonly class: string;
  readonly multiAz: boolean;
  readonly port?: number;
  readonly subnetGroup?: string;
  readonly securityGroups: readonly string[];
  readonly parameterGroup?: string;
  readonly optionGroup?: string;
  readonly storageType?: string;
  readonly iops?: number;
  readonly storageThroughput?: number;
  /** Gibibytes up to which its storage grows by itself; absent: it does not. */
  readonly maxAllocatedGib?: number;
  readonly isPublic: boolean;
  readonly autoMinorVersionUpgrade: boolean;
  readonly deletionProtection: boolean;
  readonly copyTagsToSnapshot: boolean;
  readonly iamAuthentication: boolean;
  readonly logExports: readonly string[];
  readonly caCertificate?: string;
  readonly retentionDays: number;
  readonly backupWindow?: string;
  readonly maintenanceWindow?: string;
  /** Without those of AWS itself, which nobody may set. */
  readonly tags: Readonly<Record<string, string>>;
}

export type InstanceSource =
  | { readonly kind: 'snapshot'; readonly arn: string }
  /** ISO 8601, within what RDS keeps of `instance` by itself. */
  | { readonly kind: 'time'; readonly instance: string; readonly at: string };

/**
 * `alike`: nothing had to be changed. `busy`: RDS changes the instance just now, as for its first backup, and takes nothing
 * else: look again.
 */
export type Adjusting = 'alike' | 'changed' | 'busy';

/** RDS of a region. Every call throws as those of `Databases` do. */
export interface DatabaseRestore {
  /** Undefined when there is none of this identifier. */
  find(identifier: string, signal?: AbortSignal): Promise<InstanceState | undefined>;
  /**
   * Has RDS make an instance of a backup. It is not waited for; one that is there already is as good.
   *
   * @param like settings that it gets, and what of them RDS takes only later, `adjust` brings.
   */
  restore(
    identifier: string,
    source: InstanceSource,
    like: InstanceSettings,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Sets what RDS takes of an instance only once it is there. */
  adjust(instance: InstanceState, like: InstanceSettings, signal?: AbortSignal): Promise<Adjusting>;
  /**
   * Gives it another identifier, and so another endpoint. It is not waited for.
   *
   * @returns false when RDS changes it just now and takes nothing else: look again.
   */
  rename(from: string, to: string, signal?: AbortSignal): Promise<boolean>;
  /**
   * Deletes an instance for good, with the backups that RDS keeps of it and without a last snapshot: one that a restore has
   * made and nobody misses. It is not waited for.
   *
   * @returns false when RDS changes it just now and takes nothing else: look again.
   */
  remove(identifier: string, signal?: AbortSignal): Promise<boolean>;
}
