import { setTimeout as delay } from 'node:timers/promises';
import { paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { World } from '../../infra/local/world/start-world.ts';
import { clientSettings } from '../support/world/aws-views.ts';

type Machine = keyof World['site']['machines'];

/** Looks in a row that must find nothing to do. */
const QUIET_LOOKS = 3;
const LOOK_MS = 500;
/** Looks before we give up: an hour would hide a loop that never ends. */
const MAX_LOOKS = 1_200;

/** Counts the executions of a machine, all or those that still run. */
export const countExecutions = async (
  world: World,
  machine: Machine,
  statusFilter?: 'RUNNING' | 'FAILED',
): Promise<number> => {
  const client = new SFNClient(clientSettings(world));
  const input = {
    stateMachineArn: world.site.machines[machine],
    ...(statusFilter === undefined ? {} : { statusFilter }),
  };
  let count = 0;
  for await (const { executions = [] } of paginateListExecutions({ client }, input))
    count += executions.length;
  return count;
};

/** Waits until the queue is empty and no execution runs. @throws Error when it never gets quiet. */
export const untilIdle = async (world: World): Promise<void> => {
  let quiet = 0;
  for (let look = 0; look < MAX_LOOKS; look++) {
    const isBusy =
      (await countMessages(world)) > 0 ||
      (await countExecutions(world, 'deployment', 'RUNNING')) > 0 ||
      (await countExecutions(world, 'rollout', 'RUNNING')) > 0;
    quiet = isBusy ? 0 : quiet + 1;
    if (quiet === QUIET_LOOKS) return;
    await delay(LOOK_MS);
  }
  throw new Error('The engine never got quiet; look at its executions.');
};

const countMessages = async (world: World): Promise<number> => {
  const { Attributes = {} } = await new SQSClient(clientSettings(world)).send(
    new GetQueueAttributesCommand({
      QueueUrl: world.site.eventQueueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Object.values(Attributes).reduce((sum, value) => sum + Number(value), 0);
};
