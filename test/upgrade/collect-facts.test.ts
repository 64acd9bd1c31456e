import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import type { RecordKind } from '../../functions/clients/ledger.ts';
import { type FactPart, factPartKey, factPartKind } from '../../functions/records/upgrade/facts.ts';
import { MAX_COLLECTION_PARTS } from '../../functions/records/upgrade/limits.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { Input } from '../../functions/upgrade/collect-facts.contract.ts';
import { run } from '../../functions/upgrade/collect-facts.ts';
import type { Collector } from '../../functions/upgrade/reading/collection.ts';
import { mergeFacts } from '../../functions/upgrade/reading/fact-merge.ts';
import { buildSubject } from '../support/check-subjects.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { buildExecution, calmInvocation } from '../support/target-world.ts';
import { buildClusterFact, buildNode, topicOf } from '../support/upgrade-facts.ts';

const execution = buildExecution('blue-1');

/** A collector of nodes in slices of one, which counts what is read of it. */
const countNodes = (prefix: string, slices: number, reads: string[]): Collector => ({
  name: prefix,
  collect: async (_sources, _task, cursor = '0') => {
    const name = `${prefix}-${cursor}`;
    reads.push(name);
    const next = Number(cursor) + 1;
    return {
      facts: { nodes: topicOf(buildNode({ name })) },
      ...(next < slices ? { cursor: String(next) } : {}),
    };
  },
});

const createCollection = (remainingMs: () => number = () => 300_000) => {
  const ledger = createMemoryLedger();
  const reads: string[] = [];
  const deps = {
    ledger,
    subjects: [buildSubject('blue', { environments: ['production'] })],
    sources: () => ({
      eks: { ...NO_EKS, readCluster: async () => buildClusterFact({ version: '1.35' }) },
      clock: createFixedClock(),
    }),
    collectors: [countNodes('a', 3, reads), countNodes('b', 2, reads)],
  };
  const invocation = { ...calmInvocation(), remainingMs };
  const collect = (check: unknown) => run(Input.parse({ execution, check }), deps, invocation);
  /** Goes round as the machine does, and gives the parts. */
  const collectAll = async () => {
    let answer = await collect({ cluster: 'blue' });
    while (answer.outcome === 'more') answer = await collect({ ...answer });
    const parts: FactPart[] = [];
    for (let part = 0; part < answer.part; part++) {
      const stored = await ledger.read(factPartKind, factPartKey(execution.name, part));
      if (stored) parts.push(stored.value);
    }
    return { answer, parts, nodes: parts.map(({ facts }) => facts).reduce(mergeFacts).nodes?.items };
  };
  return { ledger, reads, deps, collect, collectAll };
};

const refuse = (): never => expect.unreachable();
const NO_EKS = {
  readCluster: refuse,
  listVersions: refuse,
  listInsights: refuse,
  startInsightsRefresh: refuse,
  readInsightsRefresh: refuse,
  listAddons: refuse,
  listNodeGroups: refuse,
  listFargateProfiles: refuse,
  listUpdates: refuse,
  readUpdate: refuse,
};

const ALL = ['a-0', 'a-1', 'a-2', 'b-0', 'b-1'];

describe('collect-facts', () => {
  it('reads everything in one part when there is time, and says that it is done', async () => {
    const world = createCollection();
    const { answer, parts, nodes } = await world.collectAll();
    expect(answer).toMatchObject({
      outcome: 'done',
      part: 1,
      cluster: 'blue',
      current: '1.35',
      target: '1.36',
    });
    expect(parts).toHaveLength(1);
    expect(nodes?.map(({ name }) => name)).toEqual(ALL);
  });

  it('goes on in the next part when its time is nearly over; nothing is read twice or left out', async () => {
    const world = createCollection(() => 59_000);
    const { answer, parts, nodes } = await world.collectAll();
    expect(answer).toMatchObject({ outcome: 'done', part: 5 });
    expect(parts).toHaveLength(5);
    expect(nodes?.map(({ name }) => name)).toEqual(ALL);
    expect(world.reads).toEqual(ALL);
  });

  it('goes on in the next part when a part grows large, however much time is left', async () => {
    const world = createCollection();
    const big: Collector = {
      name: 'big',
      collect: async (_sources, _task, cursor = '0') => ({
        facts: { nodes: topicOf(buildNode({ name: `n-${cursor}`, osImage: 'x'.repeat(3_000_000) })) },
        ...(cursor === '3' ? {} : { cursor: String(Number(cursor) + 1) }),
      }),
    };
    world.deps.collectors.splice(0, 2, big);
    expect((await world.collectAll()).parts.map(({ facts }) => facts.nodes?.items.length)).toEqual([2, 2]);
  });

  it('a part that a Lambda wrote before it died is not read again, and its own end counts', async () => {
    const world = createCollection(() => 59_000);
    const first = await world.collect({ cluster: 'blue' });
    expect(world.reads).toEqual(['a-0']);
    expect(await world.collect({ cluster: 'blue' })).toEqual(first);
    expect(world.reads).toEqual(['a-0']);
    expect((await world.collectAll()).nodes?.map(({ name }) => name)).toEqual(ALL);
  });

  it('of two Lambdas at one part the first counts, also when the second got further', async () => {
    const world = createCollection(() => 59_000);
    const slow = createCollection();
    const late = {
      ...slow.deps,
      ledger: {
        ...world.ledger,
        // It looked before the other had written.
        read: async <S extends z.ZodType>(kind: RecordKind<S>, key: string) =>
          world.reads.length === 0 ? undefined : world.ledger.read(kind, key),
      },
      collectors: [
        {
          name: 'overtaken',
          collect: async (...args: Parameters<Collector['collect']>) => {
            await world.collect({ cluster: 'blue' });
            return countNodes('late', 1, []).collect(...args);
          },
        },
      ],
    };
    const answer = await run(Input.parse({ execution, check: { cluster: 'blue' } }), late, {
      ...calmInvocation(),
      remainingMs: () => 300_000,
    });
    expect(answer).toMatchObject({ outcome: 'more', part: 1, from: { collector: 0, cursor: '1' } });
  });

  it('all parts have one way, also when the cluster is upgraded meanwhile', async () => {
    const world = createCollection(() => 59_000);
    const first = await world.collect({ cluster: 'blue', target: '1.37' });
    const sources = () => ({
      eks: { ...NO_EKS, readCluster: async () => buildClusterFact({ version: '1.36' }) },
      clock: createFixedClock(),
    });
    const input = Input.parse({ execution, check: first });
    const second = await run(
      input,
      { ...world.deps, sources },
      { ...calmInvocation(), remainingMs: () => 0 },
    );
    expect(second).toMatchObject({ current: '1.35', target: '1.37', part: 2 });
  });

  it('finds the cluster by an environment on it, and answers with its own name', async () => {
    expect(await createCollection().collect({ cluster: 'production' })).toMatchObject({ cluster: 'blue' });
  });

  it.each([
    ['a cluster that is not there', { cluster: 'mars' }, 'cluster.unknown', /write one of blue/],
    ['a target that is not above', { cluster: 'blue', target: '1.35' }, 'target.refused', /write "1\.36"/],
  ])('%s is refused with what to write', async (_, check, code, message) => {
    await expect(createCollection().collect(check)).rejects.toMatchObject({
      name: 'RefusedError',
      code,
      message: expect.stringMatching(message),
    });
  });

  it('what EKS says of a cluster that it does not show is said, not hidden', async () => {
    const world = createCollection();
    const readCluster = async () => {
      throw new RefusedError('eks.forbidden', 'No right to eks:DescribeCluster');
    };
    const deps = {
      ...world.deps,
      sources: () => ({ eks: { ...NO_EKS, readCluster }, clock: createFixedClock() }),
    };
    const input = Input.parse({ execution, check: { cluster: 'blue' } });
    await expect(run(input, deps, { ...calmInvocation(), remainingMs: () => 0 })).rejects.toThrow(
      'eks:DescribeCluster',
    );
  });

  it('a collector without an end is our bug, and never a short report', async () => {
    const check = { cluster: 'blue', part: MAX_COLLECTION_PARTS };
    await expect(createCollection().collect(check)).rejects.toMatchObject({
      name: 'DefectError',
      code: 'collection.endless',
    });
  });
});
