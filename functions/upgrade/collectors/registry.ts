import type { Collector } from '../reading/collection.ts';
import { collectAccount } from './aws-account.ts';
import { collectAddons } from './aws-addons.ts';
import { collectCluster } from './aws-cluster.ts';
import { collectInsights, refreshInsights } from './aws-insights.ts';
import { collectNodeGroups } from './aws-nodes.ts';
import { collectBudgets } from './kubernetes-budgets.ts';
import { collectExternalIps } from './kubernetes-external-ips.ts';
import { collectHelm } from './kubernetes-helm.ts';
import { collectKubeProxy } from './kubernetes-kube-proxy.ts';
import { collectNodePools } from './kubernetes-node-pools.ts';
import { collectNodes } from './kubernetes-nodes.ts';
import { collectPodSubnets } from './kubernetes-pod-subnets.ts';
import { collectRequestedApis } from './kubernetes-requested-apis.ts';
import { collectServed } from './kubernetes-served.ts';
import { collectUsedApis } from './kubernetes-used-apis.ts';
import { collectWebhooks } from './kubernetes-webhooks.ts';
import { collectWorkloads } from './kubernetes-workloads.ts';
import { collectManifests } from './manifests.ts';

/**
 * Every collector, in the order in which a collection asks them. A part of a collection names its collector by its
 * place here, so a new one is a line at the end.
 */
export const COLLECTORS: readonly Collector[] = [
  // First, since it takes EKS a while: what it finds is read last.
  refreshInsights,
  collectServed,
  collectUsedApis,
  collectRequestedApis,
  collectHelm,
  collectManifests,
  collectNodes,
  collectKubeProxy,
  collectWorkloads,
  collectBudgets,
  collectExternalIps,
  collectWebhooks,
  collectNodePools,
  collectCluster,
  collectAddons,
  collectNodeGroups,
  collectAccount,
  collectPodSubnets,
  collectInsights,
];
