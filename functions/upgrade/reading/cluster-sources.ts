import type { EksReader } from '../../clients/eks/eks-reader.ts';
import { openEksReader } from '../../clients/eks/open-eks-reader.ts';
import { connectCluster } from '../../clients/kubernetes.ts';
import type { KubernetesReader } from '../../clients/kubernetes-reader.ts';
import { openKubernetesReader } from '../../clients/kubernetes-reader-open.ts';
import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { ClusterSubject } from '../cluster-subjects.ts';

/** The cluster itself, as Kubernetes and EKS tell it. */
export interface ClusterSources {
  readonly kubernetes: KubernetesReader;
  readonly eks: EksReader;
  readonly clock: Clock;
}

/** Opens the cluster itself under the role of this Lambda; nothing is called yet, and no other client is loaded. */
export const openClusterSources = ({ cluster, region }: ClusterSubject): ClusterSources => ({
  kubernetes: openKubernetesReader(connectCluster({ cluster, region })),
  eks: openEksReader(region),
  clock: systemClock,
});
