import { describe, expect, it } from 'vitest';
import { run } from '../../functions/deployment/watch-rollout.ts';
import { type Rollout, rolloutKey, rolloutKind, targetLock } from '../../functions/records/rollout.ts';
import { emptyTargetState, targetStateKey, targetStateKind } from '../../functions/records/target-state.ts';
import type { RolloutObservation } from '../../functions/records/workload.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { buildExecution, buildOrder, calmInvocation, createTargetWorld } from '../support/target-world.ts';
import {
  buildObservation,
  buildPod,
  buildWorkload,
  DIGEST_A,
  DIGEST_B,
  DIGEST_C,
  IMAGE,
} from '../support/workload-builders.ts';

const NEW = `${IMAGE}:1.1.0@${DIGEST_B}`;
const OLD = `${IMAGE}:1.0.0@${DIGEST_A}`;
const STARTED = '2026-03-01T11:59:59.000Z';

const healthy = (image: string) =>
  buildObservation({ workload: buildWorkload({ image }), pods: [buildPod({ image })] });

const pulling = (): RolloutObservation => {
  const pod = buildPod({ image: NEW });
  const [container] = pod.containers;
  const state = { type: 'waiting', reason: 'ImagePullBackOff', message: 'Back-off pulling image' } as const;
  return buildObservation({
    workload: buildWorkload({
      image: NEW,
      counts: { desired: 3, current: 4, updated: 1, ready: 3, available: 3 },
    }),
    pods: container
      ? [{ ...pod, createdAt: STARTED, conditions: [], containers: [{ ...container, ready: false, state }] }]
      : [],
  });
};

async function* watching(...observations: RolloutObservation[]): AsyncGenerator<RolloutObservation> {
  yield* observations;
  await new Promise(() => undefined);
}

const startWatch = async (phase: 'rollout' | 'rollback' = 'rollout', reasons: string[] = []) => {
  const world = createTargetWorld();
  const execution = buildExecution();
  const order = buildOrder();
  const rollout: Rollout = {
    version: 1,
    order,
    execution,
    fence: 1,
    previousImage: OLD,
    startedAt: STARTED,
    patchedAt: STARTED,
    rolledBackAt: STARTED,
    reasons,
  };
  await world.ledger.claim(rolloutKind, rolloutKey(order.name), rollout);
  return { world, watch: () => run({ order, execution, phase }, world.deps, calmInvocation()) };
};

describe('watch-rollout', () => {
  it.each([
    ['rollout', NEW, 'rolled-out'],
    ['rollback', OLD, 'rolled-back'],
  ] as const)('a healthy %s of %s ends as %s', async (phase, image, outcome) => {
    const { world, watch } = await startWatch(phase);
    world.cluster.watched = watching(healthy(image));
    expect(await watch()).toMatchObject({ outcome });
  });

  it.each([
    ['that is healthy tells why it was taken', () => healthy(OLD), ['it crashed']],
    ['that somebody changed tells that too', () => healthy(NEW), ['it crashed', expect.any(String)]],
  ])('a way back %s', async (_, seen, reasons) => {
    const { world, watch } = await startWatch('rollback', ['it crashed']);
    world.cluster.watched = watching(seen());
    expect(await watch()).toMatchObject({ reasons });
  });

  it('what looks broken within its grace is progressing, and the poll ends in time', async () => {
    const { world, watch } = await startWatch();
    world.cluster.watched = watching(pulling());
    const before = world.clock.now().getTime();
    expect(await watch()).toMatchObject({ outcome: 'progressing' });
    const seconds = (world.clock.now().getTime() - before) / 1_000;
    expect(seconds).toBeGreaterThanOrEqual(30);
    expect(seconds).toBeLessThan(33);
  });

  it.each([
    ['rollout', 'failed'],
    ['rollback', 'overtaken'],
  ] as const)(
    'an image that cannot be pulled for longer than its grace: %s ends as %s',
    async (phase, outcome) => {
      const { world, watch } = await startWatch(phase);
      world.cluster.watched = watching(pulling());
      world.clock.advance(50_000);
      expect(await watch()).toMatchObject({ outcome });
    },
  );

  it('a newer order that waits ends the watch of a broken release at once', async () => {
    const { world, watch } = await startWatch();
    world.cluster.watched = watching(pulling());
    const desired = buildOrder({ name: 'fix', tag: '1.1.1', digest: DIGEST_C });
    await world.ledger.claim(targetStateKind, targetStateKey('web'), { ...emptyTargetState('web'), desired });
    const before = world.clock.now().getTime();
    expect(await watch()).toMatchObject({ outcome: 'superseded' });
    expect(world.clock.now().getTime()).toBe(before);
  });

  it('a newer order ends the watch of a way back as well, and the end says that nobody saw it healthy', async () => {
    const { world, watch } = await startWatch('rollback', ['it crashed']);
    const counts = { desired: 3, current: 4, updated: 1, ready: 3, available: 3 };
    world.cluster.watched = watching(buildObservation({ workload: buildWorkload({ image: OLD, counts }) }));
    const desired = buildOrder({ name: 'fix', tag: '1.1.1', digest: DIGEST_C });
    await world.ledger.claim(targetStateKind, targetStateKey('web'), { ...emptyTargetState('web'), desired });
    expect(await watch()).toMatchObject({
      outcome: 'rolled-back',
      code: 'superseded',
      reasons: [expect.stringContaining('was not watched to its end'), 'it crashed'],
    });
  });

  it('an older order that waits does not', async () => {
    const { world, watch } = await startWatch();
    world.cluster.watched = watching(pulling());
    const desired = buildOrder({ name: 'old', tag: '1.0.5', digest: DIGEST_C });
    await world.ledger.claim(targetStateKind, targetStateKey('web'), { ...emptyTargetState('web'), desired });
    expect(await watch()).toMatchObject({ outcome: 'progressing' });
  });

  it('renews the lock, so that a long watch does not lose it', async () => {
    const { world, watch } = await startWatch();
    const first = await world.deps.locks.acquire(targetLock('web'), buildExecution().arn);
    world.cluster.watched = watching(pulling());
    await watch();
    world.cluster.watched = watching(pulling());
    await watch();
    const lock = await world.deps.locks.acquire(targetLock('web'), 'other');
    expect(lock.ok).toBe(false);
    expect(lock.lock.expiresAt > first.lock.expiresAt).toBe(true);
  });

  it('ends when another execution has the lock', async () => {
    const { world, watch } = await startWatch();
    await world.deps.locks.acquire(targetLock('web'), 'other');
    expect(await watch()).toMatchObject({ outcome: 'overtaken', code: 'lock.lost' });
  });

  it('an API server that is down is asked again, and the poll goes on', async () => {
    const { world, watch } = await startWatch();
    let calls = 0;
    world.cluster.watchRollout = () => {
      calls += 1;
      if (calls < 3) throw new TransientError('kubernetes.unreachable', 'no answer');
      return watching(healthy(NEW));
    };
    expect(await watch()).toMatchObject({ outcome: 'rolled-out' });
    expect(calls).toBe(3);
  });

  it('an API server that stays down past the deadline ends as not-checked, never as healthy or failed', async () => {
    const { world, watch } = await startWatch();
    world.clock.advance(601_000);
    world.cluster.watchRollout = () => {
      throw new TransientError('kubernetes.unreachable', 'no answer');
    };
    expect(await watch()).toMatchObject({ outcome: 'not-checked', code: 'kubernetes.unreachable' });
  });

  it('a right that is missing is not waited for', async () => {
    const { world, watch } = await startWatch();
    world.cluster.watchRollout = () => {
      throw new RefusedError('kubernetes.forbidden', 'may not watch pods');
    };
    await expect(watch()).rejects.toMatchObject({ code: 'kubernetes.forbidden' });
  });

  it('a deleted workload ends as gone, a changed image as overtaken', async () => {
    const gone = await startWatch();
    gone.world.cluster.watched = watching(buildObservation({ workload: undefined }));
    expect(await gone.watch()).toMatchObject({ outcome: 'gone' });
    const changed = await startWatch();
    changed.world.cluster.watched = watching(healthy(`${IMAGE}:2.0.0`));
    expect(await changed.watch()).toMatchObject({ outcome: 'overtaken' });
  });
});
