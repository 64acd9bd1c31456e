import * as z from 'zod';
import { HelmReleaseFact, RequestedApiFact, ServedResourceFact, UsedApiFact } from './api-facts.ts';
import {
  AddonFact,
  ClusterFact,
  FargateFact,
  IdentityFact,
  InsightFact,
  NodeGroupFact,
  QuotaFact,
  SubnetFact,
  UpdateFact,
  VersionFact,
} from './aws-facts.ts';
import {
  BudgetFact,
  ExternalIpFact,
  KubeProxyFact,
  NodeFact,
  NodePoolFact,
  WebhookFact,
  WorkloadFact,
} from './kubernetes-facts.ts';

/**
 * What a check knows of a cluster: plain facts by topic, read once and judged by pure rules. They travel through the
 * ledger, part by part, so that a collection can go on in the next Lambda.
 */

/** Something that was asked for and not read: never green, and said with the right that is missing. */
export const Unread = z.object({
  /** What: `deployments.apps`, `insights`, `Helm releases`. */
  what: z.string(),
  /** Why, as a sentence for a person. */
  reason: z.string(),
  /** The right that would mend it: `eks:ListInsights`, `list deployments.apps`. */
  permission: z.string().optional(),
  /** What helps where no right does, as a sentence; without it: to try again. */
  help: z.string().optional(),
});
export type Unread = z.output<typeof Unread>;

const topic = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), unread: z.array(Unread) }).optional();

/** Facts by topic. A topic that is absent was not asked for; one with `unread` was read in part or not at all. */
export const ClusterFacts = z.object({
  cluster: topic(ClusterFact),
  versions: topic(VersionFact),
  insights: topic(InsightFact),
  addons: topic(AddonFact),
  nodeGroups: topic(NodeGroupFact),
  fargate: topic(FargateFact),
  subnets: topic(SubnetFact),
  quotas: topic(QuotaFact),
  identities: topic(IdentityFact),
  updates: topic(UpdateFact),
  served: topic(ServedResourceFact),
  /** Objects that were written by an API version which the table of deprecations names. */
  usedApis: topic(UsedApiFact),
  requestedApis: topic(RequestedApiFact),
  helm: topic(HelmReleaseFact),
  /** Objects in manifests that the user gave: files, a pipeline's output, an S3 prefix. */
  manifests: topic(UsedApiFact),
  nodes: topic(NodeFact),
  kubeProxy: topic(KubeProxyFact),
  workloads: topic(WorkloadFact),
  budgets: topic(BudgetFact),
  externalIps: topic(ExternalIpFact),
  webhooks: topic(WebhookFact),
  nodePools: topic(NodePoolFact),
});
export type ClusterFacts = z.output<typeof ClusterFacts>;

export type FactName = keyof ClusterFacts;
/** One item of a topic. */
export type FactOf<Name extends FactName> = NonNullable<ClusterFacts[Name]>['items'][number];
/** The items of every topic; what was not read is an empty list, and whoever judges has to ask about that first. */
export type FactItems = { readonly [Name in FactName]-?: readonly FactOf<Name>[] };

/** The items of all topics. */
export const itemsOf = (facts: ClusterFacts): FactItems => ({
  cluster: facts.cluster?.items ?? [],
  versions: facts.versions?.items ?? [],
  insights: facts.insights?.items ?? [],
  addons: facts.addons?.items ?? [],
  nodeGroups: facts.nodeGroups?.items ?? [],
  fargate: facts.fargate?.items ?? [],
  subnets: facts.subnets?.items ?? [],
  quotas: facts.quotas?.items ?? [],
  identities: facts.identities?.items ?? [],
  updates: facts.updates?.items ?? [],
  served: facts.served?.items ?? [],
  usedApis: facts.usedApis?.items ?? [],
  requestedApis: facts.requestedApis?.items ?? [],
  helm: facts.helm?.items ?? [],
  manifests: facts.manifests?.items ?? [],
  nodes: facts.nodes?.items ?? [],
  kubeProxy: facts.kubeProxy?.items ?? [],
  workloads: facts.workloads?.items ?? [],
  budgets: facts.budgets?.items ?? [],
  externalIps: facts.externalIps?.items ?? [],
  webhooks: facts.webhooks?.items ?? [],
  nodePools: facts.nodePools?.items ?? [],
});

/** One part of a collection, written once: a Lambda that dies after it wrote finds it and goes on behind it. */
export const FactPart = z.object({
  version: z.literal(1),
  /** Where the next part begins; absent when this is the last. */
  next: z.object({ collector: z.int().nonnegative(), cursor: z.string().optional() }).optional(),
  facts: ClusterFacts,
});
export type FactPart = z.output<typeof FactPart>;

export const factPartKind = { name: 'part of a collection', schema: FactPart };
export const COLLECTION_PREFIX = 'upgrade/collections/';
export const factPartKey = (execution: string, part: number): string =>
  `${COLLECTION_PREFIX}${execution}/${String(part).padStart(5, '0')}.json`;
