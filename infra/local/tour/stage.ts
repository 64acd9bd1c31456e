import type { TargetEntry } from '../../../functions/records/decision.ts';
import { targetEntryKind, targetHistoryPrefix } from '../../../functions/records/decision.ts';
import { ROLLOUT_PREFIX, type Rollout, rolloutKind } from '../../../functions/records/rollout.ts';
import {
  type TargetState,
  targetStateKey,
  targetStateKind,
} from '../../../functions/records/target-state.ts';
import { pushImage } from '../registry/push.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { World } from '../world/start-world.ts';
import { askWhy } from './ask-why.ts';
import { countMessages } from './event-queue.ts';
import { type Executions, openExecutions } from './executions.ts';
import { type Delivery, openInbox } from './inbox.ts';
import { type LedgerView, viewLedger } from './ledger-view.ts';
import type { Notification, NotificationRecorder } from './notification-recorder.ts';
import { openShop, SHOP, type Shop } from './shop.ts';
import { SceneFailed, waitUntil } from './wait-until.ts';

/** An image that was pushed, and what the registry said of it. */
export interface Pushed {
  readonly tag: string;
  readonly digest: string;
  /** As a workload names it: `<host>/shop/web:<tag>@<digest>`. */
  readonly image: string;
  readonly notification: Notification;
}

/** What a scene plays on: the real parts, and the questions that the scenes share. */
export interface Stage {
  readonly world: World;
  readonly terminal: Terminal;
  readonly ledger: LedgerView;
  readonly executions: Executions;
  readonly shop: Shop;
  /** How many pods the workload has: none in a cluster that cannot pull from this machine. */
  readonly pods: number;
  notices(): Promise<readonly Delivery[]>;
  push(tag: string): Promise<Pushed>;
  /** What an earlier scene pushed. */
  pushed(tag: string): Pushed;
  /** Rollouts of a digest, ended or not. */
  rollouts(digest: string): Promise<readonly Rollout[]>;
  history(digest: string): Promise<readonly TargetEntry[]>;
  state(): Promise<TargetState>;
  /** Events that were accepted and not taken yet. */
  waiting(): Promise<number>;
  /** What `npm run why` prints about an image that was pushed. */
  askWhy(pushed: Pushed): Promise<string>;
  /** Says a claim when it holds, and ends the scene when not. */
  confirm(claim: string, holds: boolean, seen?: string): void;
}

export const openStage = async (
  world: World,
  recorder: NotificationRecorder,
  terminal: Terminal,
): Promise<Stage> => {
  const ledger = viewLedger(world);
  const notices = await openInbox(world);
  const all = new Map<string, Pushed>();
  const { target, repository } = SHOP;

  return {
    world,
    terminal,
    ledger,
    executions: openExecutions(world),
    shop: openShop(world),
    pods: world.cluster.apiServer ? 3 : 0,
    notices,
    push: async (tag) => {
      const content = `${repository} ${tag}`;
      const { digest } = await pushImage({ registry: world.registry, repository, tag, content });
      const notification = await waitUntil(`the registry told of ${repository}:${tag}`, async () =>
        recorder.find(tag),
      );
      const image = `${world.registry.host}/${repository}:${tag}@${digest}`;
      const pushed = { tag, digest, image, notification };
      all.set(tag, pushed);
      return pushed;
    },
    pushed: (tag) => {
      const found = all.get(tag);
      if (!found) throw new SceneFailed(`No scene before this one pushed ${tag}.`);
      return found;
    },
    rollouts: (digest) =>
      // A rollout is named after its target and the first twelve digits of the digest.
      ledger.list(rolloutKind, `${ROLLOUT_PREFIX}${target}-${digest.slice('sha256:'.length).slice(0, 12)}-`),
    history: async (digest) =>
      (await ledger.list(targetEntryKind, targetHistoryPrefix(target))).filter(
        (entry) => entry.digest === digest,
      ),
    state: async () =>
      (await ledger.read(targetStateKind, targetStateKey(target))) ?? { version: 1, target, holds: [] },
    waiting: () => countMessages(world),
    askWhy: ({ image }) => askWhy(world, [image.slice(0, image.indexOf('@'))]),
    confirm: (claim, holds, seen = 'it does not') => {
      if (!holds) throw new SceneFailed(`Not so: ${claim}. Seen: ${seen}.`);
      terminal.confirm(claim);
    },
  };
};
