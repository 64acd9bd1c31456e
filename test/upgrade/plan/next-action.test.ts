import { describe, expect, it } from 'vitest';
import type { UpgradeRun } from '../../../functions/records/upgrade/plan.ts';
import { type Look, nextAction } from '../../../functions/upgrade/plan/next-action.ts';
import type { Observed } from '../../../functions/upgrade/plan/step-progress.ts';
import { kubeProxy, managedCluster, planSubject } from '../../support/plan-facts.ts';
import {
  buildClusterFact,
  buildInsight,
  buildNodeGroup,
  buildUpdate,
  CHECK_TIME,
  topicOf,
} from '../../support/upgrade-facts.ts';
import { buildPlan, buildRun, observe } from '../../support/upgrade-run.ts';

const at = (hours: number): Date => new Date(CHECK_TIME.getTime() + hours * 3_600_000);
const look = (changes: Partial<Look> = {}): Look => ({
  now: CHECK_TIME,
  health: { state: 'ok' },
  handOverHours: 72,
  mayWrite: { ok: true },
  ...changes,
});

const plan = buildPlan(planSubject(managedCluster({ addons: topicOf(kubeProxy()) })));
const OLD_PROXY = [{ name: 'kube-proxy', version: 'v1.35.2-eksbuild.4', status: 'ACTIVE', issues: [] }];
const refreshed = { id: 'refresh-insights/1.36', state: 'done' as const, message: '' };
/** A run whose insights are fresh, at 1.35. */
const ready = (changes: Partial<UpgradeRun> = {}) => buildRun(plan, { steps: [refreshed], ...changes });
const seen = (changes: Partial<Observed> = {}): Observed => observe({ addons: OLD_PROXY, ...changes });
const CONTROL_PLANE_MOVED = { cluster: buildClusterFact({ version: '1.36' }) };
const upgrading = buildUpdate({ id: 'u-1', status: 'InProgress', params: { Version: '1.36' } });

const decide = (run: UpgradeRun, observed: Observed, changes: Partial<Look> = {}) => {
  const { action, steps, worseSince } = nextAction(run, observed, look(changes));
  const said =
    action.kind === 'start'
      ? `start ${action.step.id}`
      : action.kind === 'stop'
        ? `${action.outcome}: ${action.reasons.join(' | ')}`
        : action.kind === 'wait'
          ? `wait ${action.seconds}: ${action.message}`
          : 'done';
  return { said, steps, worseSince };
};

/** The same run, later, as it was written down. */
const goOn = (run: UpgradeRun, observed: Observed, changes: Partial<Look> = {}): UpgradeRun => {
  const { steps, worseSince } = nextAction(run, observed, look(changes));
  return { ...run, steps, ...(worseSince === undefined ? {} : { worseSince }) };
};

describe('the next step of an upgrade', () => {
  it.each<[string, UpgradeRun, Observed, RegExp]>([
    ['at the beginning insights are refreshed', buildRun(plan), seen(), /^start refresh-insights\/1.36/],
    ['with fresh insights the control plane moves', ready(), seen(), /^start control-plane\/1.36/],
    [
      'while its update runs, it waits',
      ready(),
      seen({ updates: [upgrading], cluster: buildClusterFact({ status: 'UPDATING' }) }),
      /^wait 20: update u-1 runs/,
    ],
    [
      'a status that nobody has heard of counts as running',
      ready(),
      seen({ updates: [{ ...upgrading, status: 'Cancelling' }] }),
      /^wait 20: update u-1 runs \(Cancelling\)/,
    ],
    [
      'at the new version it bakes',
      ready(),
      seen(CONTROL_PLANE_MOVED),
      /^wait 300: bakes until 2026-11-22T12:00/,
    ],
    [
      'a cluster that EKS still works on is not touched',
      ready(),
      seen({ cluster: buildClusterFact({ status: 'UPDATING' }) }),
      /^wait 60: the cluster is UPDATING/,
    ],
    [
      'with everything there it is done',
      buildRun(plan, { steps: [{ id: 'bake/1.36', state: 'done', message: '' }] }),
      seen({
        ...CONTROL_PLANE_MOVED,
        nodeGroups: [buildNodeGroup({ version: '1.36' })],
        addons: [{ name: 'kube-proxy', version: 'v1.36.1-eksbuild.2', status: 'ACTIVE', issues: [] }],
      }),
      /^done/,
    ],
  ])('%s', (_, run, observed, expected) => {
    expect(decide(run, observed).said).toMatch(expected);
  });

  it('after the bake node groups move, and kube-proxy is the last', () => {
    const baking = goOn(ready(), seen(CONTROL_PLANE_MOVED));
    expect(decide(baking, seen(CONTROL_PLANE_MOVED), { now: at(23.99) }).said).toMatch(/^wait 36: bakes/);
    expect(decide(baking, seen(CONTROL_PLANE_MOVED), { now: at(24) }).said).toBe(
      'start node-group/blue/1.36',
    );
    const moved = seen({ ...CONTROL_PLANE_MOVED, nodeGroups: [buildNodeGroup({ version: '1.36' })] });
    expect(decide(baking, moved, { now: at(25) }).said).toMatch(/^start addon\/kube-proxy/);
  });

  it('a bake goes on where it was, whatever happened to the execution in between', () => {
    const baking = goOn(ready(), seen(CONTROL_PLANE_MOVED));
    const later = goOn(baking, seen(CONTROL_PLANE_MOVED), { now: at(10) });
    expect(decide(later, seen(CONTROL_PLANE_MOVED), { now: at(20) }).said).toContain('2026-11-22T12:00');
  });

  it('nothing is started while paused or outside the window, and nothing is under way then', () => {
    const { action } = nextAction(
      ready(),
      seen(),
      look({ mayWrite: { ok: false, reason: 'paused by Kim' } }),
    );
    expect(action).toEqual({ kind: 'wait', seconds: 900, message: 'paused by Kim', idle: true });
  });
});

describe('a second execution', () => {
  it('takes an update up that the first one started', () => {
    const resumed = goOn(buildRun(plan), seen({ updates: [upgrading] }));
    expect(resumed.steps[1]).toMatchObject({ id: 'control-plane/1.36', state: 'running', update: 'u-1' });
    expect(decide(resumed, seen({ updates: [upgrading] })).said).toMatch(/^wait 20: update u-1 runs/);
  });

  it('takes none up that would move nodes before the bake', () => {
    const early = buildUpdate({ id: 'n', about: 'blue', status: 'InProgress', params: { Version: '1.36' } });
    expect(decide(buildRun(plan), seen({ updates: [early] })).said).toMatch(
      /^stopped: somebody else updates blue/,
    );
  });

  it('passes over what is done, and says so', () => {
    const run = goOn(buildRun(plan), seen(CONTROL_PLANE_MOVED));
    expect(run.steps.slice(0, 3)).toMatchObject([
      { state: 'skipped', message: 'done already' },
      { state: 'skipped' },
      { id: 'bake/1.36', state: 'running' },
    ]);
  });
});

describe('an upgrade stops in front of the next step', () => {
  const failed = (code: string, held = look().held) => {
    const running = goOn(ready(), seen({ updates: [upgrading] }));
    const errors = [{ code, message: 'No.', resources: ['subnet-a'] }];
    return decide(
      running,
      seen({ updates: [{ ...upgrading, status: 'Failed', errors }] }),
      held ? { held } : {},
    );
  };

  it('when its update failed, with what EKS says about it', () => {
    const { said, steps } = failed('IpNotAvailable');
    expect(said).toMatch(
      /^stopped: the update u-1 .* failed. IpNotAvailable: .*subnet-a have no free address/,
    );
    expect(steps[1]).toMatchObject({ id: 'control-plane/1.36', state: 'failed' });
  });

  it('when pods did not leave, with the pod and its budget', () => {
    const { said } = failed('PodEvictionFailure', [{ pod: 'shop/web-1', budget: 'shop/web' }]);
    expect(said).toContain('shop/web-1 (budget shop/web)');
  });

  it.each<[string, Observed, RegExp]>([
    [
      'when somebody else updates something of the cluster',
      seen({
        updates: [
          buildUpdate({
            id: 'x',
            type: 'AddonUpdate',
            about: 'coredns',
            status: 'InProgress',
            params: { AddonVersion: 'v9' },
          }),
        ],
      }),
      /^stopped: somebody else updates coredns: AddonUpdate x, InProgress, since 2026-06-01.*AddonVersion v9/,
    ],
    [
      'when somebody else moves the control plane elsewhere',
      seen({ updates: [{ ...upgrading, params: { Version: '1.37' } }] }),
      /^stopped: somebody else updates the cluster/,
    ],
    [
      'when the control plane is beyond the target',
      seen({ cluster: buildClusterFact({ version: '1.37' }) }),
      /^stopped: the control plane is at 1.37, and the plan goes from 1.35 to 1.36/,
    ],
    [
      'when the cluster has failed',
      seen({ cluster: buildClusterFact({ status: 'FAILED' }) }),
      /^stopped: the cluster is FAILED/,
    ],
  ])('%s', (_, observed, expected) => {
    expect(decide(ready(), observed).said).toMatch(expected);
  });

  it('when somebody took the control plane back, which is not undone', () => {
    const running = goOn(ready(), seen({ updates: [upgrading] }));
    const moved = goOn(running, seen(CONTROL_PLANE_MOVED));
    expect(decide(moved, seen()).said).toMatch(
      /^stopped: this was done .* took it back: control plane from 1.35 to 1.36/,
    );
  });

  it.each<[string, Partial<Observed>]>([
    ['an add-on', { addons: OLD_PROXY }],
    ['a node group', { nodeGroups: [buildNodeGroup()] }],
  ])('when somebody took %s back that was done', (_, back) => {
    const there = {
      ...CONTROL_PLANE_MOVED,
      nodeGroups: [buildNodeGroup({ version: '1.36' })],
      addons: [{ name: 'kube-proxy', version: 'v1.36.1-eksbuild.2', status: 'ACTIVE', issues: [] }],
    };
    const run = goOn(ready(), seen(there));
    expect(decide(run, seen({ ...there, ...back })).said).toMatch(/^stopped: .* and is not so any more/);
  });

  it('when a node group is gone', () => {
    const baked = goOn(ready(), seen(CONTROL_PLANE_MOVED));
    const observed = seen({ ...CONTROL_PLANE_MOVED, nodeGroups: [] });
    expect(decide(baked, observed, { now: at(25) }).said).toMatch(
      /^stopped: the node group blue is no longer/,
    );
  });

  it('when EKS calls an update successful that does not show', () => {
    const running = goOn(ready(), seen({ updates: [upgrading] }));
    const odd = seen({ updates: [{ ...upgrading, status: 'Successful' }] });
    expect(decide(running, odd, { now: at(0.5) }).said).toMatch(/^wait 30/);
    expect(decide(running, odd, { now: at(2) }).said).toMatch(
      /^stopped: EKS calls the update u-1 successful/,
    );
  });
});

describe('health', () => {
  const worse = { state: 'worse' as const, reasons: ['not ready, and ready before: Deployment shop/web'] };

  it('that got worse is borne for ten minutes, and then ends the upgrade', () => {
    const unwell = goOn(ready(), seen(), { health: worse });
    expect(unwell.worseSince).toBe(CHECK_TIME.toISOString());
    expect(decide(unwell, seen(), { health: worse, now: at(0.1) }).said).toMatch(/^wait 60: .*less healthy/);
    expect(decide(unwell, seen(), { health: worse, now: at(0.17) }).said).toMatch(
      /^stopped: the cluster is less healthy than before since .* \| not ready, and ready before: Deployment shop\/web/,
    );
  });

  it('that is well again in between counts anew', () => {
    const unwell = goOn(ready(), seen(), { health: worse });
    expect(decide(unwell, seen(), { now: at(0.1) })).toMatchObject({ said: 'start control-plane/1.36' });
    expect(nextAction(unwell, seen(), look({ now: at(0.1) })).worseSince).toBeUndefined();
  });

  it('that cannot be judged ends it as well, in other words', () => {
    const blind = { state: 'not-checked' as const, reasons: ['could not be looked at: nodes'] };
    const unwell = goOn(ready(), seen(), { health: blind });
    expect(decide(unwell, seen(), { health: blind, now: at(1) }).said).toMatch(/not to be judged since/);
  });

  it('is not asked while an update runs: nodes come and go', () => {
    expect(decide(ready(), seen({ updates: [upgrading] }), { health: worse }).said).toMatch(
      /^wait 20: update/,
    );
  });

  it('that got worse during the bake ends it before any node moves', () => {
    const baking = goOn(ready(), seen(CONTROL_PLANE_MOVED));
    const unwell = goOn(baking, seen(CONTROL_PLANE_MOVED), { health: worse, now: at(1) });
    expect(decide(unwell, seen(CONTROL_PLANE_MOVED), { health: worse, now: at(2) }).said).toMatch(/^stopped/);
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

describe('a cluster of somebody else', () => {
  const external = buildPlan(planSubject(managedCluster(), { owner: 'external' }));
  const run = (changes: Partial<UpgradeRun> = {}) => buildRun(external, { steps: [refreshed], ...changes });

  it('is never updated: the change is waited for', () => {
    expect(decide(run(), seen()).said).toMatch(
      /^wait 300: waits for the owner of the cluster: control plane/,
    );
  });

  it('may be updated by anybody meanwhile', () => {
    const other = buildUpdate({ id: 'x', type: 'LoggingUpdate', status: 'InProgress', params: {} });
    expect(decide(run(), seen({ updates: [other] })).said).toMatch(/^wait 20: update x runs/);
  });

  it('whose change does not come ends as handed over', () => {
    const waiting = goOn(run(), seen());
    expect(decide(waiting, seen(), { now: at(71) }).said).toMatch(/^wait 900/);
    expect(decide(waiting, seen(), { now: at(72) }).said).toMatch(
      /^handed-over: the change did not come in 72/,
    );
  });

  it('is watched step by step once the change is there', () => {
    const waiting = goOn(run(), seen());
    expect(decide(waiting, seen(CONTROL_PLANE_MOVED)).said).toMatch(/^wait 300: bakes until/);
  });
});
