import type { Check } from '../check.ts';
import { addonHealth } from './addon-health.ts';
import { addonVersions } from './addon-versions.ts';
import { al2Images } from './al2-images.ts';
import { apparmorAnnotations } from './apparmor-annotations.ts';
import { barePods } from './bare-pods.ts';
import { cgroupV1 } from './cgroup-v1.ts';
import { clusterHealth } from './cluster-health.ts';
import { clusterSubnets } from './cluster-subnets.ts';
import { containerd1 } from './containerd-1.ts';
import { customImages } from './custom-images.ts';
import { deadWebhooks } from './dead-webhooks.ts';
import { disruptionBudgets } from './disruption-budgets.ts';
import { doNotDisruptNodes } from './do-not-disrupt-nodes.ts';
import { doNotDisruptPods } from './do-not-disrupt-pods.ts';
import { dockerSockets } from './docker-sockets.ts';
import { driftedNodes } from './drifted-nodes.ts';
import { externalIps } from './external-ips.ts';
import { failedUpdates } from './failed-updates.ts';
import { fargateProfiles } from './fargate-profiles.ts';
import { gitRepoVolumes } from './git-repo-volumes.ts';
import { gitlabVersion } from './gitlab-version.ts';
import { goneSubnets } from './gone-subnets.ts';
import { graceSeconds } from './grace-seconds.ts';
import { identities } from './identities.ts';
import { ingressNginx } from './ingress-nginx.ts';
import { insights } from './insights.ts';
import { ipvs } from './ipvs.ts';
import { kubeProxySkew } from './kube-proxy-skew.ts';
import { kubeletSkew } from './kubelet-skew.ts';
import { launchTemplates } from './launch-templates.ts';
import { nodeAddresses } from './node-addresses.ts';
import { nodeGroupHealth } from './node-group-health.ts';
import { nodePoolBudgets } from './node-pool-budgets.ts';
import { nodePoolImages } from './node-pool-images.ts';
import { overlappingBudgets } from './overlapping-budgets.ts';
import { podAddresses } from './pod-addresses.ts';
import { quotas } from './quotas.ts';
import { readinessProbes } from './readiness-probes.ts';
import { removedApis } from './removed-apis.ts';
import { runningUpdates } from './running-updates.ts';
import { selfManagedAddons } from './self-managed-addons.ts';
import { selfManagedNodes } from './self-managed-nodes.ts';
import { singleReplicas } from './single-replicas.ts';
import { supportEnd } from './support-end.ts';
import { targetOffered } from './target-offered.ts';
import { unguardedReplicas } from './unguarded-replicas.ts';
import { unreadyNodes } from './unready-nodes.ts';
import { unreadyWorkloads } from './unready-workloads.ts';
import { webhookDeadlocks } from './webhook-deadlocks.ts';

/** Every check, in the order in which reports show them. Adding one is a file and a line here. */
export const CHECKS: readonly Check[] = [
  // What the new version no longer takes.
  removedApis,
  gitRepoVolumes,
  externalIps,
  ipvs,
  ingressNginx,
  apparmorAnnotations,
  dockerSockets,
  gitlabVersion,
  // The cluster as EKS sees it.
  targetOffered,
  supportEnd,
  clusterHealth,
  insights,
  runningUpdates,
  failedUpdates,
  identities,
  addonVersions,
  addonHealth,
  selfManagedAddons,
  // Nodes and what makes them.
  kubeletSkew,
  kubeProxySkew,
  al2Images,
  cgroupV1,
  containerd1,
  nodeGroupHealth,
  launchTemplates,
  customImages,
  selfManagedNodes,
  unreadyNodes,
  driftedNodes,
  doNotDisruptNodes,
  nodePoolBudgets,
  nodePoolImages,
  fargateProfiles,
  // Room for the new next to the old.
  goneSubnets,
  clusterSubnets,
  nodeAddresses,
  podAddresses,
  quotas,
  // What stands in the way of a drain, or does not come through it.
  disruptionBudgets,
  overlappingBudgets,
  doNotDisruptPods,
  deadWebhooks,
  webhookDeadlocks,
  singleReplicas,
  unguardedReplicas,
  unreadyWorkloads,
  readinessProbes,
  graceSeconds,
  barePods,
];
