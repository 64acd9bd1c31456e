import type { KubernetesReader } from '../../functions/clients/kubernetes-reader.ts';
import type { ClusterFacts } from '../../functions/records/upgrade/facts.ts';
import type { CollectionTask, Collector, FactSources } from '../../functions/upgrade/reading/collection.ts';
import { mergeFacts } from '../../functions/upgrade/reading/fact-merge.ts';
import { createFixedClock } from './fixed-clock.ts';

/** More slices than any test needs: a cursor that never ends is a fault. */
const MAX_SLICES = 1_000;

/** Runs a collector to its end, each slice as a Lambda of its own would. */
export const collectAll = async (
  collector: Collector,
  kubernetes: KubernetesReader | undefined,
  options: Partial<Omit<CollectionTask, 'settings'>> & {
    readonly helmNamespaces?: CollectionTask['settings']['helmNamespaces'];
    readonly manifests?: NonNullable<FactSources['manifests']>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<{ readonly facts: ClusterFacts; readonly cursors: readonly string[] }> => {
  const { helmNamespaces = [], manifests, signal = new AbortController().signal, ...versions } = options;
  const sources: FactSources = {
    clock: createFixedClock(),
    ...(kubernetes ? { kubernetes } : {}),
    ...(manifests ? { manifests } : {}),
  };
  const task = {
    cluster: 'gitlab',
    current: '1.36',
    target: '1.37',
    ...versions,
    settings: { helmNamespaces },
  };
  let facts: ClusterFacts = {};
  const cursors: string[] = [];
  let cursor: string | undefined;
  do {
    const slice = await collector.collect(sources, task, cursor, signal);
    facts = mergeFacts(facts, slice.facts);
    ({ cursor } = slice);
    if (cursor !== undefined) cursors.push(cursor);
  } while (cursor !== undefined && cursors.length < MAX_SLICES);
  return { facts, cursors };
};
