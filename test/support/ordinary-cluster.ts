/**
 * What lies in an ordinary EKS cluster at 1.35 as the API server writes it: the add-ons, Karpenter, cert-manager, the
 * load balancer controller, Prometheus, a database of an operator. Nothing is wrong with it.
 */

interface Named {
  readonly namespace: string;
  readonly name: string;
}

const IMAGE = '602401143452.dkr.ecr.eu-central-1.amazonaws.com/eks';

const workload = (namespace: string, name: string, image: string, replicas = 2) => ({
  metadata: { namespace, name, managedFields: writtenBy('helm', 'apps/v1') },
  spec: {
    replicas,
    template: {
      metadata: { labels: { 'app.kubernetes.io/name': name } },
      spec: {
        containers: [{ name, image, readinessProbe: { httpGet: {} } }],
        topologySpreadConstraints: [{ topologyKey: 'topology.kubernetes.io/zone' }],
      },
    },
  },
  status: { readyReplicas: replicas, desiredNumberScheduled: 2, numberReady: 2 },
});

/** What the API server notes of who wrote an object, by which version. */
function writtenBy(manager: string, apiVersion: string, time = '2026-11-01T08:00:00Z') {
  return [{ manager, operation: 'Update', apiVersion, time }];
}

const budget = ({ namespace, name }: Named, spec: object, pods: number, allowed: number) => ({
  metadata: { namespace, name },
  spec: { selector: { matchLabels: { 'app.kubernetes.io/name': name } }, ...spec },
  status: {
    disruptionsAllowed: allowed,
    currentHealthy: pods,
    desiredHealthy: pods - allowed,
    expectedPods: pods,
  },
});

const rule = (group: string, resource: string) => ({
  apiGroups: [group],
  apiVersions: ['*'],
  operations: ['CREATE', 'UPDATE'],
  resources: [resource],
  scope: '*',
});

const webhook = (name: string, service: Named | undefined, rules: readonly object[], more: object = {}) => ({
  name,
  failurePolicy: 'Fail',
  timeoutSeconds: 10,
  clientConfig: service ? { service } : { url: 'https://127.0.0.1:23443/mutate' },
  rules,
  ...more,
});

const LBC = { namespace: 'kube-system', name: 'aws-load-balancer-webhook-service' };
const CERT_MANAGER = { namespace: 'cert-manager', name: 'cert-manager-webhook' };

const served = (group: string, version: string, resource: string, kind: string, namespaced = true) => ({
  group,
  version,
  resource,
  kind,
  namespaced,
  listable: true,
});

export const ORDINARY_SERVED = [
  served(
    'flowcontrol.apiserver.k8s.io',
    'v1',
    'prioritylevelconfigurations',
    'PriorityLevelConfiguration',
    false,
  ),
  served('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
  served('batch', 'v1', 'cronjobs', 'CronJob'),
  served('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget'),
  served('cert-manager.io', 'v1', 'certificates', 'Certificate'),
  served('crd.k8s.amazonaws.com', 'v1alpha1', 'eniconfigs', 'ENIConfig', false),
];

export const ORDINARY_OBJECTS: Readonly<Record<string, readonly unknown[]>> = {
  nodes: ['a', 'b'].map((zone) => ({
    metadata: {
      name: `ip-10-0-0-1${zone}`,
      labels: { 'eks.amazonaws.com/nodegroup': 'blue', 'topology.kubernetes.io/zone': `eu-central-1${zone}` },
    },
    status: {
      conditions: [{ type: 'Ready', status: 'True' }],
      nodeInfo: {
        kubeletVersion: 'v1.35.2-eks-1a2b3c',
        osImage: 'Amazon Linux 2023.9.20261101',
        containerRuntimeVersion: 'containerd://2.1.5',
      },
    },
  })),
  'deployments.apps': [
    workload('kube-system', 'coredns', `${IMAGE}/coredns:v1.13.2-eksbuild.4`),
    workload(
      'kube-system',
      'aws-load-balancer-controller',
      'public.ecr.aws/eks/aws-load-balancer-controller:v2.14.1',
    ),
    workload('kube-system', 'karpenter', 'public.ecr.aws/karpenter/controller:1.9.0'),
    workload('cert-manager', 'cert-manager', 'quay.io/jetstack/cert-manager-controller:v1.19.1'),
    workload('monitoring', 'prometheus-operator', 'quay.io/prometheus-operator/prometheus-operator:v0.87.0'),
  ],
  'statefulsets.apps': [workload('monitoring', 'prometheus', 'quay.io/prometheus/prometheus:v3.8.0')],
  'daemonsets.apps': [
    workload('kube-system', 'kube-proxy', `${IMAGE}/kube-proxy:v1.35.2-minimal-eksbuild.4`),
    workload('kube-system', 'aws-node', `${IMAGE}/amazon-k8s-cni:v1.20.4-eksbuild.1`),
    workload('monitoring', 'node-exporter', 'quay.io/prometheus/node-exporter:v1.10.0'),
  ],
  // A note of years ago by a version that is long gone, of a manager that has written since.
  'cronjobs.batch': [
    {
      metadata: {
        namespace: 'shop',
        name: 'report',
        managedFields: [
          ...writtenBy('helm', 'batch/v1beta1', '2021-05-01T08:00:00Z'),
          ...writtenBy('helm', 'batch/v1'),
        ],
      },
      spec: {
        jobTemplate: {
          spec: { template: { spec: { containers: [{ name: 'report', image: 'report:1' }] } } },
        },
      },
    },
  ],
  'horizontalpodautoscalers.autoscaling': [
    {
      metadata: {
        namespace: 'shop',
        name: 'web',
        managedFields: writtenBy('kubectl', 'autoscaling/v2beta2'),
      },
    },
  ],
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': [
    {
      metadata: {
        name: 'eks-exempt',
        managedFields: writtenBy(
          'eks-internal',
          'flowcontrol.apiserver.k8s.io/v1beta3',
          '2024-02-01T08:00:00Z',
        ),
      },
    },
  ],
  'poddisruptionbudgets.policy': [
    budget({ namespace: 'kube-system', name: 'coredns' }, { maxUnavailable: 1 }, 2, 1),
    budget({ namespace: 'kube-system', name: 'karpenter' }, { maxUnavailable: 1 }, 2, 1),
    // The operator moves the primary itself when its node is cordoned.
    budget({ namespace: 'db', name: 'pg-primary' }, { minAvailable: 1 }, 1, 0),
  ],
  'mutatingwebhookconfigurations.admissionregistration.k8s.io': [
    {
      metadata: { name: 'aws-load-balancer-webhook' },
      webhooks: [
        webhook('mpod.elbv2.k8s.aws', LBC, [rule('', 'pods')], {
          namespaceSelector: {
            matchExpressions: [
              { key: 'elbv2.k8s.aws/pod-readiness-gate-inject', operator: 'In', values: ['enabled'] },
            ],
          },
        }),
        webhook('mservice.elbv2.k8s.aws', LBC, [rule('', 'services')]),
      ],
    },
    {
      metadata: { name: 'pod-identity-webhook' },
      webhooks: [
        webhook('pod-identity-webhook.amazonaws.com', undefined, [rule('', 'pods')], {
          failurePolicy: 'Ignore',
        }),
      ],
    },
  ],
  'validatingwebhookconfigurations.admissionregistration.k8s.io': [
    {
      metadata: { name: 'cert-manager-webhook' },
      webhooks: [webhook('webhook.cert-manager.io', CERT_MANAGER, [rule('cert-manager.io', '*/*')])],
    },
  ],
  namespaces: ['kube-system', 'cert-manager', 'monitoring', 'shop', 'db'].map((name) => ({
    metadata: { name },
  })),
  'endpointslices.discovery.k8s.io': [LBC, CERT_MANAGER].map(({ namespace, name }) => ({
    metadata: { namespace, name: `${name}-x7k2p`, labels: { 'kubernetes.io/service-name': name } },
    endpoints: [{ conditions: { ready: true } }],
  })),
};
