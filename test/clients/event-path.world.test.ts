import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AwsClient } from 'aws4fetch';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { openEventQueue } from '../../functions/clients/event-queue.ts';
import { type Executions, openExecutions } from '../../functions/clients/executions.ts';
import { createSignedFetch } from '../../functions/clients/signed-fetch.ts';
import { openWebhookSecrets } from '../../functions/clients/webhook-secrets.ts';
import type { ImageEvent } from '../../functions/records/image-event.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { useAws } from '../support/world/use-aws.ts';

/** The clients an event passes on its way from the door to its execution, on the local AWS. */

const local = useAws({ inEnvironment: true });
let executions: Executions;

beforeAll(async () => {
  executions = openExecutions();
  await createRole('machine');
});

const sdk = () => ({
  endpoint: local().aws.url,
  region: local().aws.region,
  credentials: local().aws.credentials,
});

/** IAM has no JSON protocol, and its SDK client is no dependency of ours. */
const createRole = async (RoleName: string): Promise<void> => {
  const form = { Action: 'CreateRole', Version: '2010-05-08', RoleName, AssumeRolePolicyDocument: '{}' };
  const iam = new AwsClient({ ...local().aws.credentials, service: 'iam', region: local().aws.region });
  const response = await iam.fetch(local().aws.url, {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  expect(response.status).toBe(200);
};

/** A machine whose executions last until they are stopped, or end at once. */
const createMachine = async (name: string, state: object): Promise<string> => {
  const created = await new SFNClient(sdk()).send(
    new CreateStateMachineCommand({
      name,
      roleArn: `arn:aws:iam::${local().aws.account}:role/machine`,
      definition: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Only', States: { Only: state } }),
    }),
  );
  return created.stateMachineArn ?? '';
};
const executionArn = (machine: string, name: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${name}`;

describe('executions', () => {
  it('are started once a name, running or ended, with the same input or another', async () => {
    const machine = await createMachine('ends', { Type: 'Succeed' });
    await expect(executions.start({ machine, name: 'web-1', input: { a: 1 } })).resolves.toBe('started');
    const arn = executionArn(machine, 'web-1');
    const ended = await vi.waitFor(async () => {
      const execution = await executions.describe(arn);
      expect(execution?.status).toBe('succeeded');
      return execution;
    });
    expect(JSON.parse(ended?.output ?? '')).toEqual({ a: 1 });
    await expect(executions.start({ machine, name: 'web-1', input: { a: 1 } })).resolves.toBe('already');
    await expect(executions.start({ machine, name: 'web-1', input: { a: 2 } })).resolves.toBe('already');
    await expect(executions.start({ machine, name: 'web-2', input: { a: 1 } })).resolves.toBe('started');
  });

  it('that run can be stopped, with the reason; stopping again and stopping none changes nothing', async () => {
    const machine = await createMachine('waits', { Type: 'Wait', Seconds: 600, End: true });
    await executions.start({ machine, name: 'web-1', input: {} });
    const arn = executionArn(machine, 'web-1');
    await expect(executions.describe(arn)).resolves.toMatchObject({
      status: 'running',
      stoppedAt: undefined,
    });
    await executions.stop(arn, { error: 'Superseded', cause: 'a newer image came' });
    await expect(executions.describe(arn)).resolves.toMatchObject({ status: 'aborted', error: 'Superseded' });
    await executions.stop(arn, { error: 'Another', cause: 'too late' });
    await executions.stop(`${arn}-none`, { error: 'Another', cause: 'there is none' });
    await expect(executions.describe(arn)).resolves.toMatchObject({ status: 'aborted' });
  });

  it('that failed say why', async () => {
    const machine = await createMachine('fails', { Type: 'Fail', Error: 'DefectError', Cause: 'a bug' });
    await executions.start({ machine, name: 'web-1', input: {} });
    await vi.waitFor(async () =>
      expect(await executions.describe(executionArn(machine, 'web-1'))).toMatchObject({
        status: 'failed',
        error: 'DefectError',
        cause: 'a bug',
      }),
    );
  });

  it('that Step Functions does not know are none', async () => {
    const machine = await createMachine('unused', { Type: 'Succeed' });
    await expect(executions.describe(executionArn(machine, 'none'))).resolves.toBeUndefined();
  });

  it('of a machine that is not there are refused, with what to do', async () => {
    const machine = `arn:aws:states:${local().aws.region}:${local().aws.account}:stateMachine:none`;
    await expect(executions.start({ machine, name: 'web-1', input: {} })).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'executions.missing',
      message: expect.stringContaining('npm run deploy'),
    });
  });
});

describe('the door', () => {
  it('puts messages into a real queue, more than a batch takes', async () => {
    const sqs = new SQSClient(sdk());
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'events' }));
    const events = Array.from(
      { length: 12 },
      (_, index): ImageEvent => ({
        version: 1,
        id: `event-${index}`,
        source: 'registry',
        kind: 'push',
        image: 'registry.example.com/shop/web',
        tag: `1.0.${index}`,
        receivedAt: '2026-11-21T08:00:00.000Z',
      }),
    );
    await openEventQueue(QueueUrl, createSignedFetch()).send(events);
    const received = new Set<string>();
    await vi.waitFor(async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
      );
      for (const { Body = '' } of Messages) received.add(Body);
      expect(received.size).toBe(12);
    });
    expect([...received].map((body) => JSON.parse(body))).toEqual(expect.arrayContaining(events));
  });

  it('is refused by a queue that is not there', async () => {
    const QueueUrl = `${local().aws.url}/${local().aws.account}/none`;
    const event = { version: 1, id: 'a', source: 'registry', kind: 'push' } as const;
    const queue = openEventQueue(QueueUrl, createSignedFetch());
    const image = 'registry.example.com/shop/web';
    await expect(
      queue.send([{ ...event, image, receivedAt: '2026-11-21T08:00:00.000Z' }]),
    ).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'aws.refused',
    });
  });

  it('reads a real secret, and a rotated one at once', async () => {
    const manager = new SecretsManagerClient(sdk());
    const current = 'current-secret-0123456789';
    const newer = 'newer-secret-0123456789';
    await manager.send(new CreateSecretCommand({ Name: 'drydock/hook', SecretString: current }));
    const secrets = openWebhookSecrets(createSignedFetch(), createFixedClock());
    await expect(secrets.read('drydock/hook')).resolves.toEqual([current]);
    const SecretString = JSON.stringify({ current: newer, previous: current });
    await manager.send(new PutSecretValueCommand({ SecretId: 'drydock/hook', SecretString }));
    await expect(secrets.readAgain('drydock/hook')).resolves.toEqual([newer, current]);
    await expect(secrets.read('drydock/none')).rejects.toMatchObject({
      name: 'RefusedError',
      code: 'aws.refused',
    });
  });
});
