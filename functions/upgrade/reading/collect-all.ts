import pMap from 'p-map';
import type { ClusterFacts } from '../../records/upgrade/facts.ts';
import type { CollectionTask, Collector, FactSources } from './collection.ts';
import { mergeFacts } from './fact-merge.ts';

/** Collectors that read at once; more would only wait for each other at the API server. */
const CONCURRENCY = 4;

/** How far a collection is: collectors that are done, and those that are reading. */
export interface CollectionProgress {
  readonly done: number;
  readonly total: number;
  readonly reading: readonly string[];
}

/**
 * Collects everything in one process, slice after slice, several collectors at once. The facts come out in the order
 * of the collectors, however fast each of them was.
 */
export const collectAll = async (
  collectors: readonly Collector[],
  sources: FactSources,
  task: CollectionTask,
  signal: AbortSignal,
  tell: (progress: CollectionProgress) => void = () => undefined,
): Promise<ClusterFacts> => {
  const reading = new Set<string>();
  let done = 0;
  const say = (): void => tell({ done, total: collectors.length, reading: [...reading] });
  const parts = await pMap(
    collectors,
    async (collector) => {
      reading.add(collector.name);
      say();
      const facts = await collectOne(collector, sources, task, signal);
      reading.delete(collector.name);
      done += 1;
      say();
      return facts;
    },
    { concurrency: CONCURRENCY, signal },
  );
  return parts.reduce<ClusterFacts>((all, part) => mergeFacts(all, part), {});
};

const collectOne = async (
  collector: Collector,
  sources: FactSources,
  task: CollectionTask,
  signal: AbortSignal,
): Promise<ClusterFacts> => {
  let slice = await collector.collect(sources, task, undefined, signal);
  let facts = slice.facts;
  while (slice.cursor !== undefined) {
    slice = await collector.collect(sources, task, slice.cursor, signal);
    facts = mergeFacts(facts, slice.facts);
  }
  return facts;
};
