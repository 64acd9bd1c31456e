import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PreflightFacts } from '../../../functions/backup/preflight/facts.ts';
import { judgePreflight } from '../../../functions/backup/preflight/preflight-report.ts';
import { PREFLIGHT_RULES, rulesFor } from '../../../functions/backup/preflight/rules/registry.ts';
import { ALL_RIGHTS, known, ORDINARY, UNKNOWN } from './preflight-facts.ts';

const judge = (change: Partial<PreflightFacts> = {}) =>
  judgePreflight({ ...ORDINARY, ...change }, PREFLIGHT_RULES);

it('an ordinary night passes, each rule once', () => {
  const { outcome, mayStart, results } = judge();
  expect(results.filter((result) => result.outcome !== 'pass')).toEqual([]);
  expect([outcome, mayStart, results.length]).toEqual(['pass', true, PREFLIGHT_RULES.length]);
});

it('each rule has a code of its own and a title', () => {
  expect(new Set(PREFLIGHT_RULES.map(({ code }) => code)).size).toBe(PREFLIGHT_RULES.length);
  expect(PREFLIGHT_RULES.filter(({ title }) => !/^[A-Z].+[^.]$/.test(title))).toEqual([]);
});

it('no rules at all is not checked, and does not start', () => {
  expect(judgePreflight(ORDINARY, [])).toMatchObject({ outcome: 'not-checked', mayStart: false });
});

it('a rule that says nothing is not checked', () => {
  const silent = {
    code: 'silent',
    title: 'Something is so',
    ifUnknown: 'stop',
    concerns: 'run',
    judge: () => [],
  } as const;
  expect(judgePreflight(ORDINARY, [silent])).toMatchObject({ outcome: 'not-checked', mayStart: false });
});

describe('a fact that is not known is not checked, and', () => {
  it.each([
    ['stops', 'cronJob', 'cron-template,one-clock'],
    ['stops', 'running', 'other-backup'],
    ['stops', 'maintenance', 'no-maintenance'],
    ['stops', 'pause', 'not-paused'],
    ['stops', 'previousSet', 'previous-set'],
    ['goes on', 'values', 'values-traps'],
    ['goes on', 'rights', 'role-rights'],
    ['goes on', 'probe', 'probe-identity,probe-access'],
    ['goes on', 'history', 'scratch-space,upload-ceiling'],
    ['goes on', 'scratch', 'scratch-space'],
    ['goes on', 'upload', 'upload-ceiling'],
    ['goes on', 'database', 'database-ready,database-window'],
    ['goes on', 'room', 'pod-room'],
    ['goes on', 'toolTarget', 'tool-target'],
    ['goes on', 'lock', 'archive-lock'],
  ] as const)('%s: %s', (end, fact, codes) => {
    const { outcome, mayStart, results } = judge({ [fact]: UNKNOWN });
    const open = results.filter((result) => result.outcome === 'not-checked');
    expect(open.map(({ code }) => code).join(',')).toBe(codes);
    expect([outcome, mayStart]).toEqual(['not-checked', end === 'goes on']);
    expect(open.every(({ remedy }) => remedy !== undefined)).toBe(true);
  });
});

it('the worst comes first and makes the outcome', () => {
  const change = { history: UNKNOWN, running: known([{ job: 'j', since: 's', startedBy: 'hand' as const }]) };
  const { outcome, mayStart, results } = judge(change);
  expect([outcome, mayStart, results[0]?.code]).toEqual(['refuse', false, 'other-backup']);
  expect(results.map((result) => result.outcome)).toEqual(
    ['refuse', 'not-checked', 'warn', 'pass'].flatMap((word) =>
      results.filter((result) => result.outcome === word).map((result) => result.outcome),
    ),
  );
});

it('whatever is not known, the outcome is not a pass, and each result tells a person what to do', () => {
  const facts = fc.subarray(
    ['cronJob', 'values', 'rights', 'probe', 'history', 'scratch', 'running', 'database', 'room'] as const,
    { minLength: 1 },
  );
  fc.assert(
    fc.property(facts, (missing) => {
      const { outcome, results } = judge(Object.fromEntries(missing.map((fact) => [fact, UNKNOWN])));
      expect(outcome).toBe('not-checked');
      for (const result of results) {
        expect(result.message).toMatch(/^\S.+\.$/s);
        expect(result.message).not.toMatch(/undefined|NaN|\[object/);
        expect(result.outcome === 'pass' ? 'Nothing to do.' : result.remedy).toMatch(/^[A-Z].+\.$/s);
      }
    }),
  );
});

it('taking away any answer of IAM never leaves a pass', () => {
  fc.assert(
    fc.property(fc.subarray(ALL_RIGHTS, { maxLength: ALL_RIGHTS.length - 1 }), (rights) => {
      const { results } = judge({ rights: known(rights) });
      expect(
        results.filter(({ code }) => code === 'role-rights').map(({ outcome }) => outcome),
      ).not.toContain('pass');
    }),
  );
});

describe('rules', () => {
  it.each([
    ['an archive is asked for all', 'tar', true, PREFLIGHT_RULES.length],
    [
      'repositories alone are not asked for the size of their archive',
      'native',
      true,
      PREFLIGHT_RULES.length - 2,
    ],
    ['no Job are asked for what every run needs', 'native', false, 5],
  ] as const)('of a run with %s', (_, kind, needsJob, count) => {
    const rules = rulesFor({ kind, needsJob });
    expect(rules).toHaveLength(count);
    expect(rules.map(({ code }) => code)).toContain('not-paused');
    expect(rules.some(({ concerns }) => concerns === 'job')).toBe(needsJob);
  });
});
