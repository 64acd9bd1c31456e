import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { ROLLOUT_PREFIX } from '../../functions/records/rollout.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { callFunction } from '../support/world/call-function.ts';
import { findSecrets, itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import { ACTOR_TOKEN, postHook, pushEvent, registryHeaders, tellPushes } from '../support/world/hooks.ts';
import {
  countChanges,
  listRollouts,
  waitForImage,
  waitForNotices,
  waitUntilFree,
} from '../support/world/rollouts.ts';
import { runMachine, waitForEnd } from '../support/world/run-machine.ts';
import { useFaultyWorld } from '../support/world/use-faulty-world.ts';
import { target } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

const world = useFaultyWorld(
  (host) => Object.fromEntries(['held', 'broken', 'lost', 'told'].map((name) => [name, target(host, name)])),
  { waitScale: 0.05 },
);

const WHO = { by: 'Ada', why: 'a test' };
const s3 = () => new S3Client({ ...clientSettings(world()), forcePathStyle: true });
const FOREVER = Number.POSITIVE_INFINITY;

const waitForNotice = (text: string) =>
  waitFor(`somebody is told of ${text}`, async () =>
    (await world().notices()).find(({ Message }) => Message.includes(text)),
  );

describe('a hold', () => {
  it('keeps a digest from being tried again, until a person lifts it: then it is, at once', async () => {
    const good = await world().run('held', '1.0.0');
    const bad = await world().push('held', '1.1.0-crash');
    expect(await waitForNotices(world(), 'held')).toMatchObject([{ outcome: 'rolled-back' }]);
    await waitUntilFree(world(), 'held');
    expect((await runMachine(world(), 'sweep')).status).toBe('SUCCEEDED');
    await tellPushes(world(), [pushEvent('shop/held', '1.1.0-crash', bad.digest)]);
    await waitFor('the event is decided', async () =>
      (await world().history('held')).some(({ code }) => code === 'held'),
    );
    expect(await listRollouts(world(), 'held')).toHaveLength(1);
    await waitForImage(world(), 'held', '1.0.0', good);

    const none = await runMachine(world(), 'control', {
      liftHold: { target: 'held', digest: `sha256:${'0'.repeat(64)}` },
      ...WHO,
    });
    expect(none).toMatchObject({ status: 'SUCCEEDED', output: expect.stringContaining(bad.digest) });
    const lifted = await runMachine(world(), 'control', { liftHold: { target: 'held' }, ...WHO });
    expect(lifted).toMatchObject({
      status: 'SUCCEEDED',
      output: expect.stringContaining('held may run every digest again'),
    });
    await waitFor('it is tried again', async () => (await listRollouts(world(), 'held')).length === 2);
    await waitUntilFree(world(), 'held');
    expect((await listRollouts(world(), 'held')).map(({ outcome }) => outcome)).toEqual([
      'rolled-back',
      'rolled-back',
    ]);
    expect((await world().state('held'))?.holds).toHaveLength(1);
  });
});

describe('an execution that fails is recorded and told, and nothing is lost:', () => {
  it('control, when S3 does not take the record: nothing was changed', async () => {
    const { faults } = world();
    faults.aws.inject({ method: 'PUT', path: '/controls/' }, { status: 503 }, FOREVER);
    const failed = await runMachine(world(), 'control', { pause: 'all', ...WHO });
    expect(failed).toMatchObject({ status: 'FAILED', error: 'TransientError' });
    faults.aws.clear();
    expect((await waitForNotice(failed.name ?? '')).MessageAttributes['severity']?.Value).toBe('critical');
    expect(await world().ledger.keys('controls/')).toEqual([]);
  });

  it('deployment, when the ledger is away for long: the next sweep finds the push', async () => {
    await world().run('lost', '1.0.0');
    const { faults, executions, site } = world();
    const image = `/deployment/images/${world().registry.host}/shop/lost/`;
    const encoded = image.replaceAll(':', '%3A');
    for (const path of [image, encoded, '/deployment/deferred/']) {
      faults.aws.inject({ method: 'PUT', path }, { status: 503 }, FOREVER);
    }
    const pushed = await world().push('lost', '1.1.0');
    const failed = await waitFor('the deployment has failed', async () =>
      (await executions.summaries(site.machines.deployment)).find(
        ({ name, status }) => name?.startsWith('lost-1-1-0') && status === 'FAILED',
      ),
    );
    faults.aws.clear();
    await waitForNotice(failed.name ?? '');
    expect(await countChanges(world(), 'lost')).toBe(0);
    await runMachine(world(), 'sweep');
    await waitForImage(world(), 'lost', '1.1.0', pushed);
  });

  it('rollout, when its record is gone: the target is freed, the end is aborted', async () => {
    await world().run('broken', '1.0.0');
    const { executions, ledger, site } = world();
    const pushed = await world().push('broken', '1.1.0-unready');
    await waitForImage(world(), 'broken', '1.1.0-unready', pushed);
    const [key = ''] = await waitFor('it is being watched', async () => {
      const [rollout] = await listRollouts(world(), 'broken');
      return rollout?.patchedAt !== undefined && ledger.keys(`${ROLLOUT_PREFIX}broken-`);
    });
    await s3().send(new DeleteObjectCommand({ Bucket: site.ledgerBucket, Key: key }));
    const [end] = await waitForNotices(world(), 'broken');
    expect(end).toMatchObject({
      outcome: 'aborted',
      Message: expect.stringContaining('There is no record of the rollout'),
    });
    const found = (await executions.summaries(site.machines.rollout)).find(({ name }) =>
      name?.startsWith('broken-'),
    );
    expect(await waitForEnd(world(), found?.executionArn ?? '')).toMatchObject({
      status: 'FAILED',
      error: 'DefectError',
    });
    await waitUntilFree(world(), 'broken');
    const fix = await world().push('broken', '1.2.0');
    await waitForImage(world(), 'broken', '1.2.0', fix);
  });

  it('sweep, when the ledger cannot be listed: a safety net with a hole is told', async () => {
    const { faults } = world();
    faults.aws.inject({ method: 'GET', path: 'list-type=2' }, { status: 503 }, FOREVER);
    const failed = await runMachine(world(), 'sweep');
    faults.aws.clear();
    expect(failed).toMatchObject({ status: 'FAILED', error: 'TransientError' });
    await waitForNotice(failed.name ?? '');
    expect((await runMachine(world(), 'sweep')).status).toBe('SUCCEEDED');
  });
});

describe('secrets', () => {
  it('of a sender are in nothing that is kept of what cannot be read', async () => {
    const { secrets } = world();
    const event = {
      ...pushEvent('shop/told', '1.0.0', 'sha256:short'),
      target: 'none',
      note: secrets.registryHook,
    };
    const told = await tellPushes(world(), [pushEvent('shop/told', '9.9.9', `sha256:${'a'.repeat(64)}`)]);
    expect(told.status).toBe(202);
    const kept = await postHook(
      world(),
      'registry',
      JSON.stringify({ events: [event] }),
      registryHeaders(world()),
    );
    expect(kept.outcomes).toMatchObject([{ outcome: 'unreadable' }]);
    const broken = `{"actor":{"user":"${ACTOR_TOKEN}"},"authorization":"Bearer ${secrets.registryHook}"`;
    expect((await postHook(world(), 'registry', broken, registryHeaders(world()))).status).toBe(202);
    await waitFor(
      'both are kept',
      async () => (await world().ledger.keys('deployment/unreadable/')).length === 2,
    );
  });

  itKeepsItsSecrets(world);

  it('would be found: one that is planted in each place is', async () => {
    const { folder, site } = world();
    const planted = 'planted-canary-4711';
    await writeFile(join(folder, 'planted.log'), `token=${Buffer.from(planted).toString('base64')}`);
    await s3().send(
      new PutObjectCommand({ Bucket: site.ledgerBucket, Key: 'planted.json', Body: `"${planted}"` }),
    );
    const message = { TopicArn: site.topicArn, Subject: 'planted', Message: planted };
    const MessageAttributes = { target: { DataType: 'String', StringValue: 'none' } };
    await new SNSClient(clientSettings(world())).send(new PublishCommand({ ...message, MessageAttributes }));
    const execution = await runMachine(world(), 'control', { planted });
    // The log of a message that nobody can read names its id.
    await callFunction(world(), 'StartDeployment', { Records: [{ messageId: planted, body: 'poison' }] });
    await waitForNotice(planted);
    const found = await findSecrets(world(), { planted });
    expect(found.map(({ place }) => place)).toEqual(
      expect.arrayContaining([
        'planted.log',
        'aws/logs/aws.log',
        'ledger planted.json',
        'message',
        `execution ${execution.executionArn}`,
        'log group /drydock/local/deployment/start-deployment',
      ]),
    );
  });
});
