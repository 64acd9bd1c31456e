import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { describe, expect, it } from 'vitest';
import { ImageEntry, imageHistoryPrefix } from '../../functions/records/decision.ts';
import { UNREADABLE_PREFIX, UnreadableWebhook } from '../../functions/records/unreadable-webhook.ts';
import { pushIndex } from '../../infra/local/registry/push.ts';
import { itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import { pipelineHeaders, postHook, pushEvent, registryHeaders, tellPushes } from '../support/world/hooks.ts';
import { viewEventQueue } from '../support/world/queues.ts';
import { countChanges, waitForImage } from '../support/world/rollouts.ts';
import { useFaultyWorld } from '../support/world/use-faulty-world.ts';
import { target } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

const world = useFaultyWorld((host) => ({
  large: target(host, 'large'),
  index: target(host, 'index'),
  moved: target(host, 'moved'),
  queue: target(host, 'queue'),
  again: target(host, 'again'),
  main: target(host, 'main', { policy: { type: 'digest', tag: 'main' } }),
}));

const MINUTE_MS = 60_000;
const FALSE_DIGEST = `sha256:${'0'.repeat(64)}`;
const SEND = {
  method: 'POST',
  headers: (headers: Record<string, unknown>) => /SendMessage/.test(String(headers['x-amz-target'])),
};

/** Executions are named after image and tag. */
const deploymentsOf = async (name: string) =>
  (await world().executions.summaries(world().site.machines.deployment)).filter((execution) =>
    execution.name?.startsWith(`${name}-`),
  );

describe('the door, from outside', () => {
  it('answers 401 and nothing more to a wrong secret, a wrong signature and no proof at all', async () => {
    const body = JSON.stringify({ events: [pushEvent('shop/again', '9.0.0', FALSE_DIGEST)] });
    const signed = pipelineHeaders(world(), body);
    const answers = await Promise.all([
      postHook(world(), 'registry', body, { ...registryHeaders(world()), authorization: 'Bearer wrong' }),
      postHook(world(), 'pipelines', body, { ...signed, 'webhook-signature': 'v1,d3Jvbmc=' }),
      postHook(world(), 'pipelines', `${body} `, signed),
      postHook(world(), 'pipelines', body, {}),
      postHook(world(), 'unknown', body, registryHeaders(world())),
    ]);
    expect(answers.map(({ status, text }) => `${status} ${text}`)).toEqual(
      answers.map(() => '401 {"message":"Unauthorized"}'),
    );
  });

  it('takes a signature 4 minutes old or early, and refuses the same body 6 minutes off', async () => {
    const body = JSON.stringify({ image: `${world().registry.host}/shop/stranger`, tag: '1.0.0' });
    const statuses = await pMap([-4, 4, -6, 6], async (minutes) => {
      const at = new Date(Date.now() + minutes * MINUTE_MS);
      return (await postHook(world(), 'pipelines', body, pipelineHeaders(world(), body, { at }))).status;
    });
    expect(statuses).toEqual([200, 200, 401, 401]);
  });

  it('reads a body of 4.4 MB to its last event, which is rolled out', async () => {
    await world().run('large', '1.0.0');
    const pushed = await world().push('large', '1.1.0');
    const pull = {
      ...pushEvent('shop/large', '1.0.0', FALSE_DIGEST),
      action: 'pull',
      note: 'x'.repeat(4_000),
    };
    const pulls = Array.from({ length: 950 }, () => pull);
    const body = JSON.stringify({ events: [...pulls, pushEvent('shop/large', '1.1.0', pushed.digest)] });
    expect(body.length).toBeGreaterThan(4_200_000);
    const answer = await postHook(world(), 'registry', body, registryHeaders(world()));
    expect(answer).toMatchObject({ status: 202 });
    expect(answer.outcomes.at(-1)).toEqual({ outcome: 'accepted' });
    await waitForImage(world(), 'large', '1.1.0', pushed);
  });

  it('keeps a body that is no UTF-8 for a person, also when S3 refuses it at first', async () => {
    const { faults, ledger } = world();
    await viewEventQueue(world()).setVisibilityTimeout(3);
    faults.aws.inject({ method: 'PUT', path: `/${UNREADABLE_PREFIX}` }, { status: 503 }, 3);
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x22, 0x7d]);
    const headers = { ...registryHeaders(world()), 'content-type': 'application/octet-stream' };
    const answer = await postHook(world(), 'registry', body, headers);
    expect(answer).toMatchObject({ status: 202, outcomes: [{ outcome: 'unreadable' }] });
    const [kept] = await waitFor('it is kept', async () => {
      const found = await ledger.records(UnreadableWebhook, UNREADABLE_PREFIX);
      return found.length > 0 && found;
    });
    expect(kept).toMatchObject({ source: 'registry', bytes: 5, reasons: ['the body is not valid UTF-8'] });
    expect(faults.aws.count({ method: 'PUT', path: `/${UNREADABLE_PREFIX}` })).toBeGreaterThan(3);
  });

  it('ignores an image that no target follows, and says so', async () => {
    const { digest } = await world().push('stranger', '1.0.0');
    const answer = await tellPushes(world(), [pushEvent('shop/stranger', '1.0.0', digest)]);
    expect(answer).toMatchObject({
      status: 200,
      outcomes: [{ outcome: 'ignored', reason: 'no target uses this image' }],
    });
    expect(await deploymentsOf('stranger')).toEqual([]);
  });
});

describe('an event', () => {
  it('about an image for several architectures deploys the index, not one of its images', async () => {
    await world().run('index', '1.0.0');
    const pushed = await pushIndex({ registry: world().registry, repository: 'shop/index', tag: '1.1.0' });
    await waitForImage(world(), 'index', '1.1.0', pushed);
    expect(pushed.platforms.map(({ digest }) => digest)).not.toContain(pushed.digest);
  });

  it('whose digest is not the one of the registry deploys what the registry says', async () => {
    await world().run('moved', '1.0.0');
    const { faults, ledger, registry } = world();
    const pushed = await world().push('moved', '1.1.0');
    const event = pushEvent('shop/moved', '1.1.0', FALSE_DIGEST);
    expect((await tellPushes(world(), [event])).status).toBe(202);
    await waitForImage(world(), 'moved', '1.1.0', pushed);
    const entry = await waitFor('both events are verified', async () => {
      const entries = await ledger.records(ImageEntry, imageHistoryPrefix(`${registry.host}/shop/moved`));
      return entries.find(({ reason }) => reason.includes(FALSE_DIGEST));
    });
    expect(entry).toMatchObject({ outcome: 'confirmed', digest: pushed.digest });
    expect(faults.registry.count({ path: FALSE_DIGEST })).toBe(0);
  });

  it('that SQS does not take is answered 503, and the registry brings it again', async () => {
    await world().run('queue', '1.0.0');
    const { faults } = world();
    faults.aws.inject(SEND, { status: 503 }, Number.POSITIVE_INFINITY);
    const pushed = await world().push('queue', '1.1.0');
    const answer = await tellPushes(world(), [pushEvent('shop/queue', '1.2.0', FALSE_DIGEST)]);
    expect(answer).toMatchObject({ status: 503, text: '{"message":"Service Unavailable"}' });
    expect(answer.headers.get('retry-after')).toBe('5');
    faults.aws.clear();
    await waitForImage(world(), 'queue', '1.1.0', pushed);
  });
});

describe('many events', () => {
  it('1,000 times the same one makes exactly one deployment and one rollout', async () => {
    await world().run('again', '1.0.0');
    const pushed = await world().push('again', '1.1.0');
    await waitForImage(world(), 'again', '1.1.0', pushed);
    const event = pushEvent('shop/again', '1.1.0', pushed.digest);
    const before = (await deploymentsOf('again')).length;
    const statuses = await pMap(
      Array.from({ length: 1_000 }),
      async () => (await tellPushes(world(), [event])).status,
      { concurrency: 8 },
    );
    expect(new Set(statuses)).toEqual(new Set([202]));
    await waitFor('all are taken', viewEventQueue(world()).isEmpty);
    expect((await deploymentsOf('again')).length - before).toBe(1);
    expect(await countChanges(world(), 'again')).toBe(1);
  });

  it('100 for one tag in random order, after all pushes, make one rollout of the newest digest', async () => {
    await world().run('main', 'main');
    const { faults } = world();
    // No event gets through while the tag moves, so that all come afterwards, the registry's own among them.
    faults.aws.inject(SEND, { status: 503 }, Number.POSITIVE_INFINITY);
    const pushes: { digest: string }[] = [];
    for (let build = 1; build <= 20; build++)
      pushes.push(await world().push('main', 'main', `build ${build}`));
    const newest = pushes.at(-1) ?? { digest: '' };
    faults.aws.clear();
    const events = pushes.flatMap(({ digest }) =>
      Array.from({ length: 4 }, () => pushEvent('shop/main', 'main', digest)),
    );
    const shuffled = events
      .map((event) => ({ event, order: randomUUID() }))
      .toSorted((a, b) => a.order.localeCompare(b.order));
    await pMap(shuffled, ({ event }) => tellPushes(world(), [event]), { concurrency: 4 });
    await waitFor('all are taken', viewEventQueue(world()).isEmpty);
    await waitFor('100 deployments have ended', async () => {
      const found = await deploymentsOf('main');
      return found.length > 100 && found.every(({ status }) => status === 'SUCCEEDED');
    });
    await waitFor('nothing is under way', async () => {
      const current = await world().state('main');
      return current?.running?.digest === newest.digest && !current.rolling && !current.desired;
    });
    await waitForImage(world(), 'main', 'main', newest);
    expect(await countChanges(world(), 'main')).toBe(1);
  }, 240_000);
});

itKeepsItsSecrets(world);
