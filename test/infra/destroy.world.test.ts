import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { deployApp, type StackOutputs } from '../../infra/local/aws/deploy.ts';
import { type LocalAws, startAws } from '../../infra/local/aws/start-aws.ts';

let aws: LocalAws;
let folder: string;
let file: string;
let outputs: StackOutputs;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'drydock-destroy-'));
  file = path.join(folder, 'drydock.yaml');
  const report = () => undefined;
  aws = await startAws({ folder: path.join(folder, 'aws'), report });
  const { account, region } = aws;
  await writeFile(
    file,
    stringify({
      version: 1,
      sites: { main: { account, region, webhook: { exposure: 'public' } } },
      deployment: {},
    }),
  );
  outputs = await deployApp({
    aws,
    app: 'node infra/app.ts',
    folder: path.join(folder, 'cdk'),
    report,
    context: { stage: 'local', configuration: file },
  });
});
afterAll(async () => {
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command as npm does, in an environment that leads to the local AWS alone. */
const destroy = (args: string[], input = '') =>
  execa('node', ['infra/destroy.ts', '--file', file, ...args, '--', '-c', 'stage=local'], {
    extendEnv: false,
    env: { ...aws.environment(), PATH: process.env['PATH'] ?? '', HOME: folder, CDK_VALIDATION: 'false' },
    preferLocal: true,
    reject: false,
    all: true,
    input,
  });

it('asks first, removes the stack, leaves the ledger with its records, and finds nothing the second time', async () => {
  const bucket = outputs['drydock-main']?.['LedgerBucketName'] ?? '';
  const s3 = new S3Client({
    endpoint: aws.url,
    region: aws.region,
    credentials: aws.credentials,
    forcePathStyle: true,
  });
  const record = { Bucket: bucket, Key: 'deployment/targets/web/current.json' };
  await s3.send(new PutObjectCommand({ ...record, Body: '{"version":1}' }));

  const declined = await destroy([], 'production\n');
  expect(declined.all).toContain('Nothing was removed');
  expect(declined.exitCode).toBe(1);
  expect(declined.all).toMatch(new RegExp(`Stays: 3 resources[^]*AWS::S3::Bucket {2}${bucket}`));

  const removed = await destroy([], 'main\n');
  expect(removed.all).toContain('Site main is removed');
  expect(removed.exitCode).toBe(0);
  expect(removed.all).toContain(`aws s3api delete-bucket --region ${aws.region} --bucket ${bucket}`);
  expect(removed.all).toContain('aws kms schedule-key-deletion');
  const kept = await s3.send(new GetObjectCommand(record));
  expect(await kept.Body?.transformToString()).toBe('{"version":1}');

  const again = await destroy(['--yes']);
  expect(again.all).toContain('There is no stack drydock-main');
  expect(again.exitCode).toBe(0);
});
