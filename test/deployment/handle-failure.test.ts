import { describe, expect, it } from 'vitest';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { run as apply } from '../../functions/deployment/apply-image.ts';
import { run as finish } from '../../functions/deployment/finish-rollout.ts';
import { Input } from '../../functions/deployment/handle-failure.contract.ts';
import { run } from '../../functions/deployment/handle-failure.ts';
import { rolloutKey, rolloutKind, targetLock } from '../../functions/records/rollout.ts';
import { renderMessage } from '../../functions/rules/message-text.ts';
import { createFakeExecutions, createFakeNotifier } from '../support/target-events.ts';
import { buildExecution, buildOrder, calmInvocation, createTargetWorld } from '../support/target-world.ts';

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:';
const ROLLOUT = `${MACHINE}rollout`;
const CAUSE = JSON.stringify({
  errorType: 'DefectError',
  errorMessage: 'A rollout does not fit its schema.',
});

const createFailure = async () => {
  const world = createTargetWorld();
  const notifier = createFakeNotifier();
  const deps = {
    ...world.deps,
    executions: createFakeExecutions(),
    outbox: openOutbox(world.ledger, notifier, world.clock),
    rolloutMachine: ROLLOUT,
  };
  const execution = buildExecution();
  await apply({ order: buildOrder(), execution }, world.deps, calmInvocation());
  const event = (detail: Record<string, unknown> = {}) =>
    Input.parse({
      version: '0',
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: {
        executionArn: execution.arn,
        stateMachineArn: ROLLOUT,
        name: execution.name,
        status: 'FAILED',
        startDate: Date.parse(execution.startedAt),
        stopDate: Date.parse('2026-03-01T12:00:00Z'),
        input: JSON.stringify({ order: buildOrder() }),
        error: 'DefectError',
        cause: CAUSE,
        ...detail,
      },
    });
  return { ...world, notifier, deps, execution, fail: (detail = {}) => run(event(detail), deps) };
};

describe('handle-failure', () => {
  it.each([
    ['FAILED', 'the execution failed (DefectError: A rollout does not fit its schema.)'],
    ['TIMED_OUT', 'the execution ran out of time (DefectError: A rollout does not fit its schema.)'],
    ['ABORTED', 'the execution was stopped by a person (DefectError: A rollout does not fit its schema.)'],
  ])('a rollout that ended as %s is recorded, told and frees its target', async (status, reason) => {
    const world = await createFailure();
    expect(await world.fail({ status })).toEqual({ outcome: 'released', id: 'rollout-1' });
    expect((await world.ledger.read(rolloutKind, rolloutKey('rollout-1')))?.value).toMatchObject({
      outcome: 'aborted',
      reasons: [reason],
    });
    expect(world.notifier.published).toMatchObject([
      { outcome: 'aborted', target: 'web', reasons: [reason] },
    ]);
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(true);
  });

  it('without error and cause the reason is still a sentence', async () => {
    const world = await createFailure();
    await world.fail({ status: 'ABORTED', error: null, cause: null });
    expect(world.notifier.published[0]?.reasons).toEqual(['the execution was stopped by a person']);
  });

  it('of another machine it is told, and touches no target', async () => {
    const world = await createFailure();
    const detail = { stateMachineArn: `${MACHINE}deployment`, name: 'web-1-1-0-abc' };
    expect(await world.fail(detail)).toEqual({ outcome: 'reported', id: 'web-1-1-0-abc-failed' });
    expect(world.notifier.published).toMatchObject([
      { severity: 'critical', happened: 'deployment: the execution web-1-1-0-abc failed.' },
    ]);
    expect((await world.deps.locks.acquire(targetLock('web'), 'next')).ok).toBe(false);
  });

  it('a person who stops a machine is not woken by it', async () => {
    const world = await createFailure();
    await world.fail({ stateMachineArn: `${MACHINE}deployment`, status: 'ABORTED' });
    expect(world.notifier.published).toMatchObject([{ severity: 'info', next: 'Nothing, if it was you.' }]);
  });

  it('a rollout whose input the event could not carry is told; the sweep frees it', async () => {
    const world = await createFailure();
    expect(await world.fail({ input: null })).toMatchObject({ outcome: 'reported' });
    expect(world.notifier.published).toHaveLength(1);
  });

  it('what a cause quotes from outside reaches the message only redacted', async () => {
    const world = await createFailure();
    const errorMessage = 'refused: Authorization: Bearer canary-4711-canary-4711';
    await world.fail({ stateMachineArn: `${MACHINE}deployment`, cause: JSON.stringify({ errorMessage }) });
    const [notice] = world.notifier.published;
    expect(notice?.reasons[0]).toContain('refused');
    expect(notice && JSON.stringify(renderMessage(notice))).not.toContain('canary-4711');
  });

  it('the event delivered twice tells once', async () => {
    const world = await createFailure();
    await world.fail();
    await world.fail();
    await world.fail({ stateMachineArn: `${MACHINE}deployment` });
    await world.fail({ stateMachineArn: `${MACHINE}deployment` });
    expect(world.notifier.published).toHaveLength(2);
  });
});

describe('finish-rollout', () => {
  it('ends the rollout as the machine says, and starts what waited', async () => {
    const world = await createFailure();
    const waiting = buildOrder({ name: 'rollout-2', tag: '1.2.0', digest: `sha256:${'e'.repeat(64)}` });
    await apply({ order: waiting, execution: buildExecution('rollout-2') }, world.deps, calmInvocation());
    const { outcome, started } = await finish(
      {
        execution: world.execution,
        order: buildOrder(),
        outcome: 'superseded',
        reasons: ['a newer one waits'],
      },
      world.deps,
    );
    expect(outcome).toBe('superseded');
    expect(world.deps.executions.started).toMatchObject([{ machine: ROLLOUT, name: started }]);
  });
});
