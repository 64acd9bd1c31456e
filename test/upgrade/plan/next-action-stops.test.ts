import { describe, expect, it } from 'vitest';
import { nextAction } from '../../../functions/upgrade/plan/next-action.ts';
import type { Observed } from '../../../functions/upgrade/plan/step-progress.ts';
import { buildClusterFact, buildNodeGroup, buildUpdate, CHECK_TIME } from '../../support/upgrade-facts.ts';
import {
  at,
  CONTROL_PLANE_MOVED,
  decide,
  goOn,
  look,
  OLD_PROXY,
  ready,
  seen,
  upgrading,
} from './run-at-work.ts';

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
