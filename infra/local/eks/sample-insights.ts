import { createHash } from 'node:crypto';
import type { ClientStat, Insight } from '@aws-sdk/client-eks';
import { minorOf } from './calendar.ts';

/**
 * The insights that EKS shows of a cluster in good order, one for each thing that it looks at:
 * https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html. Names and texts are near to EKS's own.
 */
export const buildHealthyInsights = (version: string, now: Date): Insight[] => {
  const next = shift(version, 1);
  return [
    describe(
      `Deprecated APIs removed in Kubernetes v${next}`,
      next,
      now,
      'No deprecated API usage detected.',
    ),
    describe(
      `Deprecated APIs removed in Kubernetes v${shift(version, 2)}`,
      shift(version, 2),
      now,
      'No deprecated API usage detected.',
    ),
    describe('Kubelet version skew', next, now, 'Node kubelet versions match the cluster version.'),
    describe('kube-proxy version skew', next, now, 'kube-proxy versions match the cluster version.'),
    describe('EKS add-on version compatibility', next, now, 'All installed add-on versions are compatible.'),
    describe('Cluster health issues', next, now, 'No cluster health issues detected.'),
  ];
};

/** An insight about clients that call an API which the version stops serving. */
export const buildDeprecationInsight = (
  deprecation: {
    /** `1.37` */
    readonly version: string;
    /** `/apis/storage.k8s.io/v1beta1/volumeattributesclasses` */
    readonly usage: string;
    readonly replacedWith: string;
    readonly clients: readonly ClientStat[];
    /** Paths of objects: `/apis/storage.k8s.io/v1beta1/volumeattributesclasses/gold`. */
    readonly objects?: readonly string[];
  },
  now: Date,
): Insight => {
  const { version, usage, replacedWith, clients, objects = [] } = deprecation;
  const name = `Deprecated APIs removed in Kubernetes v${version}`;
  const status = 'ERROR';
  return {
    ...describe(name, version, now, 'Deprecated API usage detected within last 30 days.'),
    insightStatus: { status, reason: 'Deprecated API usage detected within last 30 days.' },
    resources: objects.map((kubernetesResourceUri) => ({ insightStatus: { status }, kubernetesResourceUri })),
    categorySpecificSummary: {
      deprecationDetails: [
        {
          usage,
          replacedWith,
          stopServingVersion: version,
          startServingReplacementVersion: shift(version, -3),
          clientStats: [...clients],
        },
      ],
      addonCompatibilityDetails: [],
    },
  };
};

const describe = (name: string, kubernetesVersion: string, now: Date, reason: string): Insight => ({
  id: idOf(name),
  name,
  category: 'UPGRADE_READINESS',
  kubernetesVersion,
  lastRefreshTime: now,
  lastTransitionTime: now,
  description: `Checks before an upgrade to ${kubernetesVersion}: ${name}.`,
  insightStatus: { status: 'PASSING', reason },
  recommendation: 'Follow the upgrade guide before you upgrade the cluster.',
  additionalInfo: {
    'EKS update cluster documentation':
      'https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html',
  },
  resources: [],
  categorySpecificSummary: { deprecationDetails: [], addonCompatibilityDetails: [] },
});

/** The same insight has the same id each time, in the form of EKS's. */
export const idOf = (name: string): string => {
  const hash = createHash('sha256').update(name).digest('hex');
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ].join('-');
};

const shift = (version: string, by: number): string => `1.${minorOf(version) + by}`;
