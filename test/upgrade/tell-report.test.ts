import { describe, expect, it } from 'vitest';
import { openOutbox } from '../../functions/clients/outbox.ts';
import {
  clusterStateKey,
  clusterStateKind,
  reportKey,
  reportKind,
  type UpgradeReport,
} from '../../functions/records/upgrade/report.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { type Check, defineCheck } from '../../functions/upgrade/check.ts';
import { composeReport } from '../../functions/upgrade/report/compose-report.ts';
import { Input } from '../../functions/upgrade/tell-report.contract.ts';
import { run } from '../../functions/upgrade/tell-report.ts';
import type { IssueText } from '../../functions/upgrade/telling/issue-text.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { createFakeNotifier } from '../support/target-events.ts';
import { buildExecution, calmInvocation } from '../support/target-world.ts';
import { buildCalendar, buildClusterFact, topicOf } from '../support/upgrade-facts.ts';

const BLOCKS: Check = defineCheck({
  code: 'blocks',
  title: 'Nothing blocks',
  reads: [],
  judge: () => [{ result: 'block', subject: 'cluster', message: 'it blocks', remedy: { text: 'mend it' } }],
});

/** Cannot see what it reads. */
const BLIND: Check = defineCheck({ code: 'blind', title: 'It sees', reads: ['nodes'], judge: () => [] });

/** 1.34 ends on 2026-12-02, 1.35 on 2027-03-27. */
const report = (
  name: string,
  now: string,
  how: { version?: string; checks?: Check[]; previous?: UpgradeReport } = {},
): UpgradeReport => {
  const { version: current = '1.35', checks = [BLOCKS], previous } = how;
  const facts = {
    cluster: topicOf(buildClusterFact({ name: 'blue', version: current })),
    versions: topicOf(...buildCalendar()),
  };
  return composeReport(facts, {
    cluster: 'blue',
    region: 'eu-central-1',
    environments: ['production'],
    current,
    target: `1.${Number(current.slice(2)) + 1}`,
    now: new Date(now),
    execution: { ...buildExecution(name), startedAt: now },
    ignore: [],
    surchargePerHour: 0.5,
    checks,
    ...(previous && { previous }),
  });
};

const createTelling = (failing?: Error) => {
  const ledger = createMemoryLedger();
  const clock = createFixedClock('2026-11-21T05:00:00.000Z');
  const notifier = createFakeNotifier();
  const issues: { text: IssueText; known: number | undefined }[] = [];
  const deps = {
    ledger,
    clock,
    bucket: 'ledger',
    outbox: openOutbox(ledger, notifier, clock),
    issueOf: () => async (text: IssueText, known: number | undefined) => {
      if (failing) throw failing;
      issues.push({ text, known });
      return known ?? 12;
    },
  };
  const state = async () => (await ledger.read(clusterStateKind, clusterStateKey('blue')))?.value;
  /** Writes a report and its pointer as the judge does, and tells it. */
  const tell = async (one: UpgradeReport, check: object = {}, dependencies: Partial<typeof deps> = {}) => {
    const { cluster, at, verdict, target } = one;
    const key = reportKey(one);
    await ledger.claim(reportKind, key, one);
    const stored = await ledger.read(clusterStateKind, clusterStateKey(cluster));
    const pointer = { ...stored?.value, version: 1 as const, cluster, report: { key, at, verdict, target } };
    if (stored) await ledger.change(clusterStateKind, clusterStateKey(cluster), stored.etag, pointer);
    else await ledger.claim(clusterStateKind, clusterStateKey(cluster), pointer);
    const input = Input.parse({ execution: one.execution, check: { cluster, report: { key }, ...check } });
    return run(input, { ...deps, ...dependencies }, calmInvocation());
  };
  return { ledger, deps, notifier, told: notifier.published, issues, state, tell };
};

describe('tell-report', () => {
  it('tells a first report that blocks, with the place of its page', async () => {
    const world = createTelling();
    const first = report('check-1', '2026-11-21T05:00:00.000Z');
    expect(await world.tell(first)).toMatchObject({ outcome: 'told', issue: 12 });
    expect(world.told).toMatchObject([{ outcome: 'blocked', target: 'blue' }]);
    expect(JSON.stringify(world.told)).toContain(
      's3://ledger/upgrade/pages/blue/history/2026-11-21T05:00:00.000Z-check-1.html',
    );
  });

  it('tells nothing when nothing is new', async () => {
    const world = createTelling();
    const first = report('check-1', '2026-11-21T05:00:00.000Z');
    await world.tell(first);
    const second = report('check-2', '2026-11-22T05:00:00.000Z', { previous: first });
    expect(await world.tell(second)).toMatchObject({ outcome: 'nothing-new' });
    expect(world.told).toHaveLength(1);
  });

  it('tells each stage of the support calendar once, and notes which', async () => {
    const world = createTelling();
    const days = ['2026-11-21', '2026-11-22', '2026-11-25', '2026-11-26', '2026-11-26'];
    const outcomes: string[] = [];
    let previous: UpgradeReport | undefined;
    for (const [index, day] of days.entries()) {
      const now = `${day}T0${index}:00:00.000Z`;
      const next = report(`c-${index}`, now, { version: '1.34', checks: [], ...(previous && { previous }) });
      outcomes.push((await world.tell(next)).outcome);
      previous = next;
    }
    expect(outcomes).toEqual(['told', 'nothing-new', 'told', 'told', 'nothing-new']);
    expect((await world.state())?.stageTold).toEqual({ end: 'standard', days: 6, version: '1.34' });
  });

  it('tells on the second day that a check has gone blind, whatever else blocks, and then no more', async () => {
    const world = createTelling();
    const outcomes: string[] = [];
    let previous: UpgradeReport | undefined;
    for (const [index, checks] of [[BLOCKS], [BLOCKS, BLIND], [BLOCKS, BLIND], [BLOCKS, BLIND]].entries()) {
      const now = `2026-11-2${index}T05:00:00.000Z`;
      const next = report(`c-${index}`, now, { checks, ...(previous && { previous }) });
      outcomes.push((await world.tell(next)).outcome);
      previous = next;
    }
    expect(outcomes).toEqual(['told', 'nothing-new', 'told', 'nothing-new']);
    expect(world.told.at(-1)).toMatchObject({ outcome: 'blocked', severity: 'warning' });
  });

  it('a Lambda that died after it told, and before it noted, tells nothing twice', async () => {
    const world = createTelling();
    const one = report('check-1', '2026-11-21T05:00:00.000Z', { version: '1.34' });
    const dying = {
      ...world.ledger,
      change: async () => {
        throw new Error('killed');
      },
    };
    await expect(world.tell(one, {}, { ledger: dying })).rejects.toThrow('killed');
    expect((await world.state())?.stageTold).toBeUndefined();
    await world.tell(one);
    expect(world.told).toHaveLength(1);
    expect((await world.state())?.stageTold).toBeDefined();
  });

  it('a pipeline gets its outcome; nobody is told, no issue is touched, no stage is used up', async () => {
    const world = createTelling();
    const one = report('gate', '2026-11-21T05:00:00.000Z', { version: '1.34' });
    expect(await world.tell(one, { gate: true })).toEqual({ outcome: 'for-a-pipeline' });
    expect([world.told, world.issues]).toEqual([[], []]);
    expect((await world.state())?.stageTold).toBeUndefined();
  });

  it('keeps one issue a cluster, by the number of the first time', async () => {
    const world = createTelling();
    const first = report('check-1', '2026-11-21T05:00:00.000Z');
    await world.tell(first);
    await world.tell(report('check-2', '2026-11-22T05:00:00.000Z', { checks: [], previous: first }));
    expect(world.issues).toMatchObject([
      {
        known: undefined,
        text: { title: 'Upgrade of blue from 1.35 to 1.36: blocked', marker: 'drydock:blue' },
      },
      { known: 12, text: { title: 'Upgrade of blue from 1.35 to 1.36: nothing in the way' } },
    ]);
    expect((await world.state())?.issue).toBe(12);
  });

  it('a cluster that is ready gets no issue to say so', async () => {
    const world = createTelling();
    await world.tell(report('check-1', '2026-11-21T05:00:00.000Z', { checks: [] }));
    expect(world.issues).toEqual([]);
  });

  it.each([
    new RefusedError('gitlab.forbidden', 'GitLab refuses the token.'),
    new TransientError('gitlab.unavailable', 'GitLab does not answer.'),
  ])('when %s the message is sent all the same, and the answer says it', async (error) => {
    const world = createTelling(error);
    const answer = await world.tell(report('check-1', '2026-11-21T05:00:00.000Z'));
    expect(answer).toMatchObject({ outcome: 'told', issueProblem: error.message });
    expect(world.told).toHaveLength(1);
  });

  it('a message that can not be sent fails the step, so that it is tried again', async () => {
    const world = createTelling();
    world.notifier.failing = new TransientError('notifier.unavailable', 'SNS is away');
    const one = report('check-1', '2026-11-21T05:00:00.000Z');
    await expect(world.tell(one)).rejects.toThrow('SNS is away');
    world.notifier.failing = undefined;
    expect(await world.tell(one)).toMatchObject({ outcome: 'told' });
    expect(world.told).toHaveLength(1);
  });

  it('a report that is not there is our bug', async () => {
    const { deps } = createTelling();
    const input = Input.parse({
      execution: buildExecution(),
      check: { cluster: 'blue', report: { key: 'x' } },
    });
    await expect(run(input, deps, calmInvocation())).rejects.toMatchObject({ code: 'report.missing' });
  });
});
