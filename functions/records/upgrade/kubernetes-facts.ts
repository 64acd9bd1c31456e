import * as z from 'zod';
import { KubernetesMinor } from '../kubernetes-version.ts';

/** What lies in the cluster, folded to what the checks read. Times are ISO 8601 in UTC. */

export const NodeFact = z.object({
  name: z.string(),
  kubelet: KubernetesMinor.optional(),
  osImage: z.string(),
  /** `containerd://1.7.27`. */
  runtime: z.string(),
  zone: z.string(),
  /** Who made it: a managed node group, Karpenter, Auto Mode, Fargate, hybrid, or a group of the user's own. */
  origin: z.enum(['managed', 'karpenter', 'auto', 'fargate', 'hybrid', 'self-managed']),
  /** Name of the node group or node pool. */
  group: z.string(),
  ready: z.boolean(),
  unschedulable: z.boolean(),
  doNotDisrupt: z.boolean(),
  /** The AMI it was launched from is no longer the one its pool wants (Karpenter's condition `Drifted`). */
  drifted: z.boolean(),
});
export type NodeFact = z.output<typeof NodeFact>;

export const KubeProxyFact = z.object({
  image: z.string(),
  version: KubernetesMinor.optional(),
  mode: z.string(),
});
export type KubeProxyFact = z.output<typeof KubeProxyFact>;

/** A workload with the traits of its pod template that some check asks for. */
export const WorkloadFact = z.object({
  kind: z.enum(['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'ReplicationController', 'Pod']),
  namespace: z.string(),
  name: z.string(),
  /** 1 for kinds without replicas. */
  replicas: z.int(),
  ready: z.int(),
  /** Labels of its pods, which budgets select by. */
  podLabels: z.record(z.string(), z.string()),
  images: z.array(z.string()),
  /** Names of volumes of the type gitRepo. */
  gitRepoVolumes: z.array(z.string()),
  /** Sets AppArmor by the annotation of before 1.30. */
  appArmorAnnotation: z.boolean(),
  /** Mounts the socket of Docker or dockershim. */
  dockerSocket: z.boolean(),
  doNotDisrupt: z.boolean(),
  /** Has at least one container, and every container has a readiness probe. */
  readinessProbes: z.boolean(),
  minReadySeconds: z.int(),
  graceSeconds: z.int().optional(),
  spread: z.boolean(),
});
export type WorkloadFact = z.output<typeof WorkloadFact>;

const SelectorExpression = z.object({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()),
});

/** A PodDisruptionBudget. No selector at all selects nothing, an empty one everything in its namespace. */
export const BudgetFact = z.object({
  namespace: z.string(),
  name: z.string(),
  matchLabels: z.record(z.string(), z.string()),
  matchExpressions: z.array(SelectorExpression),
  selectsNothing: z.boolean(),
  minAvailable: z.string().optional(),
  maxUnavailable: z.string().optional(),
  disruptionsAllowed: z.int(),
  healthy: z.int(),
  wanted: z.int(),
  pods: z.int(),
});
export type BudgetFact = z.output<typeof BudgetFact>;

/** A Service with external IPs. */
export const ExternalIpFact = z.object({
  namespace: z.string(),
  name: z.string(),
  addresses: z.array(z.string()),
});
export type ExternalIpFact = z.output<typeof ExternalIpFact>;

/** One webhook of a Validating- or MutatingWebhookConfiguration. */
export const WebhookFact = z.object({
  configuration: z.string(),
  kind: z.enum(['validating', 'mutating']),
  name: z.string(),
  failurePolicy: z.enum(['Fail', 'Ignore']),
  timeoutSeconds: z.int(),
  /** `namespace/name` of the Service behind it; absent for a URL. */
  service: z.string().optional(),
  url: z.string().optional(),
  /** Ready endpoints of that Service; absent when they could not be read, or for a URL. */
  readyEndpoints: z.int().optional(),
  /**
   * What it catches of what an upgrade does: `pods`, `nodes`, `leases`, and for pods in which namespaces that matter:
   * `kube-system`, `own namespace` (that of the Service behind it).
   */
  catches: z.array(z.string()),
  exceptNamespaces: z.array(z.string()),
});
export type WebhookFact = z.output<typeof WebhookFact>;

/** A Karpenter or Auto Mode NodePool. */
export const NodePoolFact = z.object({
  name: z.string(),
  nodeClass: z.string(),
  /** What the node class pins: `al2023@latest`, `al2@v20240807`, an AMI id; empty when unknown. */
  ami: z.string(),
  budgets: z.array(
    z.object({ nodes: z.string(), schedule: z.string().optional(), reasons: z.array(z.string()) }),
  ),
  expireAfter: z.string(),
});
export type NodePoolFact = z.output<typeof NodePoolFact>;
