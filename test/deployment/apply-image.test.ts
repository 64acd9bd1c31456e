import { describe, expect, it } from 'vitest';
import { executionOf, fenceOf, PREVIOUS_IMAGE } from '../../functions/deployment/annotations.ts';
import { run } from '../../functions/deployment/apply-image.ts';
import { noteTarget } from '../../functions/deployment/target-history.ts';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { rolloutKey, rolloutKind, targetLock } from '../../functions/records/rollout.ts';
import {
  buildExecution,
  buildOrder,
  buildTarget,
  calmInvocation,
  createTargetWorld,
} from '../support/target-world.ts';
import { buildPod, DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

/** What the steps of the target `web` write. */
const FENCE = fenceOf('web');
const EXECUTION = executionOf('web');

const apply = (
  world: ReturnType<typeof createTargetWorld>,
  order = buildOrder(),
  execution = buildExecution(),
) => run({ order, execution }, world.deps, calmInvocation());

describe('apply-image', () => {
  it('sets the image as repository:tag@digest, with fence, execution and what ran before', async () => {
    const world = createTargetWorld();
    expect(await apply(world)).toMatchObject({ outcome: 'applied' });
    expect(world.cluster.image).toBe(`${IMAGE}:1.1.0@${DIGEST_B}`);
    expect(world.cluster.annotations).toMatchObject({
      [FENCE]: '1',
      [EXECUTION]: 'rollout-1',
      [PREVIOUS_IMAGE]: `web=${IMAGE}:1.0.0@${DIGEST_A}`,
    });
  });

  it('writes the way back down before it patches', async () => {
    const world = createTargetWorld();
    let previous: string | undefined;
    world.cluster.beforePatch = async () => {
      previous = (await world.ledger.read(rolloutKind, rolloutKey('rollout-1')))?.value.previousImage;
    };
    await apply(world);
    expect(previous).toBe(`${IMAGE}:1.0.0@${DIGEST_A}`);
  });

  it('pins the way back by the digest that runs, when the workload names only a tag', async () => {
    const world = createTargetWorld();
    world.cluster.image = `${IMAGE}:1.0.0`;
    world.cluster.pods = [buildPod({ image: `${IMAGE}@${DIGEST_C}` })];
    await apply(world);
    const rollout = await world.ledger.read(rolloutKind, rolloutKey('rollout-1'));
    expect(rollout?.value.previousImage).toBe(`${IMAGE}:1.0.0@${DIGEST_C}`);
  });

  it.each(['superseded', 'aborted', 'not-checked', 'failed'] as const)(
    'leads the way back past a release that ended as %s, to the last one seen healthy',
    async (outcome) => {
      const world = createTargetWorld();
      await apply(world);
      const first = await world.ledger.read(rolloutKind, rolloutKey('rollout-1'));
      if (!first) throw new Error('The first rollout has no record.');
      await world.ledger.change(rolloutKind, rolloutKey('rollout-1'), first.etag, {
        ...first.value,
        outcome,
      });
      await world.deps.locks.release(targetLock('web'), buildExecution().arn);
      const fix = buildOrder({ name: 'rollout-2', tag: '1.2.0', digest: DIGEST_C });
      await apply(world, fix, buildExecution('rollout-2'));
      const second = await world.ledger.read(rolloutKind, rolloutKey('rollout-2'));
      expect(second?.value.previousImage).toBe(`${IMAGE}:1.0.0@${DIGEST_A}`);
    },
  );

  it('leads the way back to a release that was rolled out', async () => {
    const world = createTargetWorld();
    await apply(world);
    const first = await world.ledger.read(rolloutKind, rolloutKey('rollout-1'));
    if (!first) throw new Error('The first rollout has no record.');
    const ended = { ...first.value, outcome: 'rolled-out' as const };
    await world.ledger.change(rolloutKind, rolloutKey('rollout-1'), first.etag, ended);
    await world.deps.locks.release(targetLock('web'), buildExecution().arn);
    const next = buildOrder({ name: 'rollout-2', tag: '1.2.0', digest: DIGEST_C });
    await apply(world, next, buildExecution('rollout-2'));
    const second = await world.ledger.read(rolloutKind, rolloutKey('rollout-2'));
    expect(second?.value.previousImage).toBe(`${IMAGE}:1.1.0@${DIGEST_B}`);
  });

  it('run twice patches once: a Lambda killed between patch and record goes on where it was', async () => {
    const world = createTargetWorld();
    await apply(world);
    expect(await apply(world)).toMatchObject({ outcome: 'applied' });
    expect(world.cluster.patches).toHaveLength(1);
  });

  it('leaves the order to the holder of the lock, and writes nothing to the cluster', async () => {
    const world = createTargetWorld();
    await world.deps.locks.acquire(targetLock('web'), 'somebody else');
    expect(await apply(world)).toMatchObject({ outcome: 'queued', code: 'queued' });
    expect((await world.state())?.desired?.name).toBe('rollout-1');
    expect(world.cluster.patches).toHaveLength(0);
  });

  it('a newer order that waits stays, and the older one says so', async () => {
    const world = createTargetWorld();
    await world.deps.locks.acquire(targetLock('web'), 'somebody else');
    await apply(world, buildOrder({ name: 'newer', tag: '1.2.0', digest: DIGEST_C }));
    expect(await apply(world)).toMatchObject({ outcome: 'queued', code: 'superseded' });
    expect((await world.state())?.desired?.tag).toBe('1.2.0');
  });

  it('takes the lock itself when its holder ended between the two looks', async () => {
    const world = createTargetWorld();
    await world.deps.locks.acquire(targetLock('web'), 'ending');
    const { locks } = world.deps;
    let looks = 0;
    const acquire: typeof locks.acquire = async (name, owner) => {
      looks += 1;
      if (looks === 2) await locks.release(name, 'ending');
      return locks.acquire(name, owner);
    };
    const outcome = await run(
      { order: buildOrder(), execution: buildExecution() },
      { ...world.deps, locks: { ...locks, acquire } },
      calmInvocation(),
    );
    expect(outcome).toMatchObject({ outcome: 'applied' });
    expect((await world.state())?.desired).toBeUndefined();
  });

  it('a write of an aborted execution is refused: its lock has gone to another', async () => {
    const world = createTargetWorld();
    const late = { ...world.deps.locks, isHeld: async () => false };
    await expect(
      run(
        { order: buildOrder(), execution: buildExecution() },
        { ...world.deps, locks: late },
        calmInvocation(),
      ),
    ).rejects.toMatchObject({ name: 'RefusedError', code: 'lock.lost' });
    expect(world.cluster.patches).toHaveLength(0);
  });

  it('a Lambda that comes after its execution was stopped and told changes nothing, and keeps no lock', async () => {
    const world = createTargetWorld();
    await noteTarget(
      world.ledger,
      { ...buildOrder(), at: '2026-03-01T12:00:00.000Z', execution: buildExecution() },
      { outcome: 'aborted', code: 'aborted', reason: 'the execution was stopped by a person' },
    );
    await expect(apply(world)).rejects.toMatchObject({ name: 'RefusedError', code: 'execution.ended' });
    expect(world.cluster.patches).toHaveLength(0);
    expect(await world.state()).toBeUndefined();
    expect(await world.deps.locks.acquire(targetLock('web'), 'the next')).toMatchObject({ ok: true });
  });

  it('a workload last written under a higher token is not touched', async () => {
    const world = createTargetWorld();
    world.cluster.annotations[FENCE] = '7';
    await expect(apply(world)).rejects.toMatchObject({ name: 'RefusedError', code: 'fence.stale' });
    expect(world.cluster.patches).toHaveLength(0);
  });

  it('a change made in the same moment is seen and decided anew, not overwritten', async () => {
    const world = createTargetWorld();
    world.cluster.beforePatch = () => {
      world.cluster.image = `${IMAGE}:9.0.0@${DIGEST_C}`;
    };
    expect(await apply(world)).toMatchObject({ outcome: 'not-wanted', code: 'policy' });
    expect(world.cluster.image).toBe(`${IMAGE}:9.0.0@${DIGEST_C}`);
  });

  it('the way back leads to what somebody set in the same moment, not to what they replaced', async () => {
    const world = createTargetWorld();
    world.cluster.beforePatch = () => {
      world.cluster.image = `${IMAGE}:1.0.5@${DIGEST_C}`;
    };
    expect(await apply(world)).toMatchObject({ outcome: 'applied' });
    const rollout = await world.ledger.read(rolloutKind, rolloutKey('rollout-1'));
    expect(rollout?.value.previousImage).toBe(`${IMAGE}:1.0.5@${DIGEST_C}`);
  });

  it('killed after the patch, it does not overwrite what somebody set meanwhile', async () => {
    const world = createTargetWorld();
    await apply(world);
    world.cluster.image = `${IMAGE}:1.0.0@${DIGEST_A}`;
    expect(await apply(world)).toMatchObject({ outcome: 'overtaken', code: 'image-changed' });
    expect(world.cluster.patches).toHaveLength(1);
  });

  it('somebody who changes the workload each time ends it as transient', async () => {
    const world = createTargetWorld();
    let change = 0;
    world.cluster.beforePatch = () => {
      world.cluster.annotations[FENCE] = String(--change);
    };
    world.cluster.annotations[FENCE] = '0';
    const always = {
      ...world.cluster,
      patchWorkload: async () => ({ ok: false as const, reason: 'conflict' as const, message: 'changed' }),
    };
    await expect(
      run(
        { order: buildOrder(), execution: buildExecution() },
        { ...world.deps, cluster: async () => always },
        calmInvocation(),
      ),
    ).rejects.toMatchObject({ name: 'TransientError', code: 'workload.contended' });
  });

  it.each([
    ['a pause of the target', 'target/web', 'paused'],
    ['a pause of the environment', 'environment/production', 'paused'],
    ['a pause of everything', 'all', 'paused'],
  ])('%s stops the write', async (_, scope, code) => {
    const world = createTargetWorld();
    const pause = {
      version: 1 as const,
      scope,
      paused: true,
      by: 'ann',
      why: 'freeze',
      since: '2026-03-01T10:00:00.000Z',
    };
    await world.ledger.claim(pauseKind, pauseKey(scope), pause);
    expect(await apply(world)).toMatchObject({ outcome: 'not-wanted', code });
    expect(world.cluster.patches).toHaveLength(0);
  });

  it.each([
    ['an older tag', buildOrder({ tag: '0.9.0' }), 'policy'],
    ['the digest that runs', buildOrder({ tag: '1.0.0', digest: DIGEST_A }), 'current'],
  ])('%s is not wanted', async (_, order, code) => {
    const world = createTargetWorld();
    expect(await apply(world, order)).toMatchObject({ outcome: 'not-wanted', code });
    expect(world.cluster.patches).toHaveLength(0);
  });

  it('a digest on hold is not tried again', async () => {
    const world = createTargetWorld();
    await world.hold(DIGEST_B, '1.1.0');
    expect(await apply(world)).toMatchObject({ outcome: 'not-wanted', code: 'held' });
  });

  it('an image that Helm owns is refused by name', async () => {
    const world = createTargetWorld();
    world.cluster.managedFields = [
      {
        manager: 'helm',
        operation: 'Apply',
        fields: {
          'f:spec': {
            'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } } },
          },
        },
      },
    ];
    expect(await apply(world)).toMatchObject({ outcome: 'not-wanted', code: 'owner.helm' });
  });

  it('a target in observe mode says what it would do, and does not', async () => {
    const world = createTargetWorld(buildTarget({ mode: 'observe' }));
    const answer = await apply(world);
    expect(answer).toMatchObject({ outcome: 'not-wanted', code: 'observe' });
    expect(answer.reasons[0]).toContain('would deploy 1.1.0');
  });

  it('a workload deleted before the patch ends as gone', async () => {
    const world = createTargetWorld();
    world.cluster.beforePatch = () => {
      world.cluster.deleted = true;
    };
    expect(await apply(world)).toMatchObject({ outcome: 'gone' });
  });
});
