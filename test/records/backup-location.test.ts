import { describe, expect, test } from 'vitest';
import { Backup } from '../../functions/records/configuration/backup.ts';
import { locateBackup } from '../../functions/records/configuration/backup-location.ts';

const SITE = { account: '111122223333', region: 'eu-central-1' };

const locate = (destination: object = {}, more: object = {}, site = SITE) => {
  const { environments } = Backup.parse({
    environments: {
      production: {
        role: 'arn:aws:iam::111122223333:role/gitlab-toolbox',
        destination: { bucket: 'archives', ...destination },
        tmpBucket: 'tmp',
        secrets: { bucket: 'secrets', kmsKey: 'alias/secrets' },
        policies: { daily: { schedule: 'cron(0 3 * * ? *)' } },
        ...more,
      },
    },
  });
  const settings = environments['production'];
  if (!settings) throw new Error('The fixture has an environment production.');
  return locateBackup('production', settings, site);
};

describe('the place of a backup', () => {
  test('is the account and region of the site, unless the destination has others', () => {
    expect(locate().archives).toMatchObject({ account: '111122223333', region: 'eu-central-1' });
    const elsewhere = { account: '999900001111', region: 'eu-west-1' };
    expect(locate(elsewhere)).toMatchObject({
      archives: { ...elsewhere, arn: 'arn:aws:s3:::archives' },
      secrets: { ...elsewhere, arn: 'arn:aws:s3:::secrets' },
    });
  });

  test.each<[string, object, object | undefined]>([
    [
      'an alias is one of the account of the bucket',
      { account: '999900001111', kmsKey: 'alias/a' },
      { arn: 'arn:aws:kms:eu-central-1:999900001111:alias/a', alias: 'alias/a', isForeign: false },
    ],
    [
      'an ARN is what it says',
      { kmsKey: 'arn:aws:kms:eu-north-1:222233334444:alias/b' },
      { arn: 'arn:aws:kms:eu-north-1:222233334444:alias/b', alias: 'alias/b', isForeign: true },
    ],
    [
      'a key has no alias',
      { kmsKey: 'key/12345678-1234-1234-1234-123456789012' },
      {
        arn: 'arn:aws:kms:eu-central-1:111122223333:key/12345678-1234-1234-1234-123456789012',
        isForeign: false,
      },
    ],
    [
      'a bucket that Drydock makes has a key by its own alias',
      {},
      {
        arn: 'arn:aws:kms:eu-central-1:111122223333:alias/drydock-vault-production',
        alias: 'alias/drydock-vault-production',
        isForeign: false,
      },
    ],
    ['of the key of a bucket that is there already nothing is known', { create: false }, undefined],
  ])('%s', (_, destination, key) => {
    expect(locate(destination).archives.key).toEqual(key);
  });

  test('a copy lies in the same account, in its own region, under a key of that region', () => {
    const copy = { copy: { region: 'eu-west-1', bucket: 'copies' } };
    expect(locate({ account: '999900001111' }, copy).copy).toEqual({
      bucket: 'copies',
      arn: 'arn:aws:s3:::copies',
      account: '999900001111',
      region: 'eu-west-1',
      key: {
        arn: 'arn:aws:kms:eu-west-1:999900001111:alias/drydock-vault-production-copy',
        alias: 'alias/drydock-vault-production-copy',
        isForeign: false,
      },
    });
    expect(locate()).not.toHaveProperty('copy');
  });

  test.each([
    ['cn-north-1', 'arn:aws-cn:s3:::archives'],
    ['us-gov-west-1', 'arn:aws-us-gov:s3:::archives'],
  ])('in %s a bucket is %s', (region, arn) => {
    expect(locate({}, {}, { ...SITE, region }).archives.arn).toBe(arn);
  });
});
