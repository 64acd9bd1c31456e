import type * as z from 'zod';
import { ROLLOUT_PREFIX, Rollout } from '../../../functions/records/rollout.ts';
import type { TestWorld } from './test-world.ts';
import { waitFor } from './wait-for.ts';

/** What became of the rollouts of one target, in the order in which they had the target's lock. */
export const listRollouts = async (world: TestWorld, name: string): Promise<z.output<typeof Rollout>[]> => {
  const all = await world.ledger.records(Rollout, `${ROLLOUT_PREFIX}${name}-`);
  return all.toSorted((a, b) => a.fence - b.fence);
};

/** Did any two of these rollouts have the target at the same time? */
export const findOverlap = (rollouts: readonly z.output<typeof Rollout>[]): string | undefined => {
  for (const [index, rollout] of rollouts.entries()) {
    const before = rollouts[index - 1];
    if (!before) continue;
    if (before.fence === rollout.fence) return `${before.order.name} and ${rollout.order.name} had one token`;
    if (!before.endedAt || before.endedAt > rollout.startedAt)
      return `${rollout.order.name} began before ${before.order.name} ended`;
  }
  return undefined;
};

/** Waits until nothing of a target is under way: no lock, nothing that waits, no rollout without an end. */
export const waitUntilFree = (world: TestWorld, name: string): Promise<true> =>
  waitFor(`${name} is free`, async () => {
    const state = await world.state(name);
    const open = await world.ledger.keys(`deployment/open-rollouts/${name}-`);
    return state !== undefined && !state.rolling && !state.desired && open.length === 0 ? true : undefined;
  });

/** Waits until a Deployment of the shop runs exactly this image. */
export const waitForImage = (
  world: TestWorld,
  name: string,
  tag: string,
  { digest }: { readonly digest: string },
): Promise<true> =>
  waitFor(`${name} runs ${tag} (${digest})`, async () => {
    const image = `${world.registry.host}/shop/${name}:${tag}@${digest}`;
    return (await world.image(name)) === image ? true : undefined;
  });

/** How often a Deployment of the shop was changed since it was made: each change of its spec counts one. */
export const countChanges = async (world: TestWorld, name: string): Promise<number> => {
  const { metadata } = await world.apps.readNamespacedDeployment({ namespace: 'shop', name });
  return (metadata?.generation ?? 0) - 1;
};

/** What was told of a target, once anything was. */
export const waitForNotices = (world: TestWorld, name: string) =>
  waitFor(`the end of ${name} is told`, async () => {
    const told = (await world.notices()).filter(
      ({ MessageAttributes }) => MessageAttributes['target']?.Value === name,
    );
    const found = told.map(({ MessageAttributes, Message }) => ({
      outcome: MessageAttributes['outcome']?.Value,
      Message,
    }));
    return found.length > 0 && found;
  });
