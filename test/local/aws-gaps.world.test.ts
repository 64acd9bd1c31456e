import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  CreateRoleCommand,
  IAMClient,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startAws } from '../../infra/local/aws/start-aws.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { type Probe, startProbe } from './fixtures/probe.ts';

/**
 * Without its fixes MiniStack must still behave wrongly. A test that fails here is good news: upstream has
 * caught up, so take that fix out of patches.py and this test with it.
 */
describe('MiniStack without the fix', () => {
  let probe: Probe;
  beforeAll(async () => {
    const without = [
      'error-name',
      'exit-name',
      'warm-after-error',
      'abort',
      'machine-timeout',
      'secret-ref',
      'child-error-name',
    ];
    probe = await startProbe({ without, waitScale: 0.01 });
  });
  afterAll(() => probe?.stop());

  it('error-name: loses the name of a thrown error', async () => {
    expect(await probe.run({ throw: 'DefectError' })).toMatchObject({ error: 'Runtime.HandlerError' });
  });

  it('exit-name: calls a dead process a handler error', async () => {
    expect(await probe.run({ exit: true })).toMatchObject({ error: 'Runtime.HandlerError' });
  });

  it('warm-after-error: ends the process that threw', async () => {
    const input = { throw: 'AnyError', times: 1, key: randomUUID() };
    await probe.run(input);
    expect(await probe.run(input)).toMatchObject({ status: 'FAILED' });
  });

  it('abort: an aborted execution fails when its task does', async () => {
    const arn = await probe.start({ throw: 'DefectError', sleepMs: 300 });
    await probe.reached(arn, 'TaskScheduled');
    await probe.sfn.send(new StopExecutionCommand({ executionArn: arn }));
    expect(await probe.recorded(`status/${arn.split(':').at(-1)}/FAILED`, arn)).toBeDefined();
  });

  it('machine-timeout: lets a machine outlive its TimeoutSeconds', async () => {
    const arn = await probe.start({ give: { pauseSeconds: 350 } });
    expect(await probe.finished(arn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('child-error-name: a taken name of a child has no name to catch', async () => {
    const name = randomUUID();
    await probe.runParent(name);
    expect(await probe.runParent(name)).toMatchObject({ status: 'FAILED', error: 'ExecutionAlreadyExists' });
  });

  it('secret-ref: a grant on a secret of the same stack misses', async () => {
    expect(await probe.run({ secret: true })).toMatchObject({ output: { status: 403 } });
  });
});

it('without the fix secure-transport nothing can be deployed: the staging bucket refuses http', async () => {
  await expect(startProbe({ without: ['secure-transport'] })).rejects.toThrow(
    /cdk deploy failed.*dont have access/s,
  );
});

it('without the fix version-range a version that is named is given as a whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-version-range-'));
  const aws = await startAws({ folder, report: () => undefined, without: ['version-range'] });
  try {
    const s3 = connectS3(aws.url, aws.credentials, aws.region);
    await s3.send(new CreateBucketCommand({ Bucket: 'versions' }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await s3.send(new PutBucketVersioningCommand({ Bucket: 'versions', VersioningConfiguration }));
    const { VersionId } = await s3.send(
      new PutObjectCommand({ Bucket: 'versions', Key: 'k', Body: '0123456789' }),
    );
    const asked = new GetObjectCommand({ Bucket: 'versions', Key: 'k', VersionId, Range: 'bytes=2-3' });
    expect(await (await s3.send(asked)).Body?.transformToString()).toBe('0123456789');
  } finally {
    await aws.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

describe('a role that may simulate itself', () => {
  const rows: [name: string, without: string[], answer: string][] = [
    ['may not without the fix simulate-resource', ['simulate-resource'], 'AccessDenied'],
    ['may, by the name of the role', [], 'implicitDeny'],
  ];
  it.each(rows)('%s', async (_, without, answer) => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-simulate-'));
    const aws = await startAws({ folder, report: () => undefined, without });
    try {
      const { url: endpoint, region, credentials } = aws;
      const iam = new IAMClient({ endpoint, region, credentials });
      const Arn = `arn:aws:iam::${aws.account}:role/asker`;
      const allow = (statement: object): string =>
        JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
      const trust = allow({ Principal: '*', Action: 'sts:AssumeRole' });
      await iam.send(new CreateRoleCommand({ RoleName: 'asker', AssumeRolePolicyDocument: trust }));
      const PolicyDocument = allow({ Action: 'iam:SimulatePrincipalPolicy', Resource: Arn });
      await iam.send(new PutRolePolicyCommand({ RoleName: 'asker', PolicyName: 'ask', PolicyDocument }));
      const sts = new STSClient({ endpoint, region, credentials });
      const { Credentials: of } = await sts.send(
        new AssumeRoleCommand({ RoleArn: Arn, RoleSessionName: 'one' }),
      );
      const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = of ?? {};
      const session = {
        accessKeyId: AccessKeyId,
        secretAccessKey: SecretAccessKey,
        sessionToken: SessionToken,
      };
      const asker = new IAMClient({ endpoint, region, credentials: session });
      const asked = new SimulatePrincipalPolicyCommand({
        PolicySourceArn: Arn,
        ActionNames: ['s3:GetObject'],
      });
      const answered = await asker.send(asked).then(
        ({ EvaluationResults = [] }) => EvaluationResults[0]?.EvalDecision,
        (error: unknown) => (error instanceof Error ? error.name : error),
      );
      expect(answered).toBe(answer);
    } finally {
      await aws.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a right on what carries a tag', () => {
  const tagged = {
    ContextKeyName: 'aws:ResourceTag/of',
    ContextKeyType: 'string' as const,
    ContextKeyValues: ['x'],
  };
  const rows: [name: string, without: string[], context: (typeof tagged)[], answer: string][] = [
    ['is not seen without the fix simulate-context', ['simulate-context'], [tagged], 'implicitDeny'],
    ['is seen where the tag is', [], [tagged], 'allowed'],
    ['is none where no tag is', [], [], 'implicitDeny'],
  ];
  it.each(rows)('%s', async (_, without, ContextEntries, answer) => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-context-'));
    const aws = await startAws({ folder, report: () => undefined, without });
    try {
      const { url: endpoint, region, credentials } = aws;
      const iam = new IAMClient({ endpoint, region, credentials });
      const Condition = { StringLike: { 'aws:ResourceTag/of': '*' } };
      const of = (statement: object): string =>
        JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });
      const trust = of({ Principal: '*', Action: 'sts:AssumeRole' });
      await iam.send(new CreateRoleCommand({ RoleName: 'ends', AssumeRolePolicyDocument: trust }));
      const PolicyDocument = of({ Action: 'rds:DeleteDBInstance', Resource: '*', Condition });
      await iam.send(new PutRolePolicyCommand({ RoleName: 'ends', PolicyName: 'end', PolicyDocument }));
      const { EvaluationResults: [result] = [] } = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: `arn:aws:iam::${aws.account}:role/ends`,
          ActionNames: ['rds:DeleteDBInstance'],
          ContextEntries,
        }),
      );
      expect(result?.EvalDecision).toBe(answer);
    } finally {
      await aws.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

it('MiniStack does not start without a fix that patches.py does not know', async () => {
  await expect(startProbe({ without: ['no-such-fix'] })).rejects.toThrow(/no-such-fix/);
});

describe('a Lambda that an account has no room for', () => {
  const rows: [name: string, without: string[], error: string][] = [
    ['without the fix throttle-name is of no known name', ['throttle-name'], 'Lambda.Unknown'],
    ['is throttled, in the name that AWS has for it', [], 'Lambda.TooManyRequestsException'],
  ];
  it.each(rows)('%s', async (_, without, error) => {
    const environment = { LAMBDA_ACCOUNT_CONCURRENCY: '1' };
    const probe = await startProbe({ without, environment, waitScale: 0.01 });
    try {
      const busy = await probe.start({ sleepMs: 2_500 });
      await probe.reached(busy, 'TaskScheduled');
      expect(await probe.run({})).toMatchObject({ error });
    } finally {
      await probe.stop();
    }
  });
});
