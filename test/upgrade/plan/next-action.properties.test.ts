import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextAction } from '../../../functions/upgrade/plan/next-action.ts';
import { counterexample } from '../../support/counterexample.ts';
import { kubeProxy, managedCluster, planSubject } from '../../support/plan-facts.ts';
import {
  buildClusterFact,
  buildNodeGroup,
  buildUpdate,
  CHECK_TIME,
  topicOf,
} from '../../support/upgrade-facts.ts';
import { buildPlan, buildRun, observe } from '../../support/upgrade-run.ts';

const subject = (owner: 'drydock' | 'external') =>
  planSubject(managedCluster({ addons: topicOf(kubeProxy()) }), { owner });
const plans = { drydock: buildPlan(subject('drydock')), external: buildPlan(subject('external')) };
const ids = plans.drydock.steps.map(({ id }) => id);

/** Any state that EKS can show, any memory of a run, and any health. */
const situations = fc.record({
  owner: fc.constantFrom('drydock' as const, 'external' as const),
  version: fc.constantFrom('1.34', '1.35', '1.36', '1.37'),
  status: fc.constantFrom('ACTIVE', 'UPDATING', 'FAILED'),
  nodes: fc.constantFrom('1.34', '1.35', '1.36'),
  groupStatus: fc.constantFrom('ACTIVE', 'UPDATING', 'DEGRADED'),
  proxy: fc.constantFrom('v1.35.2-eksbuild.4', 'v1.36.1-eksbuild.2'),
  update: fc.option(
    fc.record({
      status: fc.constantFrom('InProgress', 'Failed', 'Cancelled', 'Successful', 'Cancelling', 'Odd'),
      about: fc.constantFrom(undefined, 'blue', 'kube-proxy'),
      version: fc.constantFrom('1.35', '1.36', '1.37'),
    }),
  ),
  memory: fc.dictionary(
    fc.constantFrom(...ids),
    fc.constantFrom(
      'waiting' as const,
      'running' as const,
      'done' as const,
      'skipped' as const,
      'failed' as const,
    ),
  ),
  health: fc.constantFrom('ok' as const, 'worse' as const, 'not-checked' as const),
  mayWrite: fc.boolean(),
  hours: fc.integer({ min: 0, max: 100 }),
});

type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

const act = (one: Situation) => {
  const steps = Object.entries(one.memory).map(([id, state]) => ({
    id,
    state,
    message: '',
    startedAt: CHECK_TIME.toISOString(),
    ...(state === 'running' ? { update: 'u-1' } : {}),
  }));
  const run = buildRun(plans[one.owner], { steps });
  const updates = one.update
    ? [
        buildUpdate({
          id: 'u-1',
          status: one.update.status,
          params: { Version: one.update.version },
          ...(one.update.about === undefined ? {} : { about: one.update.about }),
        }),
      ]
    : [];
  const observed = observe({
    cluster: buildClusterFact({ version: one.version, status: one.status }),
    nodeGroups: [buildNodeGroup({ version: one.nodes, status: one.groupStatus })],
    addons: [{ name: 'kube-proxy', version: one.proxy, status: 'ACTIVE', issues: [] }],
    updates,
  });
  return nextAction(run, observed, {
    now: new Date(CHECK_TIME.getTime() + one.hours * 3_600_000),
    health: one.health === 'ok' ? { state: 'ok' } : { state: one.health, reasons: ['a reason'] },
    handOverHours: 72,
    mayWrite: one.mayWrite ? { ok: true } : { ok: false, reason: 'paused' },
  });
};

const always = (holds: (one: Situation, decided: ReturnType<typeof act>) => boolean) =>
  counterexample(
    fc.property(situations, (one) => holds(one, act(one))),
    2_000,
  );

describe('in every situation', () => {
  it('nothing is started beside a running update, when health is not well, paused, or while EKS is at work', () => {
    const found = always(
      (one, { action }) =>
        action.kind !== 'start' ||
        (one.health === 'ok' &&
          one.mayWrite &&
          one.status === 'ACTIVE' &&
          !['InProgress', 'Cancelling', 'Odd'].includes(one.update?.status ?? '')),
    );
    expect(found).toBeUndefined();
  });

  it('no update is started on a cluster of somebody else', () => {
    const found = always(
      (one, { action }) =>
        one.owner === 'drydock' || action.kind !== 'start' || action.step.kind === 'refresh-insights',
    );
    expect(found).toBeUndefined();
  });

  it('nodes are moved only to the version that the control plane has', () => {
    const found = always(
      (one, { action }) =>
        action.kind !== 'start' || action.step.kind !== 'node-group' || one.version === action.step.to,
    );
    expect(found).toBeUndefined();
  });

  it('the end comes only when everything is at the target', () => {
    const found = always((one, { action, steps }) => {
      if (action.kind !== 'done') return true;
      return one.version === '1.36' && steps.every(({ state }) => state === 'done' || state === 'skipped');
    });
    expect(found).toBeUndefined();
  });

  it('a wait ends before a machine would call it lost', () => {
    const found = always(
      (_, { action }) => action.kind !== 'wait' || (action.seconds >= 1 && action.seconds <= 900),
    );
    expect(found).toBeUndefined();
  });
});
