import { openAwsAccount } from '../clients/aws-account/open-aws-account.ts';
import { openEksReader } from '../clients/eks/open-eks-reader.ts';
import { connectCluster } from '../clients/kubernetes.ts';
import { openKubernetesReader } from '../clients/kubernetes-reader-open.ts';
import { openManifests } from '../clients/manifest-store.ts';
import { systemClock } from '../runtime/clock.ts';
import type { ClusterSubject } from './cluster-subjects.ts';
import type { FactSources } from './collection.ts';

/** Where the facts about the clusters come from, under the role of this Lambda; nothing is called yet. */
export const openSources =
  (ledgerBucket: string) =>
  ({ cluster, region }: ClusterSubject): FactSources => ({
    kubernetes: openKubernetesReader(connectCluster({ cluster, region })),
    eks: openEksReader(region),
    account: openAwsAccount(region),
    manifests: openManifests(ledgerBucket, cluster),
    clock: systemClock,
  });
