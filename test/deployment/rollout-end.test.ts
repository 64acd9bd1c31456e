import { describe, expect, it } from 'vitest';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { run as apply } from '../../functions/deployment/apply-image.ts';
import { endRollout } from '../../functions/deployment/rollout-end.ts';
import { targetHistoryPrefix } from '../../functions/records/decision.ts';
import {
  RolloutOutcome as Outcomes,
  openRolloutKey,
  type RolloutOutcome,
  rolloutKey,
  rolloutKind,
  targetLock,
} from '../../functions/records/rollout.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { createFakeExecutions, createFakeNotifier } from '../support/target-events.ts';
import { buildExecution, buildOrder, calmInvocation, createTargetWorld } from '../support/target-world.ts';
import { DIGEST_B, DIGEST_C } from '../support/workload-builders.ts';

const startRollout = async () => {
  const world = createTargetWorld();
  const executions = createFakeExecutions();
  const notifier = createFakeNotifier();
  const deps = {
    ...world.deps,
    executions,
    outbox: openOutbox(world.ledger, notifier, world.clock),
    rolloutMachine: 'rollout-machine',
  };
  const order = buildOrder();
  const execution = buildExecution();
  await apply({ order, execution }, world.deps, calmInvocation());
  const end = (outcome: RolloutOutcome, reasons = ['why']) =>
    endRollout({ order, execution, outcome, reasons }, deps);
  return { ...world, executions, notifier, deps, order, execution, end };
};

describe('the end of a rollout', () => {
  it('a healthy release is noted as running, told once, and frees the target', async () => {
    const world = await startRollout();
    await world.end('rolled-out');
    expect((await world.state())?.running).toMatchObject({ tag: '1.1.0', digest: DIGEST_B });
    expect((await world.state())?.rolling).toBeUndefined();
    expect(world.notifier.published).toMatchObject([
      { outcome: 'rolled-out', severity: 'info', target: 'web' },
    ]);
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(true);
    expect(await world.ledger.read(rolloutKind, openRolloutKey('rollout-1'))).toBeUndefined();
    expect((await world.ledger.read(rolloutKind, rolloutKey('rollout-1')))?.value).toMatchObject({
      outcome: 'rolled-out',
      endedAt: world.clock.now().toISOString(),
    });
  });

  it('run twice tells once, and the first end stays, also when the execution died over telling it', async () => {
    const world = await startRollout();
    await world.end('rolled-out');
    expect(await world.end('aborted')).toMatchObject({ outcome: 'rolled-out' });
    expect(world.notifier.published.map(({ outcome }) => outcome)).toEqual(['rolled-out']);
    const rollout = await world.ledger.read(rolloutKind, rolloutKey('rollout-1'));
    expect(rollout?.value.outcome).toBe('rolled-out');
  });

  it('an execution that was stopped and redriven ends as it really ended', async () => {
    const world = await startRollout();
    await world.end('aborted');
    await world.end('rolled-back');
    const rollout = await world.ledger.read(rolloutKind, rolloutKey('rollout-1'));
    expect(rollout?.value.outcome).toBe('rolled-back');
    expect(world.notifier.published.map(({ outcome }) => outcome)).toEqual(['aborted', 'rolled-back']);
  });

  it('told again after a newer rollout, it leaves what the newer one noted', async () => {
    const world = await startRollout();
    await world.end('rolled-out');
    const order = buildOrder({ name: 'rollout-2', tag: '1.2.0', digest: DIGEST_C });
    const execution = buildExecution('rollout-2');
    await apply({ order, execution }, world.deps, calmInvocation());
    await endRollout({ order, execution, outcome: 'rolled-out', reasons: [] }, world.deps);
    await world.end('rolled-out');
    expect((await world.state())?.running).toMatchObject({ tag: '1.2.0', digest: DIGEST_C });
  });

  it('an order whose start by an earlier end came to nothing is started again by the next end', async () => {
    const world = await startRollout();
    const waiting = buildOrder({ name: 'rollout-2', tag: '1.2.0', digest: DIGEST_C });
    await apply({ order: waiting, execution: buildExecution('rollout-2') }, world.deps, calmInvocation());
    const first = await world.end('superseded');
    const between = {
      ...buildOrder({ tag: '1.1.5', name: 'rollout-3' }),
      digest: `sha256:${'e'.repeat(64)}`,
    };
    await apply({ order: between, execution: buildExecution('rollout-3') }, world.deps, calmInvocation());
    const second = await endRollout(
      { order: between, execution: buildExecution('rollout-3'), outcome: 'superseded', reasons: [] },
      world.deps,
    );
    expect(second.started).toBeDefined();
    expect(world.executions.started.map(({ name }) => name)).toEqual([first.started, second.started]);
  });

  it('starts the order that waited, under a name of its own, also when run twice', async () => {
    const world = await startRollout();
    const waiting = buildOrder({ name: 'rollout-2', tag: '1.2.0', digest: DIGEST_C });
    await apply({ order: waiting, execution: buildExecution('rollout-2') }, world.deps, calmInvocation());
    const { started } = await world.end('superseded');
    await world.end('superseded');
    expect(world.executions.started).toMatchObject([
      { machine: 'rollout-machine', name: started, input: { order: { name: started, tag: '1.2.0' } } },
    ]);
    expect(started).not.toBe('rollout-2');
  });

  it('an order for the digest that just had its turn waits no longer', async () => {
    const world = await startRollout();
    const same = buildOrder({ name: 'rollout-2', confirmedAt: '2026-03-01T11:59:59.000Z' });
    await apply({ order: same, execution: buildExecution('rollout-2') }, world.deps, calmInvocation());
    await world.end('rolled-out');
    expect(world.executions.started).toEqual([]);
    expect((await world.state())?.desired).toBeUndefined();
  });

  it('a healthy release ends the holds: a newer one came', async () => {
    const world = await startRollout();
    await world.end('rolled-out');
    expect((await world.state())?.holds).toEqual([]);
  });

  it.each(Outcomes.options)('%s is an entry of the target history', async (outcome) => {
    const world = await startRollout();
    await world.end(outcome);
    const keys = await Array.fromAsync(world.ledger.list(targetHistoryPrefix('web')));
    expect(keys.filter((key) => key.endsWith(`-${outcome}.json`))).toHaveLength(1);
  });

  it.each(['superseded', 'not-wanted'] as const)('%s wakes nobody', async (outcome) => {
    const world = await startRollout();
    await world.end(outcome);
    expect(world.notifier.published).toEqual([]);
  });

  it('a topic that does not answer leaves the message for the sweep, and the target free for what waits', async () => {
    const world = await startRollout();
    const waiting = buildOrder({ name: 'rollout-2', tag: '1.2.0', digest: DIGEST_C });
    await apply({ order: waiting, execution: buildExecution('rollout-2') }, world.deps, calmInvocation());
    world.notifier.failing = new TransientError('notifier.unavailable', 'SNS is down');
    await expect(world.end('failed')).rejects.toThrow('SNS is down');
    expect(world.executions.started).toHaveLength(1);
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(true);
    expect(await world.ledger.read(rolloutKind, openRolloutKey('rollout-1'))).toBeDefined();
    world.notifier.failing = undefined;
    world.clock.advance(120_000);
    expect(await world.deps.outbox.republish()).toBe(1);
    expect(world.notifier.published).toMatchObject([{ outcome: 'failed', severity: 'critical' }]);
    await world.end('failed');
    expect(world.notifier.published).toHaveLength(1);
  });
});
