import { describe, expect, it } from 'vitest';
import type { InsightFact } from '../../../functions/records/upgrade/aws-facts.ts';
import type { UpgradeRun } from '../../../functions/records/upgrade/plan.ts';
import { makeRollbackPlan } from '../../../functions/upgrade/plan/make-rollback-plan.ts';
import type { Observed } from '../../../functions/upgrade/plan/step-progress.ts';
import { managedCluster, planSubject } from '../../support/plan-facts.ts';
import {
  buildClusterFact,
  buildInsight,
  buildNodeGroup,
  buildUpdate,
  CHECK_TIME,
  topicOf,
} from '../../support/upgrade-facts.ts';
import { buildRun } from '../../support/upgrade-run.ts';
import { at, decide, plan, seen } from './run-at-work.ts';

const back = makeRollbackPlan(
  planSubject(
    managedCluster({
      cluster: topicOf(buildClusterFact({ version: '1.36' })),
      nodeGroups: topicOf(buildNodeGroup({ version: '1.36' })),
      updates: topicOf(buildUpdate({ params: { Version: '1.36' }, createdAt: '2026-11-20T02:00:00.000Z' })),
    }),
  ),
);

describe('fresh insights on the way back', () => {
  const first = 'refresh-insights/back-to-1.35';
  const last = `${first}/last`;
  const skew = buildInsight({
    id: 'skew',
    category: 'ROLLBACK_READINESS',
    version: '1.35',
    status: 'ERROR',
    reason: 'Three nodes run 1.36.',
  });
  const judge = (at: string, insight: InsightFact, nodes: '1.35' | '1.36') => {
    if (!back.ok) throw new Error(back.reason);
    const done = at === last ? [{ id: first, state: 'done' as const, message: '' }] : [];
    const run = buildRun(
      { ...plan, ...back.plan },
      {
        steps: [...done, { id: at, state: 'running', message: '', startedAt: CHECK_TIME.toISOString() }],
      },
    );
    const nodeGroups = [buildNodeGroup({ version: nodes })];
    const cluster = buildClusterFact({ version: '1.36' });
    return decide(run, seen({ cluster, nodeGroups, refresh: 'completed', insights: [insight] }));
  };

  it('that object to kubelets before nodes go down are expected, and the record says so', () => {
    const { said, steps } = judge(first, skew, '1.36');
    expect(said).toBe(
      'wait 1: EKS has judged the cluster anew; expected, as later steps cure it: "Kubelet version skew": Three nodes run 1.36.',
    );
    expect(steps[0]).toMatchObject({ state: 'done', message: expect.stringContaining('Three nodes run') });
  });

  it.each<[string, InsightFact]>([
    ['to something that no step cures', { ...skew, name: 'Cluster health issues' }],
    ['to kube-proxy, which no step takes down', { ...skew, name: 'kube-proxy version skew' }],
    ['to an API, whatever it calls it', { ...skew, name: 'Deprecated APIs and kubelets' }],
  ])('that object before nodes go down %s end it, and no node moves', (_, insight) => {
    expect(judge(first, insight, '1.36').said).toMatch(/^stopped: the insight .* says no to 1.35/);
  });

  it('that cannot tell end it: EKS would refuse as well', () => {
    expect(judge(first, { ...skew, status: 'UNKNOWN' }, '1.36').said).toMatch(
      /^stopped: the insight "Kubelet version skew" cannot tell about 1.35/,
    );
  });

  it('that still object to kubelets with nodes down end it: nothing is let pass then', () => {
    expect(judge(last, skew, '1.35').said).toMatch(/^stopped: the insight "Kubelet version skew" says no/);
    expect(judge(last, { ...skew, status: 'PASSING' }, '1.35').said).toMatch(/^wait 1: EKS has judged/);
  });
});

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
    [
      'that EKS found before it was asked are asked for again',
      { refresh: 'outdated' },
      /^start refresh-insights\/1.36/,
    ],
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
    [
      'that cannot tell do not, and are said',
      {
        refresh: 'completed',
        insights: [{ ...insight, status: 'UNKNOWN', reason: 'No audit logs.', name: 'Deprecated APIs' }],
      },
      /^wait 1: EKS has judged the cluster anew; EKS cannot tell about "Deprecated APIs": No audit logs\.$/,
    ],
    ['that warn do not', { refresh: 'completed', insights: [{ ...insight, status: 'WARNING' }] }, /^wait 1:/],
  ])('%s', (_, observed, expected) => {
    expect(judge(observed)).toMatch(expected);
  });

  it('that EKS goes on to show from before it was asked end it after half an hour', () => {
    const run = buildRun(plan, { steps: [asked] });
    const observed = seen({ refresh: 'outdated' });
    expect(decide(run, observed, { now: at(0.5) }).said).toMatch(/^start refresh-insights/);
    expect(decide(run, observed, { now: at(0.51) }).said).toMatch(
      /^stopped: EKS could not judge .* from before/,
    );
  });

  it.each<[string, Partial<Observed>, RegExp]>([
    ['do not come', { refresh: 'in-progress' }, /^stopped: .* after 30 minutes it has not come to an end/],
    [
      'cannot be read',
      { refresh: 'completed' },
      /^stopped: .* after 30 minutes what it found cannot be read/,
    ],
  ])('that %s end it after half an hour', (_, observed, expected) => {
    const run = buildRun(plan, { steps: [asked] });
    expect(decide(run, seen(observed), { now: at(0.5) }).said).toMatch(/^wait \d+: EKS judges/);
    expect(decide(run, seen(observed), { now: at(0.51) }).said).toMatch(expected);
  });

  it('that say no and were overridden by name let it go on', () => {
    const overrides = [{ finding: 'i-1', why: 'the caller is gone' }];
    expect(judge({ refresh: 'completed', insights: [insight] }, { overrides })).toMatch(/^wait 1:/);
  });
});
