import { describe, expect, it } from 'vitest';
import { run } from '../../functions/deployment/decide-targets.ts';
import type { NamedTarget } from '../../functions/deployment/target-assessment.ts';
import { type TargetEntry, targetEntryKind, targetHistoryPrefix } from '../../functions/records/decision.ts';
import { planKey, planKind } from '../../functions/records/plan.ts';
import { DefectError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { createFakeCluster } from '../support/fake-cluster.ts';
import { buildExecution, buildTarget, calmInvocation, createTargetWorld } from '../support/target-world.ts';
import { DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

const INPUT = {
  execution: buildExecution('deployment-1'),
  image: IMAGE,
  tag: '1.1.0',
  digest: DIGEST_B,
  confirmedAt: '2026-03-01T11:59:58.000Z',
  source: 'gitlab',
  redeploy: false,
};

/** Targets of one image, each in an environment of its own, whose cluster may be down. */
const createDecision = (targets: Partial<NamedTarget>[], down: Record<string, Error> = {}) => {
  const named = targets.map((target) => buildTarget({ environment: target.name ?? 'web', ...target }));
  const world = createTargetWorld();
  const cluster = createFakeCluster();
  const deps = {
    ...world.deps,
    cluster: async (environment: string) => {
      const failure = down[environment];
      if (failure) throw failure;
      return cluster;
    },
    findTargets: (image: string) => named.filter((target) => target.image === image),
  };
  return {
    ...world,
    cluster,
    decide: (input: Partial<typeof INPUT> = {}) => run({ ...INPUT, ...input }, deps, calmInvocation()),
    planned: async () =>
      (await world.ledger.read(planKind, planKey('deployment-1')))?.value.orders.map(({ target }) => target),
    history: async (target: string): Promise<TargetEntry[]> => {
      const keys = await Array.fromAsync(world.ledger.list(targetHistoryPrefix(target)));
      const stored = await Promise.all(keys.map((key) => world.ledger.read(targetEntryKind, key)));
      return stored.flatMap((one) => (one ? [one.value] : []));
    },
  };
};

describe('decide-targets', () => {
  it('plans a rollout for each target that wants the image, and keeps every answer', async () => {
    const world = createDecision([
      { name: 'web' },
      { name: 'shy', mode: 'observe' },
      { name: 'old', policy: { type: 'semver', range: '1.0.x', allowDowngrade: false } },
    ]);
    expect(await world.decide()).toEqual({ outcome: 'decided', rollouts: 1, refused: 2, notChecked: 0 });
    expect(await world.planned()).toEqual(['web']);
    expect(await world.history('web')).toMatchObject([{ outcome: 'deploy', code: 'wanted', tag: '1.1.0' }]);
    expect(await world.history('shy')).toMatchObject([{ outcome: 'no', code: 'observe' }]);
    expect(await world.history('old')).toMatchObject([{ outcome: 'no', code: 'policy' }]);
  });

  it.each([
    new TransientError('kubernetes.unreachable', 'the API server does not answer.'),
    new RefusedError('kubernetes.forbidden', 'the role has no access entry.'),
  ])('a cluster that answers with $code is not-checked and hides no other target', async (failure) => {
    const world = createDecision([{ name: 'dark' }, { name: 'web' }], { dark: failure });
    expect(await world.decide()).toMatchObject({ rollouts: 1, refused: 0, notChecked: 1 });
    expect(await world.planned()).toEqual(['web']);
    expect(await world.history('dark')).toMatchObject([
      { outcome: 'not-checked', code: failure.code, reason: `${failure.message} The next sweep asks again.` },
    ]);
  });

  it.each([new DefectError('ledger.unreadable', 'not of a version'), new TypeError('x is not a function')])(
    'a bug of ours ($name) is no cluster that is down: it fails the step',
    async (failure) => {
      const world = createDecision([{ name: 'dark' }, { name: 'web' }], { dark: failure });
      await expect(world.decide()).rejects.toBe(failure);
      expect(await world.planned()).toBeUndefined();
    },
  );

  it('an image that no target follows plans nothing', async () => {
    const world = createDecision([{ name: 'web' }]);
    expect(await world.decide({ image: 'registry.example.com/other' })).toEqual({
      outcome: 'decided',
      rollouts: 0,
      refused: 0,
      notChecked: 0,
    });
  });

  it('run again keeps the first plan, whatever has changed in between', async () => {
    const world = createDecision([{ name: 'web' }]);
    await world.decide();
    world.cluster.image = `${IMAGE}:1.1.0@${DIGEST_B}`;
    expect(await world.decide()).toMatchObject({ rollouts: 1, refused: 1 });
    expect(await world.planned()).toEqual(['web']);
  });

  it('every order of the plan says what was confirmed and who asked', async () => {
    const world = createDecision([{ name: 'web' }]);
    await world.decide({ redeploy: true });
    const [order] = (await world.ledger.read(planKind, planKey('deployment-1')))?.value.orders ?? [];
    expect(order).toMatchObject({
      target: 'web',
      image: IMAGE,
      tag: '1.1.0',
      digest: DIGEST_B,
      confirmedAt: INPUT.confirmedAt,
      redeploy: true,
      deployment: INPUT.execution,
    });
  });

  it('a hundred targets are all asked, and have a hundred names', async () => {
    const names = Array.from({ length: 100 }, (_, index) => ({ name: `web-${index}` }));
    const world = createDecision(names);
    expect(await world.decide({ digest: DIGEST_C })).toMatchObject({ rollouts: 100 });
    const orders = (await world.ledger.read(planKind, planKey('deployment-1')))?.value.orders ?? [];
    expect(new Set(orders.map(({ name }) => name)).size).toBe(100);
  });
});
