import { describe, expect, it } from 'vitest';
import { minorNumber } from '../../functions/records/kubernetes-version.ts';
import type { FindingResult } from '../../functions/records/upgrade/finding.ts';
import { type Check, defineCheck } from '../../functions/upgrade/check.ts';
import { examine, judgeReport } from '../../functions/upgrade/examination.ts';
import { buildFinding } from '../support/upgrade-report.ts';

/** A check about one subject that says what the table has for the minor of a step; nothing is a pass. */
const checkBy = (results: Readonly<Record<number, FindingResult>>, bounds: Partial<Check> = {}): Check => ({
  ...defineCheck({
    code: 'by-step',
    title: 'All is well',
    reads: [],
    judge: (_, { to, from }) => {
      const result = results[minorNumber(to)];
      if (result === undefined) return [];
      return [{ result, subject: 'it', message: `${from} to ${to}`, remedy: { text: 'Mend it.' } }];
    },
  }),
  ...bounds,
});

const way = (check: Check, target: string) => {
  const question = {
    cluster: 'c',
    region: 'r',
    current: '1.34',
    target,
    now: new Date('2026-11-21T12:00:00Z'),
  };
  const { steps, findings, checks, outlook } = examine({}, question, [check]);
  return {
    steps,
    found: findings.map(({ result, step, message }) => `${result} ${step}: ${message}`),
    outcome: checks[0]?.result,
    outlook: outlook.map(({ version, message }) => `${version}: ${message}`),
  };
};

describe('an examination of a way of several versions', () => {
  it('judges each step by itself, from the version before to its own', () => {
    expect(way(checkBy({ 36: 'warn' }), '1.37')).toMatchObject({
      steps: ['1.35', '1.36', '1.37'],
      found: ['warn 1.36: 1.35 to 1.36'],
      outcome: 'warn',
    });
  });

  it.each<[string, Readonly<Record<number, FindingResult>>, readonly string[]]>([
    ['of equal verdicts the first step counts', { 35: 'block', 36: 'block' }, ['block 1.35: 1.34 to 1.35']],
    ['the worst counts, at its own step', { 35: 'warn', 37: 'block' }, ['block 1.37: 1.36 to 1.37']],
    ['what a later step forgives stays', { 35: 'block', 37: 'warn' }, ['block 1.35: 1.34 to 1.35']],
    [
      'what was not checked hides nothing that was found, and is hidden by nothing',
      { 35: 'not-checked', 36: 'warn' },
      ['not-checked 1.35: 1.34 to 1.35', 'warn 1.36: 1.35 to 1.36'],
    ],
  ])('%s', (_, results, found) => {
    expect(way(checkBy(results), '1.37').found).toEqual(found);
  });

  it.each<[string, Partial<Check>, readonly string[], string]>([
    ['begins with its first step', { since: '1.36' }, ['block 1.36: 1.35 to 1.36'], 'block'],
    ['ends with its last one', { until: '1.35' }, ['block 1.35: 1.34 to 1.35'], 'block'],
    ['that begins behind the target does not apply, which is no pass', { since: '1.38' }, [], 'skipped'],
    ['that ended before does not apply either', { until: '1.34' }, [], 'skipped'],
  ])('a check %s', (_, bounds, found, outcome) => {
    const results = { 35: 'block', 36: 'block', 37: 'block' } as const;
    expect(way(checkBy(results, bounds), '1.37')).toMatchObject({ found, outcome });
  });
});

describe('the outlook', () => {
  it.each<[string, Readonly<Record<number, FindingResult>>, readonly string[]]>([
    [
      'names what will block within two versions behind the target',
      { 37: 'block' },
      ['1.37: it: 1.36 to 1.37'],
    ],
    ['names it once, at the first', { 36: 'block', 37: 'block' }, ['1.36: it: 1.35 to 1.36']],
    ['leaves out what blocks already', { 35: 'block', 36: 'block' }, []],
    ['leaves out what only warns', { 36: 'warn' }, []],
    ['ends there', { 38: 'block' }, []],
  ])('%s', (_, results, outlook) => {
    expect(way(checkBy(results), '1.35').outlook).toEqual(outlook);
  });

  it('leaves out what moves along on the way', () => {
    expect(way(checkBy({ 36: 'block' }, { endsAtTarget: true }), '1.35').outlook).toEqual([]);
    expect(way(checkBy({ 36: 'block' }, { endsAtTarget: true }), '1.36').found).toHaveLength(1);
  });
});

describe('the verdict', () => {
  const ignored = { reason: 'known', expires: '2027-01-31' };
  const of = (result: FindingResult) => buildFinding({ result });
  it.each([
    ['nothing is clean', [], 'clean'],
    ['a warning is one', [of('warn')], 'warnings'],
    ['what was not checked is worse than a warning', [of('warn'), of('not-checked')], 'not-checked'],
    ['a block is the worst', [of('not-checked'), of('block'), of('warn')], 'blocked'],
    ['what is ignored does not count', [{ ...of('block'), ignored }, of('warn')], 'warnings'],
  ] as const)('%s', (_, findings, verdict) => {
    expect(judgeReport(findings)).toBe(verdict);
  });
});
