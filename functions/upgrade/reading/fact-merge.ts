import type { ApiEvidence, UsedApiFact } from '../../records/upgrade/api-facts.ts';
import type { SubnetFact } from '../../records/upgrade/aws-facts.ts';
import type { ClusterFacts, Unread } from '../../records/upgrade/facts.ts';

/** The parts of a collection become one: what overlaps is there once, what was not read stays said. */

interface Topic<T> {
  readonly items: readonly T[];
  readonly unread: readonly Unread[];
}

/**
 * Puts two parts of what is known about one cluster together, topic by topic. Items are the same when they name the
 * same thing; of two the later is kept, since it was read later, and evidence of both is kept. Associative, and a part
 * that comes twice changes nothing. A topic that neither part has stays absent: it was not asked for.
 */
export const mergeFacts = (a: ClusterFacts, b: ClusterFacts): ClusterFacts => ({
  cluster: join(a.cluster, b.cluster, named),
  versions: join(a.versions, b.versions, ({ version }) => version),
  insights: join(a.insights, b.insights, ({ id }) => id),
  addons: join(a.addons, b.addons, named),
  nodeGroups: join(a.nodeGroups, b.nodeGroups, named),
  fargate: join(a.fargate, b.fargate, named),
  subnets: join(a.subnets, b.subnets, ({ id }) => id, joinUses),
  quotas: join(a.quotas, b.quotas, ({ code }) => code),
  identities: join(a.identities, b.identities, ({ kind, id }) => path(kind, id)),
  updates: join(a.updates, b.updates, ({ id }) => id),
  served: join(a.served, b.served, ({ group, version, resource }) => path(group, version, resource)),
  usedApis: join(a.usedApis, b.usedApis, object, joinEvidence),
  requestedApis: join(a.requestedApis, b.requestedApis, ({ group, version, resource, subresource }) =>
    path(group, version, resource, subresource),
  ),
  helm: join(a.helm, b.helm, ({ namespace, name, revision }) => path(namespace, name, String(revision))),
  manifests: join(a.manifests, b.manifests, object, joinEvidence),
  nodes: join(a.nodes, b.nodes, named),
  kubeProxy: join(a.kubeProxy, b.kubeProxy, ({ image, mode }) => path(image, mode)),
  workloads: join(a.workloads, b.workloads, object),
  budgets: join(a.budgets, b.budgets, inNamespace),
  externalIps: join(a.externalIps, b.externalIps, inNamespace),
  webhooks: join(a.webhooks, b.webhooks, ({ kind, configuration, name }) => path(kind, configuration, name)),
  nodePools: join(a.nodePools, b.nodePools, named),
});

/** As JSON, since a name may hold any character that could part two others. */
const path = (...parts: readonly string[]): string => JSON.stringify(parts);
const named = ({ name }: { readonly name: string }): string => name;
const inNamespace = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string =>
  path(namespace, name);
const object = (one: { readonly kind: string; readonly namespace: string; readonly name: string }): string =>
  path(one.kind, one.namespace, one.name);

const join = <T>(
  a: Topic<T> | undefined,
  b: Topic<T> | undefined,
  identify: (item: T) => string,
  joinTwo: (earlier: T, later: T) => T = (_, later) => later,
): { items: T[]; unread: Unread[] } | undefined => {
  if (!a && !b) return undefined;
  const items = new Map<string, T>();
  for (const item of [...(a?.items ?? []), ...(b?.items ?? [])]) {
    const id = identify(item);
    const known = items.get(id);
    items.set(id, known === undefined ? item : joinTwo(known, item));
  }
  const unread = unique([...(a?.unread ?? []), ...(b?.unread ?? [])], ({ what, reason, permission }) =>
    path(what, reason, permission ?? ''),
  );
  return { items: [...items.values()], unread };
};

const unique = <T>(items: readonly T[], identify: (item: T) => string): T[] => {
  const seen = new Map<string, T>();
  for (const item of items) {
    const id = identify(item);
    if (!seen.has(id)) seen.set(id, item);
  }
  return [...seen.values()];
};

const joinUses = (earlier: SubnetFact, later: SubnetFact): SubnetFact => ({
  ...later,
  usedBy: [...new Set([...earlier.usedBy, ...later.usedBy])],
});

/** An object is listed once for each group that serves it, and each list brings its own evidence. */
const joinEvidence = (earlier: UsedApiFact, later: UsedApiFact): UsedApiFact => ({
  ...later,
  evidence: unique([...earlier.evidence, ...later.evidence], identifyEvidence),
});

const identifyEvidence = (evidence: ApiEvidence): string => {
  const { source, apiVersion, confidence, manager, time, release, file, line } = evidence;
  return path(
    source,
    apiVersion,
    confidence,
    manager ?? '',
    time ?? '',
    release ?? '',
    file ?? '',
    `${line ?? ''}`,
  );
};
