import type { HelmReleaseFact } from '../../functions/records/upgrade/api-facts.ts';
import type {
  AddonFact,
  ClusterFact,
  InsightFact,
  NodeGroupFact,
  UpdateFact,
  VersionFact,
} from '../../functions/records/upgrade/aws-facts.ts';
import type { ClusterFacts, Unread } from '../../functions/records/upgrade/facts.ts';
import type {
  BudgetFact,
  NodeFact,
  NodePoolFact,
  WebhookFact,
  WorkloadFact,
} from '../../functions/records/upgrade/kubernetes-facts.ts';

/** When the tests of checks take place: 1.35 and 1.36 are in standard support, 1.34 ends within days. */
export const CHECK_TIME = new Date('2026-11-21T12:00:00.000Z');

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const CLUSTER = 'gitlab';

/** A topic that was read in full. */
export const topicOf = <T>(...items: T[]): { items: T[]; unread: Unread[] } => ({ items, unread: [] });

/** A topic that was refused. */
export const unreadTopic = (what: string, permission?: string): { items: never[]; unread: Unread[] } => ({
  items: [],
  unread: [{ what, reason: 'access denied', ...(permission === undefined ? {} : { permission }) }],
});

/** A cluster at 1.35 that EKS is content with. */
export const buildClusterFact = (overrides: Partial<ClusterFact> = {}): ClusterFact => ({
  name: CLUSTER,
  arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${CLUSTER}`,
  version: '1.35',
  platformVersion: 'eks.7',
  status: 'ACTIVE',
  supportType: 'EXTENDED',
  issues: [],
  subnetIds: ['subnet-a', 'subnet-b'],
  securityGroupIds: ['sg-1'],
  roleArn: `arn:aws:iam::${ACCOUNT}:role/eks-cluster`,
  keyArns: [`arn:aws:kms:${REGION}:${ACCOUNT}:key/1`],
  autoMode: false,
  hybrid: false,
  ...overrides,
});

/** The calendar as EKS gives it on the day of the tests. */
export const buildCalendar = (source: VersionFact['source'] = 'eks'): VersionFact[] => [
  { ...version('1.31', '2025-11-26', '2026-11-26'), status: 'extended', source },
  { ...version('1.32', '2026-03-23', '2027-03-23'), status: 'extended', source },
  { ...version('1.33', '2026-07-29', '2027-07-29'), status: 'extended', source },
  { ...version('1.34', '2026-12-02', '2027-12-02'), source },
  { ...version('1.35', '2027-03-27', '2028-03-27'), source },
  { ...version('1.36', '2027-08-02', '2028-08-02'), isDefault: true, source },
];

const version = (name: string, standardEnds: string, extendedEnds: string): VersionFact => ({
  version: name,
  status: 'standard',
  isDefault: false,
  standardEnds,
  extendedEnds,
  source: 'eks',
});

/** An insight that passes, for 1.36. */
export const buildInsight = (overrides: Partial<InsightFact> = {}): InsightFact => ({
  id: 'a1b2c3',
  name: 'Kubelet version skew',
  category: 'UPGRADE_READINESS',
  version: '1.36',
  status: 'PASSING',
  reason: 'Node kubelet versions match the cluster control plane version.',
  description: 'Checks for kubelet versions of worker nodes.',
  recommendation: 'You should upgrade your worker nodes.',
  refreshedAt: '2026-11-21T03:00:00.000Z',
  changedAt: '2026-11-01T03:00:00.000Z',
  links: {},
  resources: [],
  deprecations: [],
  addons: [],
  ...overrides,
});

/** An add-on whose version runs with 1.35 and 1.36. */
export const buildAddon = (overrides: Partial<AddonFact> = {}): AddonFact => ({
  name: 'vpc-cni',
  version: 'v1.20.4-eksbuild.1',
  status: 'ACTIVE',
  issues: [],
  offered: [
    { version: 'v1.21.0-eksbuild.2', clusters: ['1.34', '1.35', '1.36'], defaultFor: ['1.36'] },
    { version: 'v1.20.4-eksbuild.1', clusters: ['1.34', '1.35', '1.36'], defaultFor: ['1.34', '1.35'] },
  ],
  ...overrides,
});

/** Three AL2023 nodes at 1.35 in two zones. */
export const buildNodeGroup = (overrides: Partial<NodeGroupFact> = {}): NodeGroupFact => ({
  name: 'blue',
  status: 'ACTIVE',
  version: '1.35',
  releaseVersion: '1.35.2-20261101',
  amiType: 'AL2023_x86_64_STANDARD',
  capacityType: 'ON_DEMAND',
  issues: [],
  launchTemplate: {
    id: 'lt-1',
    name: 'blue',
    used: '4',
    newest: '4',
    default: '1',
    customAmi: false,
  },
  minSize: 2,
  maxSize: 6,
  desiredSize: 3,
  maxUnavailable: 1,
  strategy: 'DEFAULT',
  subnetIds: ['subnet-a', 'subnet-b'],
  instanceTypes: ['m7i.2xlarge'],
  ...overrides,
});

export const buildUpdate = (overrides: Partial<UpdateFact> = {}): UpdateFact => ({
  id: 'update-1',
  type: 'VersionUpdate',
  status: 'Successful',
  createdAt: '2026-06-01T08:00:00.000Z',
  params: { Version: '1.35' },
  errors: [],
  ...overrides,
});

/** A ready node of the managed node group `blue`. */
export const buildNode = (overrides: Partial<NodeFact> = {}): NodeFact => ({
  name: 'ip-10-0-1-10.eu-central-1.compute.internal',
  kubelet: '1.35',
  osImage: 'Amazon Linux 2023.9.20261101',
  runtime: 'containerd://2.1.5',
  zone: 'eu-central-1a',
  origin: 'managed',
  group: 'blue',
  ready: true,
  unschedulable: false,
  doNotDisrupt: false,
  drifted: false,
  ...overrides,
});

/** A Deployment of three ready pods, as it should be. */
export const buildWorkloadFact = (overrides: Partial<WorkloadFact> = {}): WorkloadFact => ({
  kind: 'Deployment',
  namespace: 'shop',
  name: 'web',
  replicas: 3,
  ready: 3,
  podLabels: { app: 'web' },
  images: ['registry.example.com/shop/web:1.0.0'],
  gitRepoVolumes: [],
  appArmorAnnotation: false,
  dockerSocket: false,
  doNotDisrupt: false,
  readinessProbes: true,
  minReadySeconds: 0,
  graceSeconds: 30,
  spread: true,
  ...overrides,
});

/** A budget over the pods of `shop/web` that lets one of three go. */
export const buildBudget = (overrides: Partial<BudgetFact> = {}): BudgetFact => ({
  namespace: 'shop',
  name: 'web',
  matchLabels: { app: 'web' },
  matchExpressions: [],
  selectsNothing: false,
  maxUnavailable: '1',
  disruptionsAllowed: 1,
  healthy: 3,
  wanted: 2,
  pods: 3,
  ...overrides,
});

/** A webhook that answers. */
export const buildWebhook = (overrides: Partial<WebhookFact> = {}): WebhookFact => ({
  configuration: 'policy',
  kind: 'validating',
  name: 'validate.policy.example.com',
  failurePolicy: 'Fail',
  timeoutSeconds: 10,
  service: 'policy/policy-webhook',
  readyEndpoints: 2,
  catches: ['pods'],
  exceptNamespaces: ['kube-system', 'policy'],
  ...overrides,
});

/** A node pool whose nodes follow, one in ten at a time. */
export const buildNodePool = (overrides: Partial<NodePoolFact> = {}): NodePoolFact => ({
  name: 'general',
  nodeClass: 'default',
  ami: 'al2023@latest',
  budgets: [{ nodes: '10%', reasons: [] }],
  expireAfter: '720h',
  ...overrides,
});

export const buildHelmRelease = (overrides: Partial<HelmReleaseFact> = {}): HelmReleaseFact => ({
  namespace: 'gitlab',
  name: 'gitlab',
  revision: 12,
  chart: 'gitlab',
  chartVersion: '9.4.2',
  appVersion: 'v19.4.2',
  objects: [],
  faults: [],
  ...overrides,
});

/** The workload of a GitLab that runs with 1.36. */
export const buildGitLab = (overrides: Partial<WorkloadFact> = {}): WorkloadFact =>
  buildWorkloadFact({
    namespace: 'gitlab',
    name: 'gitlab-webservice-default',
    podLabels: { app: 'webservice' },
    images: ['registry.gitlab.com/gitlab-org/build/cng/gitlab-webservice-ee:v19.4.2'],
    ...overrides,
  });

/** Every topic read, nothing wrong with any of it: a cluster at 1.35 that may go to 1.36. */
export const healthyCluster = (overrides: ClusterFacts = {}): ClusterFacts => ({
  cluster: topicOf(buildClusterFact()),
  versions: topicOf(...buildCalendar()),
  insights: topicOf(buildInsight()),
  addons: topicOf(buildAddon()),
  nodeGroups: topicOf(buildNodeGroup()),
  fargate: topicOf({ name: 'jobs', status: 'ACTIVE', subnetIds: ['subnet-a', 'subnet-b'] }),
  subnets: topicOf(
    { id: 'subnet-a', exists: true, zone: 'euc1-az1', freeAddresses: 900, usedBy: ['cluster', 'node group'] },
    { id: 'subnet-b', exists: true, zone: 'euc1-az2', freeAddresses: 850, usedBy: ['cluster', 'node group'] },
  ),
  quotas: topicOf({
    code: 'L-1216C47A',
    name: 'Running On-Demand Standard instances',
    used: 64,
    limit: 640,
    unit: 'vCPU',
  }),
  identities: topicOf({
    kind: 'role',
    id: `arn:aws:iam::${ACCOUNT}:role/eks-cluster`,
    usable: true,
    reason: '',
  }),
  updates: topicOf(buildUpdate()),
  served: topicOf(),
  usedApis: topicOf(),
  requestedApis: topicOf(),
  helm: topicOf(buildHelmRelease()),
  manifests: topicOf(),
  nodes: topicOf(
    buildNode(),
    buildNode({ name: 'ip-10-0-2-10.eu-central-1.compute.internal', zone: 'eu-central-1b' }),
    buildNode({ name: 'ip-10-0-3-10.eu-central-1.compute.internal', group: 'general', origin: 'karpenter' }),
  ),
  kubeProxy: topicOf({
    image: `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/eks/kube-proxy:v1.35.2-minimal-eksbuild.4`,
    version: '1.35',
    mode: 'iptables',
  }),
  workloads: topicOf(buildWorkloadFact(), buildGitLab()),
  budgets: topicOf(buildBudget()),
  externalIps: topicOf(),
  webhooks: topicOf(buildWebhook()),
  nodePools: topicOf(buildNodePool()),
  ...overrides,
});
