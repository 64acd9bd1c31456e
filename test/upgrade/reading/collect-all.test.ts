import { describe, expect, it } from 'vitest';
import { defaultUpgradeSettings } from '../../../functions/records/configuration/upgrade.ts';
import { collectAll } from '../../../functions/upgrade/reading/collect-all.ts';
import type { CollectionTask, Collector } from '../../../functions/upgrade/reading/collection.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { buildNodeGroup, topicOf } from '../../support/upgrade-facts.ts';

const task: CollectionTask = {
  cluster: 'gitlab',
  current: '1.35',
  target: '1.36',
  settings: defaultUpgradeSettings(),
};
const signal = new AbortController().signal;

/** Gives a node group a slice, `count` slices, each after a turn of the loop. */
const slices = (name: string, count: number, wait = 0): Collector => ({
  name,
  collect: async (_, __, cursor = '1') => {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const next = Number(cursor) + 1;
    return {
      facts: { nodeGroups: topicOf(buildNodeGroup({ name: `${name}-${cursor}` })) },
      ...(next <= count ? { cursor: String(next) } : {}),
    };
  },
});

const collect = (collectors: readonly Collector[], tell?: Parameters<typeof collectAll>[4]) =>
  collectAll(collectors, { clock: createFixedClock() }, task, signal, tell);

describe('a collection in one process', () => {
  it('takes every slice of every collector, in the order of the registry, whoever is faster', async () => {
    const { nodeGroups } = await collect([slices('slow', 2, 20), slices('fast', 3)]);
    expect(nodeGroups?.items.map(({ name }) => name)).toEqual([
      'slow-1',
      'slow-2',
      'fast-1',
      'fast-2',
      'fast-3',
    ]);
  });

  it('reads at most four at once', async () => {
    let most = 0;
    await collect(
      Array.from({ length: 9 }, (_, index) => slices(`c${index}`, 1, 5)),
      ({ reading }) => (most = Math.max(most, reading.length)),
    );
    expect(most).toBe(4);
  });

  it('tells how far it is', async () => {
    const told: string[] = [];
    await collect([slices('a', 1), slices('b', 2)], ({ done, total, reading }) =>
      told.push(`${done}/${total} ${reading.join('+')}`),
    );
    expect(told[0]).toBe('0/2 a');
    expect(told.at(-1)).toBe('2/2 ');
  });

  it('lets a bug in a collector be seen', async () => {
    const broken: Collector = {
      name: 'broken',
      collect: async () => {
        throw new TypeError('x is not a function');
      },
    };
    await expect(collect([slices('a', 1), broken])).rejects.toThrow('x is not a function');
  });
});
