import { describe, expect, it } from 'vitest';
import type { UpgradeRun } from '../../../functions/records/upgrade/plan.ts';
import type { Observed } from '../../../functions/upgrade/plan/step-progress.ts';
import { buildInsight, CHECK_TIME } from '../../support/upgrade-facts.ts';
import { buildRun } from '../../support/upgrade-run.ts';
import { decide, plan, seen } from './run-at-work.ts';

describe('fresh insights', () => {
  const asked = {
    id: 'refresh-insights/1.36',
    state: 'running' as const,
    message: '',
    startedAt: CHECK_TIME.toISOString(),
  };
  const insight = buildInsight({ id: 'i-1', status: 'ERROR', reason: 'Deprecated APIs are in use.' });
  const judge = (observed: Partial<Observed>, changes: Partial<UpgradeRun> = {}) =>
    decide(buildRun(plan, { steps: [asked], ...changes }), seen(observed)).said;

  it.each<[string, Partial<Observed>, RegExp]>([
    ['are waited for', { refresh: 'in-progress' }, /^wait 20: EKS judges/],
    ['that could not be had end it', { refresh: 'failed' }, /^stopped: EKS could not judge/],
    [
      'that say no end it',
      { refresh: 'completed', insights: [insight] },
      /^stopped: the insight .* says no to 1.36: Deprecated.*name i-1/,
    ],
    [
      'about a later minor do not',
      { refresh: 'completed', insights: [{ ...insight, version: '1.37' }] },
      /^wait 1:/,
    ],
    [
      'about a way back do not',
      { refresh: 'completed', insights: [{ ...insight, category: 'ROLLBACK_READINESS' }] },
      /^wait 1:/,
    ],
    ['that warn do not', { refresh: 'completed', insights: [{ ...insight, status: 'WARNING' }] }, /^wait 1:/],
  ])('%s', (_, observed, expected) => {
    expect(judge(observed)).toMatch(expected);
  });

  it('that say no and were overridden by name let it go on', () => {
    const overrides = [{ finding: 'i-1', why: 'the caller is gone' }];
    expect(judge({ refresh: 'completed', insights: [insight] }, { overrides })).toMatch(/^wait 1:/);
  });
});
