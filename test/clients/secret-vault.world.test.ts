import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { beforeAll, expect, it } from 'vitest';
import { openKeyService, openOnceStore } from '../../functions/clients/secret-vault/aws-services.ts';
import { openSecretVault } from '../../functions/clients/secret-vault.ts';
import { useAws } from '../support/world/use-aws.ts';
import { describeSecretVault, exportOf } from './contracts/secret-vault.contract.ts';

/** The vault on real calls of KMS and S3: the promises of the one in memory, and a key that is switched off. */

const BUCKET = 'secrets';
const local = useAws();
let kms: KMSClient;
let key: string;

const makeKey = async (): Promise<string> =>
  (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? 'no key';

beforeAll(async () => {
  kms = new KMSClient({
    endpoint: local().aws.url,
    region: local().aws.region,
    credentials: local().aws.credentials,
    maxAttempts: 1,
  });
  await local().s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  key = await makeKey();
});

const servicesOf = (kmsKey: string, bucket = BUCKET) => ({
  keys: openKeyService(kmsKey, local().aws.region, kms),
  store: openOnceStore(bucket, local().aws.region, { s3: local().s3 }),
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
