import { describe, expect, it } from 'vitest';
import type { IgnoreRule } from '../../../functions/records/configuration/upgrade.ts';
import type { ClusterFacts } from '../../../functions/records/upgrade/facts.ts';
import { UpgradeReport } from '../../../functions/records/upgrade/report.ts';
import { type Check, defineCheck } from '../../../functions/upgrade/check.ts';
import { composeReport, type ReportRequest } from '../../../functions/upgrade/report/compose-report.ts';
import { buildCalendar, buildClusterFact, topicOf, unreadTopic } from '../../support/upgrade-facts.ts';

const remedy = { text: 'Mend it.' };
const blocking = defineCheck({
  code: 'blocking',
  title: 'Nothing blocks',
  reads: [],
  judge: () =>
    ['a', 'b'].map((name) => ({
      result: 'block',
      subject: `Deployment shop/${name}`,
      message: 'It blocks.',
      remedy,
    })),
});
const reading = defineCheck({ code: 'reading', title: 'Nodes are well', reads: ['nodes'], judge: () => [] });
const old = defineCheck({ code: 'old', title: 'Long ago', reads: [], until: '1.30', judge: () => [] });

const facts: ClusterFacts = {
  versions: topicOf(...buildCalendar()),
  cluster: topicOf(buildClusterFact({ version: '1.34' })),
  nodes: topicOf(),
};

const REQUEST: ReportRequest = {
  cluster: 'gitlab',
  region: 'eu-central-1',
  environments: ['production'],
  current: '1.34',
  target: '1.35',
  now: new Date('2026-11-21T05:00:00.000Z'),
  ignore: [],
  surchargePerHour: 0.5,
  checks: [blocking, reading, old],
};

const compose = (overrides: Partial<ReportRequest> = {}, checks: readonly Check[] = REQUEST.checks) =>
  composeReport(facts, { ...REQUEST, checks, ...overrides });

const rule = (overrides: Partial<IgnoreRule> = {}): IgnoreRule => ({
  check: 'blocking',
  subject: 'Deployment shop/a',
  reason: 'It goes away',
  expires: '2026-11-22',
  ...overrides,
});

describe('a report', () => {
  it('is the record that the ledger takes, with calendar, counts and verdict', () => {
    const report = compose();
    expect(UpgradeReport.parse(report)).toEqual(report);
    expect(report.verdict).toBe('blocked');
    expect(report.counts).toEqual({ block: 2, warn: 0, notChecked: 0, ignored: 0, pass: 1 });
    expect(report.support).toMatchObject({
      state: 'standard',
      daysLeft: { standard: 11 },
      cost: { perMonth: 365 },
    });
    expect(report.checks.map(({ code, result }) => [code, result])).toEqual([
      ['blocking', 'block'],
      ['reading', 'pass'],
      ['old', 'skipped'],
    ]);
    expect(report).not.toHaveProperty('changes');
    expect(report).not.toHaveProperty('execution');
  });

  it('counts what could not be read, and never as a pass', () => {
    const report = composeReport(
      { ...facts, nodes: unreadTopic('nodes', 'list nodes') },
      { ...REQUEST, checks: [reading] },
    );
    expect(report.verdict).toBe('not-checked');
    expect(report.counts).toMatchObject({ notChecked: 1, pass: 0 });
  });

  it('takes the policy of EKS where the cluster could not be read', () => {
    const { cluster: _, ...others } = facts;
    expect(composeReport(others, REQUEST).support.supportType).toBe('EXTENDED');
  });

  it('compares with the report before', () => {
    const previous = compose({}, [reading]);
    const { changes } = compose({ previous });
    expect(changes).toMatchObject({ since: previous.at, verdict: 'clean', gone: [] });
    expect(changes?.added).toHaveLength(2);
  });
});

describe('the ignore list', () => {
  it('shows what it covers with its reason, and does not count it', () => {
    const report = compose({ ignore: [rule()] });
    expect(report.findings.map(({ subject, ignored }) => [subject, ignored])).toEqual([
      ['Deployment shop/a', { reason: 'It goes away', expires: '2026-11-22' }],
      ['Deployment shop/b', undefined],
    ]);
    expect(report.counts).toMatchObject({ block: 1, ignored: 1 });
    expect(report.verdict).toBe('blocked');
  });

  it('lets a check pass all of whose findings it covers', () => {
    const report = compose({ ignore: [rule({ subject: '*' })] });
    expect(report.verdict).toBe('clean');
    expect(report.checks).toMatchObject([
      { result: 'pass', findings: 2 },
      {},
      {},
      { code: 'ignore-list', result: 'pass' },
    ]);
  });

  it.each([
    ['on the day before its end it holds', '2026-11-21T23:59:59.999Z', 0],
    ['on the day of its end it is over, and a warning', '2026-11-22T00:00:00.000Z', 1],
  ])('%s', (_, now, warnings) => {
    const report = compose({ ignore: [rule()], now: new Date(now) });
    expect(report.counts).toMatchObject({ warn: warnings, block: 1 + warnings });
    expect(report.findings.filter(({ check }) => check === 'ignore-list')).toHaveLength(warnings);
  });

  it('warns of a code that no check has, and says which was meant', () => {
    const [finding] = compose({ ignore: [rule({ check: 'bloking' })] }, [reading, blocking]).findings.filter(
      ({ check }) => check === 'ignore-list',
    );
    expect(finding).toMatchObject({ result: 'warn', subject: 'exception bloking Deployment shop/a' });
    expect(finding?.message).toContain('Did you mean "blocking"?');
  });

  it('cannot be silenced by itself', () => {
    const silence = rule({ check: 'ignore-list', subject: '*' });
    const { counts } = compose({ ignore: [rule({ expires: '2026-01-01' }), silence] });
    expect(counts.warn).toBe(2);
  });

  it('leaves rules of other environments out', () => {
    const elsewhere = rule({ environment: 'staging', expires: '2020-01-01' });
    expect(compose({ ignore: [elsewhere] }).counts).toMatchObject({ warn: 0, block: 2 });
    expect(compose({ ignore: [rule({ environment: 'production' })] }).counts.ignored).toBe(1);
  });

  it('lists an exception that covers nothing, without a word against it', () => {
    const report = compose({ ignore: [rule({ subject: 'Deployment other/*' })] });
    expect(report.unusedIgnores).toEqual([
      { check: 'blocking', subject: 'Deployment other/*', reason: 'It goes away', expires: '2026-11-22' },
    ]);
    expect(report.counts.warn).toBe(0);
  });
});
