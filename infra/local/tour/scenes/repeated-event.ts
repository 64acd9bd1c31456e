import pMap from 'p-map';
import { followRollout } from '../follow-rollout.ts';
import type { Scene } from '../scene.ts';
import type { Pushed, Stage } from '../stage.ts';
import { waitUntil } from '../wait-until.ts';

const REPEATS = 100;
/** The gateway of the local AWS makes a process of each call at the same time; a sender has a few connections. */
const AT_ONCE = 4;

/** Senders repeat themselves; the hundredth call finds the execution of the first. */
export const repeatedEvent: Scene = {
  title: `The same event ${REPEATS} times more`,
  play: async (stage) => {
    const { terminal, shop, executions, world } = stage;
    const { deployment, rollout } = world.site.machines;
    const count = async (machine: string): Promise<number> => (await executions.list(machine)).length;
    const [deployments, rollouts, { generation }] = await Promise.all([
      count(deployment),
      count(rollout),
      shop.look(),
    ]);
    terminal.say(
      `1.2.0 is pushed, and what the registry posted is posted ${REPEATS} times more, ${AT_ONCE} at a time:`,
    );

    const pushed = await stage.push('1.2.0');
    const statuses = await repeat(stage, pushed);
    await followRollout(stage, pushed, 'rolled-out');
    await waitUntil('the queue of events is empty', async () =>
      (await stage.waiting()) === 0 ? true : undefined,
    );

    const accepted = statuses.filter((status) => status >= 200 && status < 300).length;
    stage.confirm(
      `the webhook took all ${REPEATS}`,
      accepted === REPEATS,
      `${accepted} of them; the answers were ${[...new Set(statuses)].join(', ')}`,
    );
    const grown = {
      deployments: (await count(deployment)) - deployments,
      rollouts: (await count(rollout)) - rollouts,
      patches: (await shop.look()).generation - generation,
      replicaSets: (await shop.replicaSets()).filter((image) => image === pushed.image).length,
    };
    stage.confirm(
      'and there was one deployment execution, one rollout, one patch, one ReplicaSet',
      Object.values(grown).every((number) => number === 1),
      JSON.stringify(grown),
    );
  },
};

const repeat = ({ world }: Stage, { notification }: Pushed): Promise<readonly number[]> => {
  const { body, contentType } = notification;
  const headers = {
    'content-type': contentType,
    authorization: `Bearer ${world.secrets.registryHook}`,
  };
  const post = async (): Promise<number> => {
    const request = { method: 'POST', headers, body: new Uint8Array(body) };
    const response = await fetch(`${world.site.webhookUrl}/hooks/registry`, request);
    await response.arrayBuffer();
    return response.status;
  };
  return pMap(Array.from({ length: REPEATS }), post, { concurrency: AT_ONCE });
};
