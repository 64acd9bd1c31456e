import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import type {
  BudgetFact,
  WebhookFact,
  WorkloadFact,
} from '../../../functions/records/upgrade/kubernetes-facts.ts';
import { read } from './sample-names.ts';

/** What runs on the cluster of the pictures: GitLab as its chart installs it, CI jobs, and what a cluster has beside. */

const GITLAB_IMAGES = 'registry.gitlab.com/gitlab-org/build/cng';
const EKS_IMAGES = '602401143452.dkr.ecr.eu-central-1.amazonaws.com/eks';

const workload = (
  kind: WorkloadFact['kind'],
  place: string,
  replicas: number,
  image: string,
  own: Partial<WorkloadFact> = {},
): WorkloadFact => {
  const [namespace = '', name = ''] = place.split('/');
  return {
    kind,
    namespace,
    name,
    replicas,
    ready: replicas,
    podLabels: { app: name },
    images: [image],
    gitRepoVolumes: [],
    appArmorAnnotation: false,
    dockerSocket: false,
    doNotDisrupt: false,
    readinessProbes: true,
    minReadySeconds: 0,
    graceSeconds: 30,
    spread: true,
    ...own,
  };
};

const SIDEKIQ = workload(
  'Deployment',
  'gitlab/gitlab-sidekiq-all-in-1-v2',
  3,
  `${GITLAB_IMAGES}/gitlab-sidekiq-ee:v19.2.4`,
);

const GITLAB: readonly WorkloadFact[] = [
  workload(
    'Deployment',
    'gitlab/gitlab-webservice-default',
    4,
    `${GITLAB_IMAGES}/gitlab-webservice-ee:v19.2.4`,
  ),
  workload('Deployment', 'gitlab/gitlab-gitlab-shell', 2, `${GITLAB_IMAGES}/gitlab-shell:v14.52.0`),
  workload('Deployment', 'gitlab/gitlab-registry', 2, `${GITLAB_IMAGES}/gitlab-container-registry:v4.33.0`),
  workload('Deployment', 'gitlab/gitlab-kas', 2, `${GITLAB_IMAGES}/gitlab-kas:v19.2.4`),
  workload('StatefulSet', 'gitlab/gitlab-gitaly', 1, `${GITLAB_IMAGES}/gitaly:v19.2.4`),
  workload('Deployment', 'gitlab/gitlab-toolbox', 1, `${GITLAB_IMAGES}/gitlab-toolbox-ee:v19.2.4`),
  workload('Deployment', 'gitlab/gitlab-gitlab-exporter', 1, `${GITLAB_IMAGES}/gitlab-exporter:16.2.0`),
  workload(
    'Deployment',
    'gitlab/gitlab-nginx-ingress-controller',
    2,
    'registry.gitlab.com/gitlab-org/cloud-native/mirror/images/ingress-nginx/controller:v1.11.8',
  ),
];

const RUNNER_PODS = [
  't1kzq-project-118-concurrent-0',
  't1kzq-project-42-concurrent-1',
  't1kzq-project-7-concurrent-0',
];

const BESIDE: readonly WorkloadFact[] = [
  workload(
    'Deployment',
    'gitlab-runner/gitlab-runner',
    2,
    'registry.gitlab.com/gitlab-org/gitlab-runner:v19.2.1',
  ),
  ...RUNNER_PODS.map((name) =>
    workload(
      'Pod',
      `gitlab-runner/runner-${name}`,
      1,
      'registry.gitlab.com/gitlab-org/gitlab-runner/gitlab-runner-helper:v19.2.1',
    ),
  ),
  workload(
    'Deployment',
    'cert-manager/cert-manager-webhook',
    2,
    'quay.io/jetstack/cert-manager-webhook:v1.19.1',
  ),
  workload('Deployment', 'kube-system/coredns', 2, `${EKS_IMAGES}/coredns:v1.12.4-eksbuild.1`),
  workload('Deployment', 'kube-system/ebs-csi-controller', 2, `${EKS_IMAGES}/aws-ebs-csi-driver:v1.52.0`),
  workload('Deployment', 'kube-system/karpenter', 2, 'public.ecr.aws/karpenter/controller:1.8.2'),
  workload(
    'DaemonSet',
    'kube-system/aws-node',
    10,
    `${EKS_IMAGES.replace('/eks', '')}/amazon-k8s-cni:v1.19.2-eksbuild.5`,
  ),
  workload('DaemonSet', 'kube-system/kube-proxy', 10, `${EKS_IMAGES}/kube-proxy:v1.34.1-minimal-eksbuild.2`),
];

const budget = (name: string, pods: number, own: Partial<BudgetFact> = {}): BudgetFact => ({
  namespace: 'gitlab',
  name,
  matchLabels: { app: name },
  matchExpressions: [],
  selectsNothing: false,
  maxUnavailable: '1',
  disruptionsAllowed: 1,
  healthy: pods,
  wanted: pods - 1,
  pods,
  ...own,
});

const BUDGETS: readonly BudgetFact[] = [
  budget('gitlab-webservice-default', 4),
  budget(SIDEKIQ.name, 3),
  budget('gitlab-gitlab-shell', 2),
  budget('gitlab-registry', 2),
];

/** Of one pod it wants one: somebody meant to keep Gitaly up. */
const GITALY_BUDGET: BudgetFact = {
  namespace: 'gitlab',
  name: 'gitlab-gitaly',
  matchLabels: { app: 'gitlab-gitaly' },
  matchExpressions: [],
  selectsNothing: false,
  minAvailable: '1',
  disruptionsAllowed: 0,
  healthy: 1,
  wanted: 1,
  pods: 1,
};

const WEBHOOKS: readonly WebhookFact[] = [
  {
    configuration: 'cert-manager-webhook',
    kind: 'validating',
    name: 'webhook.cert-manager.io',
    failurePolicy: 'Fail',
    timeoutSeconds: 30,
    service: 'cert-manager/cert-manager-webhook',
    readyEndpoints: 2,
    catches: [],
    exceptNamespaces: ['cert-manager'],
  },
];

/** The topics of what runs. */
export const WORKLOAD_FACTS = {
  workloads: read(...GITLAB, SIDEKIQ, ...BESIDE),
  budgets: read(...BUDGETS, GITALY_BUDGET),
  externalIps: read(),
  webhooks: read(...WEBHOOKS),
} satisfies ClusterFacts;

/** The day before: one pod of Sidekiq was not ready, and nobody had written the budget of Gitaly yet. */
export const WORKLOAD_FACTS_BEFORE = {
  ...WORKLOAD_FACTS,
  workloads: read(...GITLAB, { ...SIDEKIQ, ready: 2 }, ...BESIDE),
  budgets: read(...BUDGETS),
} satisfies ClusterFacts;
