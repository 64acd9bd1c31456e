import type { ClusterFacts, FactName } from '../../functions/records/upgrade/facts.ts';

/** Facts of which only some topics may be looked at: to touch the items of another one throws. */
export const readOnly = (facts: ClusterFacts, allowed: readonly FactName[]): ClusterFacts =>
  watch(facts, (name) => {
    if (!allowed.includes(name)) throw new Error(`looked at ${name}, which it does not declare`);
  });

/** Facts that remember which topics were looked at. */
export const spyOn = (facts: ClusterFacts, seen: Set<FactName>): ClusterFacts =>
  watch(facts, (name) => seen.add(name));

const watch = (facts: ClusterFacts, onLook: (name: FactName) => unknown): ClusterFacts => {
  const guard = <T extends { items: object[] }>(name: FactName, topic: T | undefined): T | undefined =>
    topic && { ...topic, items: guardItems(topic.items, () => onLook(name)) };
  return {
    cluster: guard('cluster', facts.cluster),
    versions: guard('versions', facts.versions),
    insights: guard('insights', facts.insights),
    addons: guard('addons', facts.addons),
    nodeGroups: guard('nodeGroups', facts.nodeGroups),
    fargate: guard('fargate', facts.fargate),
    subnets: guard('subnets', facts.subnets),
    quotas: guard('quotas', facts.quotas),
    identities: guard('identities', facts.identities),
    updates: guard('updates', facts.updates),
    served: guard('served', facts.served),
    usedApis: guard('usedApis', facts.usedApis),
    requestedApis: guard('requestedApis', facts.requestedApis),
    helm: guard('helm', facts.helm),
    manifests: guard('manifests', facts.manifests),
    nodes: guard('nodes', facts.nodes),
    kubeProxy: guard('kubeProxy', facts.kubeProxy),
    workloads: guard('workloads', facts.workloads),
    budgets: guard('budgets', facts.budgets),
    externalIps: guard('externalIps', facts.externalIps),
    webhooks: guard('webhooks', facts.webhooks),
    nodePools: guard('nodePools', facts.nodePools),
  };
};

/** What asks whether there is anything at all (`length`) is not a look at the items: the runner of checks does it. */
const guardItems = <T extends object>(items: T[], onLook: () => void): T[] =>
  new Proxy(items, {
    get: (target, key, receiver): unknown => {
      if (key !== 'length') onLook();
      return Reflect.get(target, key, receiver);
    },
  });
