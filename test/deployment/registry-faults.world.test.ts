import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { ImageEntry, imageHistoryPrefix } from '../../functions/records/decision.ts';
import { DEFERRAL_PREFIX, Deferral } from '../../functions/records/deferral.ts';
import { SECRETS } from '../../infra/local/world/configuration.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import { countChanges, waitForImage } from '../support/world/rollouts.ts';
import { runMachine } from '../support/world/run-machine.ts';
import { endSandboxes } from '../support/world/sandboxes.ts';
import { useFaultyWorld } from '../support/world/use-faulty-world.ts';
import { target } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

const world = useFaultyWorld(
  (host) =>
    Object.fromEntries(
      ['slow', 'down', 'limited', 'denied', 'lost'].map((name) => [name, target(host, name)]),
    ),
  { waitScale: 0.05 },
);

/** Waits for the record of an event that could not be confirmed, and gives its key too. */
const readDeferral = (name: string, attempts = 1) =>
  waitFor(`the event of ${name} is deferred`, async () => {
    for (const key of await world().ledger.keys(DEFERRAL_PREFIX)) {
      const deferral = Deferral.parse(JSON.parse(await world().ledger.read(key)));
      const { image, tag } = deferral.event;
      // The push of the image that runs before may still be looked at when a test takes the registry away.
      const isIt = image.endsWith(`/shop/${name}`) && tag !== '1.0.0' && deferral.attempts === attempts;
      if (isIt) return { key, deferral };
    }
    return undefined;
  });

/** Lets the time of the next attempt come, which is minutes away. */
const makeDue = async ({ key, deferral }: { key: string; deferral: Deferral }): Promise<void> => {
  const s3 = new S3Client({ ...clientSettings(world()), forcePathStyle: true });
  const Body = JSON.stringify({ ...deferral, nextAttemptAt: deferral.firstAt });
  await s3.send(new PutObjectCommand({ Bucket: world().site.ledgerBucket, Key: key, Body }));
};

/** The sweep makes the attempt; then the event has its answer and the record is gone. */
const expectRepaired = async (name: string, tag: string, pushed: { digest: string }): Promise<void> => {
  const found = await readDeferral(name);
  await makeDue(found);
  expect(await runMachine(world(), 'sweep')).toMatchObject({ status: 'SUCCEEDED' });
  await waitForImage(world(), name, tag, pushed);
  await waitFor(
    'the record is gone',
    async () => !(await world().ledger.keys(DEFERRAL_PREFIX)).includes(found.key),
  );
  expect(await countChanges(world(), name)).toBe(1);
};

const setPassword = async (password: string): Promise<void> => {
  const SecretString = JSON.stringify({ ...world().secrets.registry, password });
  const client = new SecretsManagerClient(clientSettings(world()));
  await client.send(new PutSecretValueCommand({ SecretId: SECRETS.registry, SecretString }));
  // Sandboxes keep what they read for a minute; new ones read anew.
  await endSandboxes(world(), 'VerifyImage');
  await endSandboxes(world(), 'SweepRepository');
};

const noticesOf = async (outcome: string) =>
  (await world().notices()).filter(
    ({ MessageAttributes }) => MessageAttributes['outcome']?.Value === outcome,
  );

describe('a registry that', () => {
  it('answers after seconds, and once not at all, is waited for', async () => {
    await world().run('slow', '1.0.0');
    const { faults } = world();
    faults.registry.inject({ path: '/shop/slow/manifests/' }, { dropRequest: true });
    faults.registry.inject({ path: '/shop/slow/manifests/' }, { delayMs: 2_500 }, 2);
    await waitForImage(world(), 'slow', '1.1.0', await world().push('slow', '1.1.0'));
    expect(faults.registry.count({ path: '/shop/slow/manifests/1.1.0' })).toBeGreaterThan(1);
  });

  it('is down leaves a record with the next attempt, which the sweep makes once it is up', async () => {
    await world().run('down', '1.0.0');
    await world().faults.registry.down();
    const pushed = await world().push('down', '1.1.0');
    const { deferral } = await readDeferral('down');
    expect(deferral.reason).toContain('could not be reached');
    expect(Date.parse(deferral.nextAttemptAt)).toBeGreaterThan(Date.parse(deferral.firstAt));
    await world().faults.registry.up();
    await expectRepaired('down', '1.1.0', pushed);
    expect(await noticesOf('deferred')).toEqual([]);
  });

  it('limits our requests (429) is asked no more than it says, and again by the sweep', async () => {
    await world().run('limited', '1.0.0');
    const { faults } = world();
    const answer = { status: 429, headers: { 'retry-after': '120' } };
    faults.registry.inject({ path: '/shop/limited/manifests/1.1.0' }, answer, Number.POSITIVE_INFINITY);
    const pushed = await world().push('limited', '1.1.0');
    const { deferral } = await readDeferral('limited');
    expect(deferral.reason).toContain('asks to wait 120 s');
    expect(Date.parse(deferral.nextAttemptAt) - Date.parse(deferral.firstAt)).toBeGreaterThanOrEqual(120_000);
    faults.registry.clear();
    await expectRepaired('limited', '1.1.0', pushed);
  });

  it('refuses our password (401) defers the event and tells a person once, however often it is tried', async () => {
    await world().run('denied', '1.0.0');
    await setPassword('wrong');
    const pushed = await world().push('denied', '1.1.0');
    const first = await readDeferral('denied');
    const [told, ...more] = await waitFor('a person is told', async () => {
      const notices = (await world().notices()).filter(({ Message }) => Message.includes('shop/denied'));
      return notices.length > 0 && notices;
    });
    expect(more).toEqual([]);
    expect(told?.Message).not.toContain('wrong');
    await makeDue(first);
    await runMachine(world(), 'sweep');
    await readDeferral('denied', 2);
    const again = (await world().notices()).filter(({ Message }) => Message.includes('shop/denied'));
    expect(again).toHaveLength(1);
    await setPassword(world().secrets.registry.password);
    await makeDue(await readDeferral('denied', 2));
    await runMachine(world(), 'sweep');
    await waitForImage(world(), 'denied', '1.1.0', pushed);
  });
});

describe('webhooks that were lost for hours', () => {
  it('are made up for by the next sweep: one rollout, of the newest', async () => {
    await world().run('lost', '1.0.0');
    const { faults, registry, ledger } = world();
    await waitFor('the first push is verified', async () => {
      const image = `${registry.host}/shop/lost`;
      return (await ledger.records(ImageEntry, imageHistoryPrefix(image))).length > 0;
    });
    faults.aws.inject({ method: 'POST', headers: isSend }, { status: 503 }, Number.POSITIVE_INFINITY);
    for (const tag of ['1.1.0', '1.3.0', '1.2.0']) await world().push('lost', tag);
    const digest = (await world().push('lost', '1.3.0')).digest;
    // The registry keeps what it could not tell in its memory only.
    await registry.kill();
    // What the door still holds gives up: it tries a call to SQS for 2 s at most.
    await delay(2_500);
    faults.aws.clear();
    await registry.restart();
    expect(await countChanges(world(), 'lost')).toBe(0);
    await runMachine(world(), 'sweep');
    await waitForImage(world(), 'lost', '1.3.0', { digest });
    expect(await countChanges(world(), 'lost')).toBe(1);
  });
});

const isSend = (headers: Record<string, unknown>): boolean =>
  /SendMessage/.test(String(headers['x-amz-target']));

itKeepsItsSecrets(world);
