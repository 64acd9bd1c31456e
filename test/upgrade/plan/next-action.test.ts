import { describe, expect, it } from 'vitest';
import type { UpgradeRun } from '../../../functions/records/upgrade/plan.ts';
import { nextAction } from '../../../functions/upgrade/plan/next-action.ts';
import type { Observed } from '../../../functions/upgrade/plan/step-progress.ts';
import { managedCluster, planSubject } from '../../support/plan-facts.ts';
import { buildClusterFact, buildNodeGroup, buildUpdate } from '../../support/upgrade-facts.ts';
import { buildPlan, buildRun } from '../../support/upgrade-run.ts';
import {
  at,
  CONTROL_PLANE_MOVED,
  decide,
  goOn,
  look,
  plan,
  ready,
  refreshed,
  seen,
  upgrading,
} from './run-at-work.ts';

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
