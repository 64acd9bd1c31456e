import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type {
  AddonFact,
  ClusterFact,
  FargateFact,
  InsightFact,
  NodeGroupFact,
  UpdateFact,
  VersionFact,
} from '../../records/upgrade/aws-facts.ts';

/** The state of a refresh of cluster insights. */
export interface InsightsRefresh {
  readonly status: 'in-progress' | 'completed' | 'failed' | 'none';
  readonly message: string;
  readonly startedAt?: Date;
  readonly endedAt?: Date;
}

/** An add-on or a node group, when an update is about one of them. */
export type UpdateSubject = { readonly addon: string } | { readonly nodeGroup: string };

/**
 * EKS as an upgrade check reads it. Every call pages to the end, retries throttling by itself, and throws RefusedError
 * `eks.forbidden` (with the action that is missing as its `permission`), `eks.cluster-missing`, `eks.missing`,
 * `eks.no-credentials`, `eks.refused` (in EKS's own words), or TransientError `eks.unreachable`, `eks.throttled`.
 * What vanishes between a list and the look at it is left out; an insight is kept as the list had it.
 */
export interface EksReader {
  readCluster(cluster: string, signal?: AbortSignal): Promise<ClusterFact>;
  listVersions(signal?: AbortSignal): Promise<VersionFact[]>;
  listInsights(cluster: string, signal?: AbortSignal): Promise<InsightFact[]>;
  startInsightsRefresh(cluster: string, signal?: AbortSignal): Promise<InsightsRefresh>;
  readInsightsRefresh(cluster: string, signal?: AbortSignal): Promise<InsightsRefresh>;
  /** With the versions offered for each of these minors; with none, they are not asked for. */
  listAddons(cluster: string, minors: readonly KubernetesMinor[], signal?: AbortSignal): Promise<AddonFact[]>;
  listNodeGroups(cluster: string, signal?: AbortSignal): Promise<NodeGroupFact[]>;
  listFargateProfiles(cluster: string, signal?: AbortSignal): Promise<FargateFact[]>;
  /** The newest updates of the cluster, or of one of its add-ons or node groups; newest first. */
  listUpdates(cluster: string, subject?: UpdateSubject, signal?: AbortSignal): Promise<UpdateFact[]>;
  readUpdate(cluster: string, id: string, subject?: UpdateSubject, signal?: AbortSignal): Promise<UpdateFact>;
}
