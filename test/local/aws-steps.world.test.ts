import { randomUUID } from 'node:crypto';

import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { AwsClient } from 'aws4fetch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Probe, startProbe } from './fixtures/probe.ts';

let probe: Probe;
beforeAll(async () => {
  // Ten times as fast: the pauses between attempts, and the Wait of 300 s that nobody waits for.
  probe = await startProbe({ waitScale: 0.1, environment: { AWS_ENDPOINT_URL_EKS: 'http://127.0.0.1:9' } });
});
afterAll(() => probe?.stop());

const expectStatusEvent = async (arn: string, detail: object) => {
  const name = arn.split(':').at(-1) ?? '';
  expect(await probe.recorded(`status/${name}/`, arn)).toMatchObject({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: arn, stateMachineArn: probe.output('Machine'), name, ...detail },
  });
};

describe('a task of a state machine', () => {
  it('is retried by the name it throws, within MaxDelaySeconds, in the process that threw', async () => {
    const input = { throw: 'TransientError', times: 2, key: randomUUID() };
    expect(await probe.run(input)).toMatchObject({ status: 'SUCCEEDED', output: { call: 3 } });
  });

  it('is caught by the name it throws, with message and name in the cause', async () => {
    const { status, output } = await probe.run({ throw: 'RefusedError' });
    expect({ status, output }).toEqual({
      status: 'SUCCEEDED',
      output: { refused: { Error: 'RefusedError', Cause: expect.stringContaining('thrown on purpose') } },
    });
  });

  it('fails the execution with a name that is neither retried nor caught', async () => {
    expect(await probe.run({ throw: 'DefectError' })).toMatchObject({
      status: 'FAILED',
      error: 'DefectError',
    });
  });

  it('is Runtime.ExitError when its process dies', async () => {
    expect(await probe.run({ exit: true })).toMatchObject({ status: 'FAILED', error: 'Runtime.ExitError' });
  });

  it('runs on Node 24 with its own variables and nothing of ours that is not meant for it', async () => {
    const { output } = await probe.run({ environment: true });
    expect(output).toMatchObject({ version: expect.stringMatching(/^v24\./), probe: 'yes' });
    const { names } = output as { names: string[] };
    expect(names).toContain('AWS_ENDPOINT_URL_EKS');
    expect(names.filter((name) => ['USER', 'SSH_AUTH_SOCK', 'AWS_PROFILE'].includes(name))).toEqual([]);
  });

  it('finds a package of a layer by require, from an ESM function', async () => {
    expect(await probe.run({ layer: true })).toMatchObject({ output: { answer: 42 } });
  });

  it('reads what its role may read', async () => {
    expect(await probe.run({ get: 'missing' })).toMatchObject({ output: { status: 404 } });
    expect(await probe.run({ secret: true })).toMatchObject({ output: { status: 200 } });
  });

  it('is denied what its role was not granted, with role and action in the message', async () => {
    const { output } = await probe.run({ put: 'forbidden' });
    expect(output).toMatchObject({ status: 403, text: expect.stringMatching(/AccessDenied.*s3:PutObject/s) });
  });
});

describe('the end of an execution', () => {
  it('SUCCEEDED reaches a function by EventBridge, with input and output', async () => {
    const arn = await probe.start({ give: { a: 1 }, key: 'success' });
    await expectStatusEvent(arn, {
      status: 'SUCCEEDED',
      input: '{"give":{"a":1},"key":"success"}',
      output: expect.stringContaining('"a": 1'),
      startDate: expect.any(Number),
      stopDate: expect.any(Number),
    });
  });

  it('FAILED reaches it with error and cause', async () => {
    const arn = await probe.start({ throw: 'DefectError' });
    await expectStatusEvent(arn, {
      status: 'FAILED',
      error: 'DefectError',
      cause: expect.stringContaining('on purpose'),
    });
  });

  it('TIMED_OUT reaches it when the machine outlives its TimeoutSeconds', async () => {
    const arn = await probe.start({ give: { pauseSeconds: 300 } });
    await expectStatusEvent(arn, { status: 'TIMED_OUT' });
    expect(await probe.finished(arn)).toMatchObject({ status: 'TIMED_OUT' });
  });

  it('ABORTED reaches it, and stays although the running task fails later', async () => {
    const arn = await probe.start({ throw: 'TransientError', sleepMs: 500 });
    await probe.reached(arn, 'TaskScheduled');
    await probe.sfn.send(new StopExecutionCommand({ executionArn: arn, cause: 'superseded' }));
    await expectStatusEvent(arn, { status: 'ABORTED' });
    await probe.reached(arn, 'TaskFailed');
    expect(await probe.finished(arn)).toMatchObject({ status: 'ABORTED' });
    const scheduled = (await probe.history(arn)).filter((type) => type === 'TaskScheduled');
    expect(scheduled).toHaveLength(1);
  });
});

describe('the name of an execution', () => {
  it('is taken once: a second start gives ExecutionAlreadyExists', async () => {
    const name = randomUUID();
    await probe.start({ key: name }, name);
    await expect(probe.start({ key: 'other' }, name)).rejects.toMatchObject({
      name: 'ExecutionAlreadyExists',
    });
  });

  it('is taken once for a parent too, which catches the second start by its name', async () => {
    const name = randomUUID();
    expect(await probe.runParent(name)).toMatchObject({ output: { started: expect.stringContaining(name) } });
    expect(await probe.runParent(name)).toMatchObject({ output: { started: 'before' } });
  });
});

it('EventBridge Scheduler starts an execution at a time', async () => {
  const { url, region, credentials } = probe.aws;
  const scheduler = new AwsClient({ ...credentials, region, service: 'scheduler' });
  const key = randomUUID();
  const response = await scheduler.fetch(`${url}/schedules/${key}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ScheduleExpression: `at(${new Date(Date.now() + 1000).toISOString().slice(0, 19)})`,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: probe.output('Machine'),
        RoleArn: probe.output('SchedulerRole'),
        Input: JSON.stringify({ give: { scheduled: key } }),
      },
    }),
  });
  expect(response.status).toBe(200);
  expect(await probe.recorded('status/', `scheduled`)).toMatchObject({
    detail: { status: 'SUCCEEDED', output: expect.stringContaining(key) },
  });
});
