import * as z from 'zod';
import { ImageEvent } from '../../functions/records/image-event.ts';
import { ROLLOUT_PREFIX, Rollout } from '../../functions/records/rollout.ts';
import { waitFor } from '../support/world/wait-for.ts';
import type { BenchWorld } from './bench-world.ts';

const DeploymentInput = z.object({ event: ImageEvent });

/** One push on its way to the cluster; epoch milliseconds. */
export interface RolloutTimes {
  /** The door had the event. */
  readonly receivedAt: number;
  /** The queue was read and the `deployment` execution began. */
  readonly deploymentAt: number;
  /** The registry had confirmed it. */
  readonly confirmedAt: number;
  /** Every target was asked, and this one's `rollout` execution began. */
  readonly rolloutAt: number;
  /** The API server had accepted the patch. */
  readonly patchedAt: number;
  readonly endedAt: number;
}

/** Waits for the end of the rollout of one digest on one target, and reads its record. */
export const awaitRollout = async (
  world: BenchWorld,
  target: string,
  digest: string,
  patienceMs?: number,
): Promise<Rollout> => {
  const prefix = `${ROLLOUT_PREFIX}${target}-${digest.replace('sha256:', '').slice(0, 12)}-`;
  return waitFor(
    `the rollout of ${target} has ended`,
    async () => (await world.ledger.records(Rollout, prefix)).find(({ endedAt }) => endedAt !== undefined),
    patienceMs,
  );
};

/** Puts together what the records and the executions say of one rollout. */
export const readTimes = async (world: BenchWorld, rollout: Rollout): Promise<RolloutTimes> => {
  const { order, execution, patchedAt, endedAt } = rollout;
  if (patchedAt === undefined || endedAt === undefined) {
    throw new Error(`The rollout ${order.name} changed nothing: ${rollout.outcome}.`);
  }
  const { input = '{}' } = await world.executions.describe(order.deployment.arn);
  const { event } = DeploymentInput.parse(JSON.parse(input));
  return {
    receivedAt: Date.parse(event.receivedAt),
    deploymentAt: Date.parse(order.deployment.startedAt),
    confirmedAt: Date.parse(order.confirmedAt),
    rolloutAt: Date.parse(execution.startedAt),
    patchedAt: Date.parse(patchedAt),
    endedAt: Date.parse(endedAt),
  };
};
