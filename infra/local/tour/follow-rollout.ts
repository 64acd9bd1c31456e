import * as z from 'zod';
import { ImageEvent } from '../../../functions/records/image-event.ts';
import type { Rollout, RolloutOutcome } from '../../../functions/records/rollout.ts';
import type { Pushed, Stage } from './stage.ts';
import { describeJourney, formatOffset } from './timeline.ts';
import { SceneFailed, waitUntil } from './wait-until.ts';

const DeploymentInput = z.object({ event: ImageEvent });

/**
 * Waits until the rollout of a pushed image has ended as expected, and prints its timeline from what the registry,
 * the executions and the ledger wrote down.
 *
 * @throws SceneFailed when there is none in time, or it ended otherwise.
 */
export const followRollout = async (
  stage: Stage,
  pushed: Pushed,
  expected: RolloutOutcome,
): Promise<Rollout> => {
  const { tag, digest, notification } = pushed;
  const rollout = await waitUntil(
    `the rollout of ${tag} has ended (expected: ${expected})`,
    async () => (await stage.rollouts(digest)).find(({ endedAt }) => endedAt !== undefined),
    60,
  );
  const entry = (await stage.history(digest)).find(
    ({ outcome, execution }) => outcome === 'deploy' && execution.name === rollout.order.deployment.name,
  );
  if (!entry) throw new SceneFailed(`The ledger has no decision for the rollout ${rollout.order.name}.`);
  const { event } = DeploymentInput.parse(await stage.executions.input(rollout.order.deployment.arn));
  const { pushedAt } = notification;
  for (const step of describeJourney({ pushedAt, event, decision: entry, rollout })) {
    stage.terminal.event(formatOffset(pushedAt, step.at), step.what, step.particulars);
  }
  if (rollout.outcome !== expected) {
    const why = rollout.reasons.join('; ');
    throw new SceneFailed(`The rollout of ${tag} ended as ${rollout.outcome}, not as ${expected}: ${why}`);
  }
  return rollout;
};
