import { describe, expect, it } from 'vitest';
import { executionOf } from '../../functions/deployment/annotations.ts';
import { run as apply } from '../../functions/deployment/apply-image.ts';
import { run } from '../../functions/deployment/roll-back.ts';
import type { NamedTarget } from '../../functions/deployment/target-assessment.ts';
import { pauseKey, pauseKind } from '../../functions/records/pause.ts';
import { targetLock } from '../../functions/records/rollout.ts';
import {
  buildExecution,
  buildOrder,
  buildTarget,
  calmInvocation,
  createTargetWorld,
} from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

/** What the steps of the target `web` write. */
const EXECUTION = executionOf('web');

const OLD = `${IMAGE}:1.0.0@${DIGEST_A}`;
const NEW = `${IMAGE}:1.1.0@${DIGEST_B}`;

const startBadRelease = async (overrides: Partial<NamedTarget> = {}) => {
  const world = createTargetWorld(buildTarget(overrides));
  const input = { order: buildOrder(), execution: buildExecution() };
  await apply(input, world.deps, calmInvocation());
  const failed = { ...input, code: 'crash-loop', reasons: ['pod web-x, container web: CrashLoopBackOff'] };
  return { world, rollBack: () => run(failed, world.deps, calmInvocation()) };
};

describe('roll-back', () => {
  it('puts the previous image back by digest and holds the bad one', async () => {
    const { world, rollBack } = await startBadRelease();
    expect(await rollBack()).toMatchObject({ outcome: 'rolling-back' });
    expect(world.cluster.image).toBe(OLD);
    expect((await world.state())?.holds).toMatchObject([{ digest: DIGEST_B, tag: '1.1.0' }]);
  });

  it('run twice changes once', async () => {
    const { world, rollBack } = await startBadRelease();
    await rollBack();
    expect(await rollBack()).toMatchObject({ outcome: 'rolling-back' });
    expect(world.cluster.patches).toHaveLength(2);
  });

  it('holds the digest before it patches: killed in between, the sweep does not deploy it again', async () => {
    const { world, rollBack } = await startBadRelease();
    world.cluster.beforePatch = async () => {
      if ((await world.state())?.holds.length !== 1) throw new Error('patched before the hold');
    };
    expect(await rollBack()).toMatchObject({ outcome: 'rolling-back' });
  });

  it.each([
    ['report', 'failed', 'report'],
    ['never', 'failed', 'forbidden'],
  ] as const)('a target with rollback: %s is left, and its digest held', async (rollback, outcome, code) => {
    const { world, rollBack } = await startBadRelease({ rollback });
    expect(await rollBack()).toMatchObject({ outcome, code });
    expect(world.cluster.image).toBe(NEW);
    expect((await world.state())?.holds).toHaveLength(1);
  });

  it("a person's later change wins", async () => {
    const { world, rollBack } = await startBadRelease();
    world.cluster.image = `${IMAGE}:1.0.9@${DIGEST_C}`;
    expect(await rollBack()).toMatchObject({ outcome: 'overtaken', code: 'changed' });
    expect(world.cluster.image).toBe(`${IMAGE}:1.0.9@${DIGEST_C}`);
  });

  it('a deleted workload ends as gone', async () => {
    const { world, rollBack } = await startBadRelease();
    world.cluster.deleted = true;
    expect(await rollBack()).toMatchObject({ outcome: 'gone' });
  });

  it('paused in the middle: left as it is, and the reason says so', async () => {
    const { world, rollBack } = await startBadRelease();
    const since = '2026-03-01T10:00:00.000Z';
    const pause = { version: 1 as const, scope: 'all', paused: true, by: 'ann', why: 'freeze', since };
    await world.ledger.claim(pauseKind, pauseKey('all'), pause);
    const answer = await rollBack();
    expect(answer).toMatchObject({ outcome: 'failed', code: 'paused' });
    expect(answer.reasons.at(-1)).toContain('freeze');
    expect(world.cluster.image).toBe(NEW);
  });

  it('a late Lambda of an aborted execution does not write over its successor', async () => {
    const { world, rollBack } = await startBadRelease();
    await world.deps.locks.release(targetLock('web'), buildExecution().arn);
    await world.deps.locks.acquire(targetLock('web'), 'successor');
    expect(await rollBack()).toMatchObject({ outcome: 'overtaken', code: 'lock.lost' });
    expect(world.cluster.image).toBe(NEW);
  });

  it('a redriven execution, whose lock was freed when it was stopped, takes it anew and rolls back', async () => {
    const { world, rollBack } = await startBadRelease();
    await world.deps.locks.release(targetLock('web'), buildExecution().arn);
    expect(await rollBack()).toMatchObject({ outcome: 'rolling-back' });
  });

  it('the first image ever set by Drydock has nothing to go back to when it was the same', async () => {
    const { world, rollBack } = await startBadRelease();
    world.cluster.annotations[EXECUTION] = 'somebody-else';
    world.cluster.image = NEW;
    expect(await rollBack()).toMatchObject({ outcome: 'rolling-back' });
    expect(world.cluster.annotations[EXECUTION]).toBe('rollout-1');
  });
});
