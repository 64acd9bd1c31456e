import type { BackupInput } from '../world/backup-configuration.ts';

/** A GitLab in the local cluster: what is asked of it, where it is to differ from `names.ts` and `values.ts`. */
export interface GitLabReleaseOptions {
  /** Another version than the chart's, in the tag of its images: `18.9.3`. */
  readonly version?: string;
  /** Rows, objects, repositories and keys are made of it; the same seed makes the same GitLab. */
  readonly seed?: string;
  /** Over `values.ts`, as with another `helm upgrade -f`. */
  readonly values?: Readonly<Record<string, unknown>>;
  /** A second one beside it in which nobody works, and pods that are kept to NetworkPolicies. Takes 2 s, and Linux. */
  readonly scratch?: boolean;
  /**
   * Its database is an instance of the local RDS, its Gitaly writes backups into a bucket of its own, and drydock.yaml has a
   * policy `native`. Takes 2 s, and Linux.
   */
  readonly native?: boolean;
  /** So many times faster than it says goes `sleep` in pods of the toolbox; 1 unless said otherwise. */
  readonly pace?: number;
  /** Over the section `backup.environments.local` of the world's drydock.yaml. */
  readonly backup?: Partial<BackupInput>;
}
