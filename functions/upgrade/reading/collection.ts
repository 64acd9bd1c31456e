import type { AwsAccount } from '../../clients/aws-account.ts';
import type { EksReader } from '../../clients/eks/eks-reader.ts';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import type { UpgradeSettings } from '../../records/configuration/upgrade.ts';
import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFacts } from '../../records/upgrade/facts.ts';
import type { Clock } from '../../runtime/clock.ts';

/** A text file that was given to be judged: a manifest, or several in one. */
export interface ManifestFile {
  readonly name: string;
  readonly text: string;
}

/** Where the facts about one cluster come from. What is absent was not given, and its topics are unread. */
export interface FactSources {
  readonly kubernetes?: KubernetesReader;
  readonly eks?: EksReader;
  readonly account?: AwsAccount;
  /** Lists names, reads one after the other: they may be many and large. */
  readonly manifests?: {
    list(): Promise<readonly string[]>;
    read(name: string): Promise<readonly ManifestFile[]>;
    /** Found in a folder among files of all kinds, so that one without any object is no fault; by default none is. */
    isFound?(name: string): boolean;
  };
  readonly clock: Clock;
}

/** Which cluster, and what of it is asked for. */
export interface CollectionTask {
  readonly cluster: string;
  readonly current: KubernetesMinor;
  readonly target: KubernetesMinor;
  readonly settings: Pick<UpgradeSettings, 'helmNamespaces'>;
}

/** One slice of a collector's work; without a cursor it was the last. */
export interface Slice {
  readonly facts: ClusterFacts;
  readonly cursor?: string;
}

/**
 * Reads some topics, slice by slice. A slice is small enough for the memory and the seconds that a Lambda has left,
 * and begins where its cursor says, so that the next Lambda goes on. What is forbidden or does not answer becomes
 * `unread`; it never throws for that.
 */
export interface Collector {
  readonly name: string;
  collect(
    sources: FactSources,
    task: CollectionTask,
    cursor: string | undefined,
    signal: AbortSignal,
  ): Promise<Slice>;
}
