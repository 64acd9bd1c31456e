import { describe, expect, it } from 'vitest';
import { type ClusterFacts, factPartKey, factPartKind } from '../../functions/records/upgrade/facts.ts';
import {
  clusterStateKey,
  clusterStateKind,
  pageKey,
  reportKey,
  reportKind,
} from '../../functions/records/upgrade/report.ts';
import { type Check, defineCheck } from '../../functions/upgrade/check.ts';
import { Input } from '../../functions/upgrade/judge-cluster.contract.ts';
import { run } from '../../functions/upgrade/judge-cluster.ts';
import { buildSubject } from '../support/check-subjects.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { buildExecution, calmInvocation } from '../support/target-world.ts';
import {
  buildCalendar,
  buildClusterFact,
  buildNode,
  topicOf,
  unreadTopic,
} from '../support/upgrade-facts.ts';

/** Blocks for each node, so that a test sees which facts were judged. */
const NODES: Check = defineCheck({
  code: 'nodes',
  title: 'There is no node',
  reads: ['nodes'],
  judge: ({ nodes }) =>
    nodes.map(({ name }) => ({
      result: 'block',
      subject: name,
      message: 'a node',
      remedy: { text: 'none' },
    })),
});

const BASE: ClusterFacts = { cluster: topicOf(buildClusterFact()), versions: topicOf(...buildCalendar()) };
const nodes = (...names: string[]): ClusterFacts => ({
  nodes: topicOf(...names.map((name) => buildNode({ name }))),
});

const createJudge = () => {
  const ledger = createMemoryLedger();
  const pages = new Map<string, string>();
  const clock = createFixedClock('2026-11-21T05:00:10.000Z');
  const deps = {
    ledger,
    clock,
    pages: { write: async (key: string, text: string) => void pages.set(key, text) },
    subjects: [buildSubject('blue', { environments: ['production'] })],
    settings: { ignore: [], surchargePerHour: 0.5, checks: [NODES] },
  };
  const judge = async (name: string, parts: readonly ClusterFacts[], check: object = {}) => {
    const execution = { ...buildExecution(name), startedAt: clock.now().toISOString() };
    for (const [part, facts] of parts.entries()) {
      const next = part + 1 < parts.length ? { next: { collector: 0, cursor: 'x' } } : {};
      await ledger.claim(factPartKind, factPartKey(name, part), { version: 1, facts, ...next });
    }
    const way = { cluster: 'blue', current: '1.35', target: '1.36', part: parts.length };
    const input = Input.parse({ execution, check: { ...way, ...check } });
    return { input, answer: await run(input, deps, calmInvocation()) };
  };
  const state = async () => (await ledger.read(clusterStateKind, clusterStateKey('blue')))?.value;
  const report = async (key: string) => (await ledger.read(reportKind, key))?.value;
  return { ledger, clock, deps, pages, judge, state, report };
};

describe('judge-cluster', () => {
  it('judges all parts as one, writes the report and both pages, and points to it', async () => {
    const world = createJudge();
    const { input, answer } = await world.judge('check-1', [{ ...BASE, ...nodes('n1') }, nodes('n1', 'n2')]);
    const key = reportKey({ cluster: 'blue', execution: input.execution, at: '' });
    expect(answer).toMatchObject({
      outcome: 'blocked',
      key,
      page: pageKey(key, 'html'),
      counts: { block: 2 },
    });
    const report = await world.report(key);
    expect(report?.findings.map(({ subject }) => subject)).toEqual(['n1', 'n2']);
    expect(report).toMatchObject({
      environments: ['production'],
      region: 'eu-central-1',
      verdict: 'blocked',
    });
    expect([...world.pages.keys()]).toEqual([pageKey(key, 'html'), pageKey(key, 'md')]);
    expect(world.pages.get(answer.page)).toMatch(/^<!doctype html>/i);
    expect(await world.state()).toMatchObject({ report: { key, verdict: 'blocked', target: '1.36' } });
  });

  it('what was not read is a report all the same, and is not green', async () => {
    const world = createJudge();
    const { answer } = await world.judge('check-1', [{ ...BASE, nodes: unreadTopic('nodes', 'list nodes') }]);
    expect(answer).toMatchObject({ outcome: 'not-checked', counts: { notChecked: 1 } });
  });

  it('says what is new and gone since the report before', async () => {
    const world = createJudge();
    await world.judge('check-1', [{ ...BASE, ...nodes('n1', 'n2') }]);
    world.clock.advance(86_400_000);
    const { answer } = await world.judge('check-2', [{ ...BASE, ...nodes('n2', 'n3') }]);
    const report = await world.report(answer.key);
    const added = report?.findings.filter(({ id }) => report.changes?.added.includes(id));
    expect(added?.map(({ subject }) => subject)).toEqual(['n3']);
    expect(report?.changes?.gone.map(({ subject }) => subject)).toEqual(['n1']);
  });

  it('judging again changes no report, and compares it with no other', async () => {
    const world = createJudge();
    const { input, answer } = await world.judge('check-1', [{ ...BASE, ...nodes('n1') }]);
    const before = await world.report(answer.key);
    world.clock.advance(5_000);
    world.pages.clear();
    expect(await run(input, world.deps, calmInvocation())).toEqual(answer);
    expect(await world.report(answer.key)).toEqual(before);
    expect(world.pages.size).toBe(2);
  });

  it('for a pipeline the report is written, and what people were told last stays the last', async () => {
    const world = createJudge();
    const { answer: told } = await world.judge('check-1', [{ ...BASE, ...nodes('n1') }]);
    world.clock.advance(60_000);
    const { answer } = await world.judge('gate-1', [{ ...BASE, ...nodes('n1', 'n2') }], { gate: true });
    expect(await world.report(answer.key)).toMatchObject({ counts: { block: 2 } });
    expect((await world.state())?.report.key).toBe(told.key);
  });

  it('a check that ends late does not take the place of a newer report', async () => {
    const world = createJudge();
    const late = await world.judge('check-1', [{ ...BASE, ...nodes('n1') }]);
    world.clock.advance(60_000);
    const { answer } = await world.judge('check-2', [{ ...BASE, ...nodes('n2') }]);
    await run(late.input, world.deps, calmInvocation());
    expect((await world.state())?.report.key).toBe(answer.key);
  });

  it('keeps what was told of the calendar and the number of the issue', async () => {
    const world = createJudge();
    const first = await world.judge('check-1', [BASE]);
    const stored = await world.ledger.read(clusterStateKind, clusterStateKey('blue'));
    const stageTold = { end: 'standard' as const, days: 30, version: '1.35' };
    if (!stored) throw new Error('no state');
    await world.ledger.change(clusterStateKind, clusterStateKey('blue'), stored.etag, {
      ...stored.value,
      stageTold,
      issue: 7,
    });
    world.clock.advance(60_000);
    const { answer } = await world.judge('check-2', [BASE]);
    expect(answer.key).not.toBe(first.answer.key);
    expect(await world.state()).toMatchObject({ report: { key: answer.key }, stageTold, issue: 7 });
  });

  it('a part that is missing is our bug, and never a short report', async () => {
    const world = createJudge();
    await expect(world.judge('check-1', [BASE], { part: 2 })).rejects.toMatchObject({
      name: 'DefectError',
      code: 'collection.incomplete',
    });
    expect(await world.state()).toBeUndefined();
  });

  it('a cluster that drydock.yaml lost in the middle is refused', async () => {
    const world = createJudge();
    await expect(world.judge('check-1', [BASE], { cluster: 'mars' })).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'cluster.unknown',
    });
  });
});
