import { describe, expect, it } from 'vitest';
import { run } from '../../functions/deployment/start-rollouts.ts';
import { planKey, planKind } from '../../functions/records/plan.ts';
import { createFakeExecutions } from '../support/target-events.ts';
import { buildExecution, buildOrder, createTargetWorld } from '../support/target-world.ts';

const execution = buildExecution('deployment-1');

const createStart = async (count: number) => {
  const { ledger } = createTargetWorld();
  const executions = createFakeExecutions();
  const orders = Array.from({ length: count }, (_, index) => buildOrder({ name: `rollout-${index}` }));
  await ledger.claim(planKind, planKey(execution.name), { version: 1, orders });
  const deps = { ledger, executions, rolloutMachine: 'rollout-machine' };
  return {
    orders,
    executions,
    start: (from: number, remainingMs = 60_000) =>
      run({ execution, from }, deps, { remainingMs: () => remainingMs }),
  };
};

describe('start-rollouts', () => {
  it('starts one execution for each order, with the order as its input', async () => {
    const world = await createStart(3);
    expect(await world.start(0)).toEqual({ outcome: 'started', from: 3 });
    expect(world.executions.started).toEqual(
      world.orders.map((order) => ({ machine: 'rollout-machine', name: order.name, input: { order } })),
    );
  });

  it('goes on where it stopped', async () => {
    const world = await createStart(5);
    expect(await world.start(3)).toEqual({ outcome: 'started', from: 5 });
    expect(world.executions.started.map(({ name }) => name)).toEqual(['rollout-3', 'rollout-4']);
  });

  it('short of time it starts one page and says where to go on: always some progress', async () => {
    const world = await createStart(120);
    expect(await world.start(0, 5_000)).toEqual({ outcome: 'more', from: 50 });
    expect(await world.start(50, 5_000)).toEqual({ outcome: 'more', from: 100 });
    expect(await world.start(100, 5_000)).toEqual({ outcome: 'started', from: 120 });
    expect(new Set(world.executions.started.map(({ name }) => name)).size).toBe(120);
  });

  it('with time it starts all pages in one call', async () => {
    const world = await createStart(120);
    expect(await world.start(0)).toEqual({ outcome: 'started', from: 120 });
  });

  it('one that runs already is as good as started', async () => {
    const world = await createStart(2);
    await world.start(0);
    expect(await world.start(0)).toEqual({ outcome: 'started', from: 2 });
    expect(world.executions.started).toHaveLength(2);
  });

  it('a plan that is not there is a defect: the step before wrote it', async () => {
    const { ledger } = createTargetWorld();
    const deps = { ledger, executions: createFakeExecutions(), rolloutMachine: 'rollout-machine' };
    await expect(run({ execution, from: 0 }, deps, { remainingMs: () => 60_000 })).rejects.toMatchObject({
      name: 'DefectError',
      code: 'plan.missing',
    });
  });
});
