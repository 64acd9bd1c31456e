import type {
  AddonFact,
  InsightFact,
  NodeGroupFact,
  VersionFact,
} from '../../../functions/records/upgrade/aws-facts.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { CLUSTER, GROUP_SUBNETS, INNER_SUBNETS, read } from './sample-names.ts';

/** What EKS says of the cluster of the pictures: its versions, insights, add-ons, node groups and updates. */

const ROLE = 'arn:aws:iam::111122223333:role/gitlab-production-cluster';
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/0f3d9a51-7c1e-4b1b-9d55-2f1c0f6a7be2';

/** Dates as in the EKS user guide, "Amazon EKS Kubernetes release calendar". */
const VERSIONS: readonly VersionFact[] = (
  [
    ['1.33', 'extended', '2025-05-29', '2026-07-29', '2027-07-29'],
    ['1.34', 'standard', '2025-10-02', '2026-12-02', '2027-12-02'],
    ['1.35', 'standard', '2026-01-27', '2027-03-27', '2028-03-27'],
    ['1.36', 'standard', '2026-06-02', '2027-08-02', '2028-08-02'],
  ] as const
).map(([version, status, released, standardEnds, extendedEnds]) => ({
  version,
  status,
  released,
  standardEnds,
  extendedEnds,
  isDefault: version === '1.36',
  source: 'eks',
}));

const insight = (
  own: Pick<InsightFact, 'id' | 'name' | 'reason' | 'description'> & Partial<InsightFact>,
): InsightFact => ({
  category: 'UPGRADE_READINESS',
  version: '1.35',
  status: 'PASSING',
  recommendation: '',
  refreshedAt: '2026-11-11T04:58:31.000Z',
  changedAt: '2026-04-14T09:12:00.000Z',
  links: {},
  resources: [],
  deprecations: [],
  addons: [],
  ...own,
});

const INSIGHTS: readonly InsightFact[] = [
  insight({
    id: '5b1c0d8e-1f3a-4e0e-a1a2-6b7d1f5c2e01',
    name: 'Cluster health issues',
    reason: 'No cluster health issues detected.',
    description: 'Checks for any cluster health issues that prevent an upgrade.',
  }),
  insight({
    id: '5b1c0d8e-1f3a-4e0e-a1a2-6b7d1f5c2e02',
    name: 'EKS add-on version compatibility',
    reason: 'All installed EKS add-on versions are compatible with the next Kubernetes version.',
    description: 'Checks version of installed EKS add-ons for compatibility with the next version.',
  }),
  insight({
    id: '5b1c0d8e-1f3a-4e0e-a1a2-6b7d1f5c2e03',
    name: 'Deprecated APIs removed in Kubernetes v1.37',
    version: '1.37',
    status: 'WARNING',
    reason: 'Deprecated API usage detected within the last 30 days.',
    description: 'Checks for usage of deprecated APIs that are removed in Kubernetes v1.37.',
    recommendation: 'Update manifests and API clients to use newer Kubernetes APIs.',
    deprecations: [
      {
        usage: '/apis/storage.k8s.io/v1beta1/volumeattributesclasses',
        replacedWith: '/apis/storage.k8s.io/v1/volumeattributesclasses',
        stopServing: '1.37',
        clients: [
          {
            userAgent: 'csi-resizer/v1.13.2',
            requests30Days: 8_642,
            lastRequest: '2026-11-10T23:41:07.000Z',
          },
        ],
      },
    ],
  }),
];

const FROM_1_33 = ['1.33', '1.34', '1.35', '1.36'];

const addon = (name: string, version: string, offered: AddonFact['offered'] = []): AddonFact => ({
  name,
  version,
  status: 'ACTIVE',
  issues: [],
  offered: offered.length > 0 ? offered : [{ version, clusters: FROM_1_33, defaultFor: ['1.34'] }],
});

const ADDONS: readonly AddonFact[] = [
  addon('vpc-cni', 'v1.19.2-eksbuild.5', [
    { version: 'v1.21.1-eksbuild.3', clusters: ['1.34', '1.35', '1.36'], defaultFor: ['1.36'] },
    { version: 'v1.20.4-eksbuild.1', clusters: ['1.33', '1.34', '1.35'], defaultFor: ['1.34', '1.35'] },
    { version: 'v1.19.2-eksbuild.5', clusters: ['1.32', '1.33', '1.34', '1.35'], defaultFor: ['1.32'] },
  ]),
  addon('coredns', 'v1.12.4-eksbuild.1'),
  addon('kube-proxy', 'v1.34.1-eksbuild.2'),
  addon('aws-ebs-csi-driver', 'v1.52.0-eksbuild.1'),
  addon('eks-pod-identity-agent', 'v1.3.9-eksbuild.3'),
];

const group = (own: Pick<NodeGroupFact, 'name'> & Partial<NodeGroupFact>): NodeGroupFact => ({
  status: 'ACTIVE',
  version: '1.34',
  releaseVersion: '1.34.2-20261029',
  amiType: 'AL2023_x86_64_STANDARD',
  capacityType: 'ON_DEMAND',
  issues: [],
  launchTemplate: { id: 'lt-0a94c1d27e5b36f80', name: own.name, used: '6', newest: '6', customAmi: false },
  minSize: 3,
  maxSize: 12,
  desiredSize: 6,
  maxUnavailable: 1,
  strategy: 'DEFAULT',
  subnetIds: [...GROUP_SUBNETS],
  instanceTypes: ['m7i.2xlarge'],
  ...own,
});

const NODE_GROUPS: readonly NodeGroupFact[] = [
  group({ name: 'general' }),
  group({
    name: 'gitaly',
    version: '1.32',
    releaseVersion: '1.32.9-20251112',
    amiType: 'AL2_x86_64',
    launchTemplate: { id: 'lt-07b2f6c3d91e8a455', name: 'gitaly', used: '3', newest: '3', customAmi: false },
    maxSize: 4,
    desiredSize: 2,
    // Its volumes lie in one zone.
    subnetIds: [GROUP_SUBNETS[0]],
    instanceTypes: ['r6i.4xlarge'],
  }),
];

/** The topics of EKS itself. */
export const EKS_FACTS = {
  cluster: read({
    name: CLUSTER,
    arn: `arn:aws:eks:eu-central-1:111122223333:cluster/${CLUSTER}`,
    version: '1.34',
    platformVersion: 'eks.14',
    status: 'ACTIVE',
    supportType: 'EXTENDED',
    issues: [],
    subnetIds: [...INNER_SUBNETS],
    securityGroupIds: ['sg-0d6f9be2a47c1538e'],
    roleArn: ROLE,
    keyArns: [KEY],
    autoMode: false,
    hybrid: false,
  }),
  versions: read(...VERSIONS),
  insights: read(...INSIGHTS),
  addons: read(...ADDONS),
  nodeGroups: read(...NODE_GROUPS),
  fargate: read(),
  identities: read(
    { kind: 'role', id: ROLE, usable: true, reason: '' },
    { kind: 'key', id: KEY, usable: true, reason: '' },
    { kind: 'security group', id: 'sg-0d6f9be2a47c1538e', usable: true, reason: '' },
  ),
  updates: read({
    id: '7c9d2f10-52f4-3b06-9a0b-64a0b1a8c2de',
    type: 'VersionUpdate',
    status: 'Successful',
    createdAt: '2026-04-14T08:03:00.000Z',
    params: { Version: '1.34' },
    errors: [],
  }),
} satisfies ClusterFacts;
