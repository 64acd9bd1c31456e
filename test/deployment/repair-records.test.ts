import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { run as applyImage } from '../../functions/deployment/apply-image.ts';
import { run as repair } from '../../functions/deployment/repair-records.ts';
import { deferralKey, deferralKind } from '../../functions/records/deferral.ts';
import { rolloutKey, rolloutKind, targetLock } from '../../functions/records/rollout.ts';
import { emptyTargetState, targetStateKey, targetStateKind } from '../../functions/records/target-state.ts';
import { buildEvent } from '../support/image-events.ts';
import { buildExecution, buildOrder, calmInvocation } from '../support/target-world.ts';
import { DIGEST_C } from '../support/workload-builders.ts';

import { createSweep } from './sweep-world.ts';

const EVENT = buildEvent();

/** A deployment that could not be decided, to be tried again at a time. */
const deferral = (nextAttemptAt: string) => ({
  version: 1 as const,
  event: EVENT,
  attempts: 1,
  execution: 'deployment-1',
  reason: 'registry down',
  firstAt: '2026-03-01T11:00:00.000Z',
  nextAttemptAt,
});

describe('repair-records', () => {
  const nothing = { attempted: 0, published: 0, ended: 0, freed: 0 };
  const run = (world: ReturnType<typeof createSweep>) =>
    repair({ execution: buildExecution('sweep-1') }, world.deps, calmInvocation());

  it('finds nothing to do in a quiet ledger', async () => {
    expect(await run(createSweep())).toEqual(nothing);
  });

  it.each([
    ['due', '2026-03-01T11:59:00.000Z', 1],
    ['not due', '2026-03-01T12:30:00.000Z', 0],
  ])('a deferred event that is %s is tried %s: %i time(s)', async (_, nextAttemptAt, times) => {
    const world = createSweep();
    await world.ledger.claim(deferralKind, deferralKey(EVENT), deferral(nextAttemptAt));
    expect(await run(world)).toEqual({ ...nothing, attempted: times });
    await run(world);
    expect(world.executions.started).toHaveLength(times);
  });

  it('ends a rollout whose execution has ended, and tells a person', async () => {
    const world = createSweep();
    await applyImage({ order: buildOrder(), execution: buildExecution() }, world.deps, calmInvocation());
    const stoppedAt = new Date('2026-03-01T11:50:00.000Z');
    world.executions.states.set(buildExecution().arn, {
      status: 'aborted',
      startedAt: undefined,
      stoppedAt,
      output: undefined,
      error: undefined,
      cause: undefined,
    });
    expect(await run(world)).toEqual({ ...nothing, ended: 1 });
    expect((await world.ledger.read(rolloutKind, rolloutKey('rollout-1')))?.value.outcome).toBe('aborted');
    expect(world.notifier.published).toMatchObject([{ outcome: 'aborted', severity: 'critical' }]);
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(true);
  });

  it.each([
    ['runs', 'running', undefined],
    [
      'ended a moment ago, so that its own clean-up may be under way',
      'failed',
      new Date('2026-03-01T11:59:50.000Z'),
    ],
  ] as const)('leaves a rollout whose execution %s', async (_, status, stoppedAt) => {
    const world = createSweep();
    await applyImage({ order: buildOrder(), execution: buildExecution() }, world.deps, calmInvocation());
    const rest = { startedAt: undefined, output: undefined, error: undefined, cause: undefined };
    world.executions.states.set(buildExecution().arn, { status, stoppedAt, ...rest });
    expect(await run(world)).toEqual(nothing);
  });

  it('frees the lock of an owner that ended before it wrote anything, and what it noted as under way', async () => {
    const world = createSweep();
    const { arn, name } = buildExecution('rollout-9');
    await world.deps.locks.acquire(targetLock('web'), arn);
    await world.ledger.claim(targetStateKind, targetStateKey('web'), {
      ...emptyTargetState('web'),
      rolling: { rollout: name, digest: DIGEST_C },
      desired: buildOrder({ name: 'rollout-10' }),
    });
    expect((await world.sweep()).started).toEqual([]);
    expect(await run(world)).toEqual({ ...nothing, freed: 1 });
    expect((await world.state())?.rolling).toBeUndefined();
    expect(world.executions.started).toMatchObject([
      { machine: 'rollout-machine', input: { order: { target: 'web', tag: '1.1.0' } } },
    ]);
    expect((await world.sweep()).started).toHaveLength(1);
  });

  it('an attempt that died without a word counts, so that the next one has a name of its own', async () => {
    const world = createSweep();
    await world.ledger.claim(deferralKind, deferralKey(EVENT), deferral('2026-03-01T11:59:00.000Z'));
    await run(world);
    await run(world);
    expect((await world.ledger.read(deferralKind, deferralKey(EVENT)))?.value).toMatchObject({
      attempts: 2,
      execution: world.executions.started[0]?.name,
    });
    world.clock.advance(3_600_000);
    await run(world);
    expect(new Set(world.executions.started.map(({ name }) => name)).size).toBe(2);
  });

  it('a record that cannot be read hides no other, and is reported', async () => {
    const world = createSweep();
    const odd = { name: 'something else', schema: z.object({ odd: z.boolean() }) };
    await world.ledger.claim(odd, deferralKey({ ...EVENT, id: 'a' }), { odd: true });
    await world.deps.locks.acquire(targetLock('web'), 'arn:of:nobody');
    await expect(run(world)).rejects.toMatchObject({ code: 'ledger.unreadable' });
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(true);
  });
});
