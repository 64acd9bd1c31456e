import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import type { World } from '../../../infra/local/world/start-world.ts';
import type { TestWorld } from './test-world.ts';
import { waitFor } from './wait-for.ts';

/** Starts a machine as a person in the console does, and waits until it has ended. */
export const runMachine = async (
  world: TestWorld,
  machine: keyof World['site']['machines'],
  input: unknown = {},
): Promise<DescribeExecutionOutput> => {
  const arn = await world.executions.start(world.site.machines[machine], input);
  return waitForEnd(world, arn);
};

export const waitForEnd = (world: TestWorld, arn: string): Promise<DescribeExecutionOutput> =>
  waitFor(`${arn} has ended`, async () => {
    const execution = await world.executions.describe(arn);
    return execution.status !== 'RUNNING' && execution;
  });
