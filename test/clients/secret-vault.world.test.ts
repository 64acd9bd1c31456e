import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openKeyService, openOnceStore } from '../../functions/clients/secret-vault/aws-services.ts';
import { openSecretVault } from '../../functions/clients/secret-vault.ts';
import { type LocalAws, startAws } from '../../infra/local/aws/start-aws.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { describeSecretVault, exportOf } from './contracts/secret-vault.contract.ts';

/** The vault on real calls of KMS and S3: the promises of the one in memory, and a key that is switched off. */

const BUCKET = 'secrets';
const stops: (() => Promise<void>)[] = [];
let aws: LocalAws;
let kms: KMSClient;
let s3: S3Client;
let key: string;

const makeKey = async (): Promise<string> =>
  (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? 'no key';

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-vault-'));
  aws = await startAws({ folder, report: () => undefined });
  stops.push(
    () => aws.stop(),
    () => rm(folder, { recursive: true, force: true }),
  );
  s3 = connectS3(aws.url, aws.credentials, aws.region);
  kms = new KMSClient({
    endpoint: aws.url,
    region: aws.region,
    credentials: aws.credentials,
    maxAttempts: 1,
  });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  key = await makeKey();
});
afterAll(async () => {
  for (const stop of stops) await stop();
});

const servicesOf = (kmsKey: string, bucket = BUCKET) => ({
  keys: openKeyService(kmsKey, aws.region, kms),
  store: openOnceStore(bucket, aws.region, { s3 }),
});

describeSecretVault('KMS and S3 of the local AWS', () => servicesOf(key));

const vaultOf = (kmsKey: string, bucket = BUCKET) =>
  openSecretVault(
    { environment: 'world', secrets: { bucket, kmsKey }, archives: { bucket: 'archives' } },
    servicesOf(kmsKey, bucket),
  );

it('a key that is switched off is named, with what to do', async () => {
  const other = await makeKey();
  await vaultOf(other).write(exportOf('off', 'value', 'world'));
  await kms.send(new DisableKeyCommand({ KeyId: other }));
  await expect(vaultOf(other).read('off')).rejects.toMatchObject({
    name: 'RefusedError',
    code: 'vault.key-unusable',
    message: expect.stringContaining(other),
  });
});

it('a bucket that is not there is said to be missing', async () => {
  const refused = vaultOf(key, 'no-such-bucket').write(exportOf('none', 'value', 'world'));
  await expect(refused).rejects.toMatchObject({ name: 'RefusedError', code: 'vault.missing' });
});
