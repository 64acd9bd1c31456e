import type { UsedApiFact } from '../../functions/records/upgrade/api-facts.ts';
import type { ClusterFacts } from '../../functions/records/upgrade/facts.ts';
import {
  buildAddon,
  buildBudget,
  buildCalendar,
  buildClusterFact,
  buildGitLab,
  buildInsight,
  buildNode,
  buildNodeGroup,
  buildNodePool,
  buildUpdate,
  buildWebhook,
  buildWorkloadFact,
  healthyCluster,
  topicOf,
} from './upgrade-facts.ts';

const issue = { code: 'IamNodeRoleNotFound', message: 'The role is gone.', resources: ['eks-nodes'] };

const lastApplied = (kind: string, name: string, apiVersion: string): UsedApiFact => ({
  kind,
  namespace: 'shop',
  name,
  evidence: [{ source: 'last-applied', apiVersion, confidence: 'high' }],
});

/** A cluster at 1.35 on which every check of the way to 1.36 finds something. */
export const troubledCluster = (overrides: ClusterFacts = {}): ClusterFacts => ({
  ...healthyCluster(),
  cluster: topicOf(buildClusterFact({ issues: [{ ...issue, code: 'IamRoleNotFound' }] })),
  versions: topicOf(
    ...buildCalendar().map((one) => {
      if (one.version === '1.36') return { ...one, status: 'unsupported' as const };
      return one.version === '1.35' ? { ...one, standardEnds: '2026-12-20' } : one;
    }),
  ),
  insights: topicOf(
    buildInsight({ status: 'ERROR', reason: 'Nodes are too old.' }),
    buildInsight({
      id: 'd4e5f6',
      name: 'Deprecated APIs removed in Kubernetes v1.36',
      status: 'ERROR',
      deprecations: [
        {
          usage: '/apis/storage.k8s.io/v1alpha1/volumeattributesclasses',
          replacedWith: '/apis/storage.k8s.io/v1/volumeattributesclasses',
          stopServing: '1.36',
          clients: [
            { userAgent: 'old-operator/1.0', requests30Days: 40, lastRequest: '2026-11-20T08:00:00.000Z' },
          ],
        },
      ],
    }),
  ),
  addons: topicOf(
    buildAddon({
      version: 'v1.18.0-eksbuild.1',
      status: 'DEGRADED',
      offered: [
        ...buildAddon().offered,
        { version: 'v1.18.0-eksbuild.1', clusters: ['1.34', '1.35'], defaultFor: [] },
      ],
    }),
  ),
  nodeGroups: topicOf(
    buildNodeGroup({
      amiType: 'CUSTOM',
      status: 'DEGRADED',
      issues: [issue],
      launchTemplate: { id: 'lt-1', name: 'blue', used: '4', newest: '7', customAmi: true },
    }),
  ),
  fargate: topicOf({ name: 'jobs', status: 'DELETE_FAILED', subnetIds: ['subnet-a'] }),
  subnets: topicOf(
    {
      id: 'subnet-a',
      exists: true,
      zone: 'euc1-az1',
      freeAddresses: 1,
      usedBy: ['cluster', 'node group', 'pods'],
    },
    { id: 'subnet-b', exists: false, zone: '', freeAddresses: 0, usedBy: ['cluster', 'node group'] },
  ),
  quotas: topicOf({ code: 'L-1216C47A', name: 'On-Demand', used: 640, limit: 640, unit: 'vCPU' }),
  identities: topicOf({ kind: 'key', id: 'key-1', usable: false, reason: 'PendingDeletion' }),
  updates: topicOf(
    buildUpdate({ id: 'update-2', status: 'InProgress', type: 'ConfigUpdate' }),
    buildUpdate({
      status: 'Failed',
      errors: [{ code: 'SubnetNotFound', message: 'It is gone.', resources: ['subnet-b'] }],
    }),
  ),
  usedApis: topicOf(
    lastApplied('FlowSchema', 'batch', 'flowcontrol.apiserver.k8s.io/v1beta3'),
    lastApplied('Certificate', 'web', 'cert-manager.io/v1alpha2'),
  ),
  nodes: topicOf(
    buildNode({ name: 'old', kubelet: '1.31', osImage: 'Amazon Linux 2', runtime: 'containerd://1.7.27' }),
    buildNode({ name: 'own', origin: 'self-managed', group: 'own', ready: false }),
    buildNode({
      name: 'pooled',
      origin: 'karpenter',
      group: 'general',
      runtime: 'containerd://1.7.27',
      drifted: true,
      doNotDisrupt: true,
    }),
  ),
  kubeProxy: topicOf({ image: 'eks/kube-proxy:v1.31.2', version: '1.31', mode: 'ipvs' }),
  workloads: topicOf(
    buildWorkloadFact({
      kind: 'StatefulSet',
      name: 'store',
      podLabels: { app: 'store' },
      replicas: 1,
      ready: 0,
      gitRepoVolumes: ['content'],
      appArmorAnnotation: true,
      dockerSocket: true,
      doNotDisrupt: true,
      readinessProbes: false,
      graceSeconds: 0,
    }),
    buildWorkloadFact({ name: 'loose', podLabels: { app: 'loose' }, spread: false }),
    buildWorkloadFact({
      name: 'edge',
      podLabels: { app: 'edge' },
      images: ['registry.k8s.io/ingress-nginx/controller:v1.11.0'],
    }),
    buildWorkloadFact({
      name: 'dns',
      podLabels: { app: 'dns' },
      images: ['eks/coredns:v1.11.4'],
    }),
    buildWorkloadFact({ kind: 'Pod', name: 'debug', replicas: 1, podLabels: { app: 'debug' } }),
    buildGitLab({ images: ['registry.example.com/gitlab-webservice-ee:v18.5.1'] }),
  ),
  budgets: topicOf(
    buildBudget({ name: 'store', matchLabels: { app: 'store' }, maxUnavailable: '0', disruptionsAllowed: 0 }),
    buildBudget({ name: 'store-again', matchLabels: { app: 'store' } }),
  ),
  externalIps: topicOf({ namespace: 'gitlab', name: 'shell', addresses: ['192.0.2.10'] }),
  webhooks: topicOf(
    buildWebhook({ readyEndpoints: 0, catches: ['pods', 'kube-system'] }),
    buildWebhook({
      name: 'self.policy.example.com',
      catches: ['pods', 'own namespace'],
      exceptNamespaces: [],
    }),
  ),
  nodePools: topicOf(buildNodePool({ ami: 'ami-0123456789', budgets: [{ nodes: '0', reasons: [] }] })),
  ...overrides,
});
