import { describe, expect, it } from 'vitest';
import { openBucketFacts } from '../../../functions/clients/bucket-facts/open-bucket-facts.ts';
import type { BucketFacts } from '../../../functions/clients/bucket-facts.ts';
import { newRegion } from '../../support/new-region.ts';
import { useBucketEndpoints } from './bucket-endpoints.ts';

const { answerS3, answerJson } = useBucketEndpoints();

const open = () => openBucketFacts(newRegion());
const missing = (code: string) => ({ status: 404, body: `<Error><Code>${code}</Code></Error>` });
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/5c4b';

describe('versions of a bucket', () => {
  const lifecycle = (rules: string) => ({
    body: `<LifecycleConfiguration>${rules}</LifecycleConfiguration>`,
  });
  const rule = (days: number, status = 'Enabled') =>
    `<Rule><ID>r${days}</ID><Status>${status}</Status><Filter><Prefix></Prefix></Filter><NoncurrentVersionExpiration><NoncurrentDays>${days}</NoncurrentDays></NoncurrentVersionExpiration></Rule>`;
  const status = (word: string) => ({
    body: `<VersioningConfiguration>${word && `<Status>${word}</Status>`}</VersioningConfiguration>`,
  });
  const NONE = missing('NoSuchLifecycleConfiguration');

  it.each([
    ['enabled, and kept for ever', status('Enabled'), NONE, { versioning: 'enabled' }],
    ['suspended', status('Suspended'), NONE, { versioning: 'suspended' }],
    ['never switched on', status(''), NONE, { versioning: 'off' }],
    [
      'kept for the shortest of two rules',
      status('Enabled'),
      lifecycle(rule(90) + rule(30)),
      { versioning: 'enabled', noncurrentDays: 30 },
    ],
    [
      'kept for ever by a rule that is switched off',
      status('Enabled'),
      lifecycle(rule(1, 'Disabled')),
      { versioning: 'enabled' },
    ],
    [
      'kept for ever by a rule for what is current',
      status('Enabled'),
      lifecycle('<Rule><ID>a</ID><Status>Enabled</Status><Expiration><Days>3</Days></Expiration></Rule>'),
      { versioning: 'enabled' },
    ],
  ])('are %s', async (_, versioning, rules, expected) => {
    answerS3({ versioning, lifecycle: rules });
    expect(await open().readVersions('uploads')).toEqual(expected);
  });
});

describe('replicas of a bucket', () => {
  const replication = (...rules: readonly string[]) => ({
    body: `<ReplicationConfiguration><Role>r</Role>${rules.join('')}</ReplicationConfiguration>`,
  });
  const rule = (filter: string, status = 'Enabled') =>
    `<Rule><ID>all</ID><Status>${status}</Status>${filter}<Destination><Bucket>arn:aws:s3:::replica</Bucket></Destination></Rule>`;
  const whole = [{ rule: 'all', to: 'replica', isWhole: true }];
  const partly = [{ rule: 'all', to: 'replica', isWhole: false }];
  const tag = '<Tag><Key>a</Key><Value>b</Value></Tag>';

  it.each([
    ['none', missing('ReplicationConfigurationNotFoundError'), []],
    ['all by an empty filter', replication(rule('<Filter></Filter>')), whole],
    ['all by an empty prefix', replication(rule('<Filter><Prefix></Prefix></Filter>')), whole],
    ['all by a rule of the old form', replication(rule('<Prefix></Prefix>')), whole],
    ['a part by prefix', replication(rule('<Filter><Prefix>a/</Prefix></Filter>')), partly],
    ['a part by a prefix of the old form', replication(rule('<Prefix>a/</Prefix>')), partly],
    ['a part by tag', replication(rule(`<Filter>${tag}</Filter>`)), partly],
    ['a part by both', replication(rule(`<Filter><And><Prefix></Prefix>${tag}</And></Filter>`)), partly],
    ['none by a rule that is switched off', replication(rule('<Filter></Filter>', 'Disabled')), []],
  ])('hold %s', async (_, answer, expected) => {
    answerS3({ replication: answer });
    expect(await open().readReplicas('uploads')).toEqual(expected);
  });
});

describe('encryption of a bucket', () => {
  const encryption = (algorithm: string, key = '') => ({
    body: `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm>${key && `<KMSMasterKeyID>${key}</KMSMasterKeyID>`}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
  });

  it.each([
    ['by S3', encryption('AES256'), { algorithm: 'AES256' }],
    [
      'by nothing that was said',
      missing('ServerSideEncryptionConfigurationNotFoundError'),
      { algorithm: 'AES256' },
    ],
    ['by the key of the account', encryption('aws:kms'), { algorithm: 'aws:kms' }],
    ['by that key, named', encryption('aws:kms', 'alias/aws/s3'), { algorithm: 'aws:kms' }],
    ['by a key', encryption('aws:kms', KEY), { algorithm: 'aws:kms', kmsKey: KEY }],
    ['by the alias of a key', encryption('aws:kms', 'alias/data'), { algorithm: 'aws:kms', kmsKey: KEY }],
    ['by the id of a key', encryption('aws:kms:dsse', '5c4b'), { algorithm: 'aws:kms:dsse', kmsKey: KEY }],
  ])('is %s', async (_, answer, expected) => {
    answerS3({ encryption: answer });
    answerJson((target) => ({
      body: target.endsWith('DescribeKey') ? { KeyMetadata: { KeyId: '5c4b', Arn: KEY } } : {},
    }));
    expect(await open().readEncryption('uploads')).toEqual(expected);
  });

  it('by a key that may not be looked at names the right', async () => {
    answerS3({ encryption: encryption('aws:kms', 'alias/data') });
    answerJson(() => ({ status: 400, body: { __type: 'AccessDeniedException' } }));
    await expect(open().readEncryption('uploads')).rejects.toMatchObject({
      code: 'bucket.forbidden',
      permission: 'kms:DescribeKey',
    });
  });
});

describe('object lock of a bucket', () => {
  const lock = (rule: string) => ({
    body: `<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>${rule}</ObjectLockConfiguration>`,
  });
  const retention = (inside: string) =>
    `<Rule><DefaultRetention><Mode>GOVERNANCE</Mode>${inside}</DefaultRetention></Rule>`;

  it.each([
    ['none', missing('ObjectLockConfigurationNotFoundError'), { enabled: false }],
    ['on, for nothing by itself', lock(''), { enabled: true }],
    [
      'on, for days',
      lock(retention('<Days>14</Days>')),
      { enabled: true, default: { mode: 'GOVERNANCE', days: 14 } },
    ],
    [
      'on, for years',
      lock(retention('<Years>2</Years>')),
      { enabled: true, default: { mode: 'GOVERNANCE', days: 730 } },
    ],
  ])('is %s', async (_, answer, expected) => {
    answerS3({ 'object-lock': answer });
    expect(await open().readLock('backups')).toEqual(expected);
  });
});

describe('a bucket that does not answer', () => {
  const reads: readonly (keyof BucketFacts)[] = [
    'readVersions',
    'readReplicas',
    'readReplication',
    'readEncryption',
    'readLock',
  ];
  it.each(reads)('is missing, and not without configuration: %s', async (read) => {
    answerS3({ HEAD: { status: 404 } });
    await expect(open()[read]('gone')).rejects.toMatchObject({ code: 'bucket.missing' });
  });

  it.each(reads)('that is gone between two questions is missing as well: %s', async (read) => {
    const gone = missing('NoSuchBucket');
    answerS3({
      versioning: gone,
      lifecycle: gone,
      replication: gone,
      encryption: gone,
      'object-lock': gone,
    });
    await expect(open()[read]('gone')).rejects.toMatchObject({ code: 'bucket.missing' });
  });

  it('names the right that is missing, whoever refused where it is', async () => {
    const refused = { status: 403, body: '<Error><Code>AccessDenied</Code></Error>' };
    answerS3({ HEAD: { status: 403 }, versioning: refused, lifecycle: refused });
    await expect(open().readVersions('uploads')).rejects.toMatchObject({
      code: 'bucket.forbidden',
      permission: 's3:GetBucketVersioning',
    });
  });
});
