import type { ClusterFacts } from '../../records/upgrade/facts.ts';
import type { NodeFact } from '../../records/upgrade/kubernetes-facts.ts';
import type { Health } from '../../records/upgrade/plan.ts';
import { collectNodes } from '../collectors/kubernetes-nodes.ts';
import { collectWorkloads } from '../collectors/kubernetes-workloads.ts';
import type { CollectionTask, Collector, FactSources } from './collection.ts';
import { mergeFacts } from './fact-merge.ts';

/** Where health is read. */
export interface HealthSources {
  readonly facts: FactSources;
  /** Does the sign-in page answer? Absent where drydock.yaml names no GitLab. */
  readonly probeGitLab?: (signal: AbortSignal) => Promise<boolean>;
  /** The same of other environments that live on the cluster, by their names. */
  readonly probeOthers?: ReadonlyMap<string, (signal: AbortSignal) => Promise<boolean>>;
}

/** Reads a collector's topic to its end. */
export const collectAll = async (
  collector: Collector,
  sources: FactSources,
  task: CollectionTask,
  signal: AbortSignal,
): Promise<ClusterFacts> => {
  let facts: ClusterFacts = {};
  let cursor: string | undefined;
  do {
    const slice = await collector.collect(sources, task, cursor, signal);
    facts = mergeFacts(facts, slice.facts);
    cursor = slice.cursor;
  } while (cursor !== undefined);
  return facts;
};

export interface HealthReading {
  readonly health: Health;
  /** Undefined when they could not be read whole. */
  readonly nodes: readonly NodeFact[] | undefined;
}

/** Reads how healthy a cluster is: its nodes, its workloads, its GitLab. What cannot be read is named. */
export const readHealth = async (
  { facts: sources, probeGitLab, probeOthers = new Map() }: HealthSources,
  task: CollectionTask,
  signal: AbortSignal,
): Promise<HealthReading> => {
  const [nodes, workloads, answers, ...others] = await Promise.all([
    collectAll(collectNodes, sources, task, signal),
    collectAll(collectWorkloads, sources, task, signal),
    probeGitLab?.(signal),
    ...[...probeOthers].map(async ([name, probe]) => ((await probe(signal)) ? [] : [`GitLab of ${name}`])),
  ]);
  const all = workloads.workloads?.items ?? [];
  const found = nodes.nodes?.items ?? [];
  // Whether a node has drifted is nothing that health asks for, so who may not read that reads nodes all the same.
  const unreadNodes = (nodes.nodes?.unread ?? []).filter(({ what }) => !what.startsWith('nodeclaims'));
  const unread = [...unreadNodes, ...(workloads.workloads?.unread ?? [])];
  return {
    nodes: unreadNodes.length === 0 ? found : undefined,
    health: {
      at: sources.clock.now().toISOString(),
      nodes: { ready: found.filter(({ ready }) => ready).length, total: found.length },
      unready: all
        .filter(({ ready, replicas }) => ready < replicas)
        .map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`)
        .concat(others.flat())
        .toSorted(),
      workloads: all.length + others.length,
      ...(answers === undefined
        ? {}
        : { gitlab: answers ? ('answers' as const) : ('does-not-answer' as const) }),
      unread: unread.map(({ what, reason }) => `${what}: ${reason}`),
    },
  };
};
