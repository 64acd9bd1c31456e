import { describe, expect, test } from 'vitest';
import { nameBeside } from '../../functions/records/backup/instance-names.ts';
import { makeBackupConfiguration, SITE_ACCOUNT } from './support/backup-stacks.ts';
import { rightsOf, synthesise } from './support/stacks.ts';

const RDS = `arn:aws:rds:eu-central-1:${SITE_ACCOUNT}`;
const NATIVE = {
  database: { instance: 'gitlab' },
  gitaly: { bucket: 'gitaly' },
  sourceBuckets: ['gitlab-uploads', 'gitlab-lfs'],
  policies: { daily: { kind: 'native', schedule: 'cron(0 3 * * ? *)' } },
};
const native = synthesise(makeBackupConfiguration(NATIVE)).template;
const tar = synthesise(makeBackupConfiguration({ sourceBuckets: ['gitlab-uploads'] })).template;
const unnamed = synthesise(makeBackupConfiguration({ ...NATIVE, sourceBuckets: ['*'] })).template;

const allowed = (role: string, of = native): string[] =>
  rightsOf(of, role).filter((right) => !/^(logs|xray):|LedgerBucket|SiteKey/.test(right));
const actionsOn = (resource: string): string[] =>
  allowed('BackupRestoreNativeRole').flatMap((right) => {
    const [action = '', on = ''] = right.split(' on ');
    return on === resource ? [action] : [];
  });

describe('whoever takes databases and objects back', () => {
  test('makes instances under the names of restores alone, and changes the one of GitLab and these', () => {
    const rights = allowed('BackupRestoreNativeRole');
    const instances = (action: string) =>
      rights.flatMap((right) =>
        right.startsWith(`${action} on ${RDS}:db:`) ? [right.split(':db:')[1]] : [],
      );
    expect(instances('rds:RestoreDBInstanceFromDBSnapshot')).toEqual(['gitlab-restore-*']);
    expect(new Set(instances('rds:ModifyDBInstance'))).toEqual(
      new Set(['gitlab', 'gitlab-before-*', 'gitlab-restore-*']),
    );
    expect(rights).toContain(`rds:RestoreDBInstanceFromDBSnapshot on ${RDS}:snapshot:drydock-*`);
    expect(rights.filter((right) => right.startsWith('rds:AddTags'))).toEqual([
      `rds:AddTagsToResource on ${RDS}:db:gitlab-restore-*`,
    ]);
  });

  test.each(['restore', 'before'] as const)('has rights on the instance that a run names for %s', (word) => {
    const name = nameBeside('gitlab', word, 'a'.repeat(16));
    expect(actionsOn(`${RDS}:db:gitlab-${word}-*`)).toContain('rds:ModifyDBInstance');
    expect(name.startsWith(`gitlab-${word}-`)).toBe(true);
  });

  test('writes versions and delete markers into the buckets that are named, and no other', () => {
    const written = allowed('BackupRestoreNativeRole').filter((right) => /^s3:(Put|Delete)/.test(right));
    expect(written.toSorted()).toEqual(
      ['gitlab-lfs', 'gitlab-uploads']
        .flatMap((bucket) =>
          ['s3:DeleteObject', 's3:PutObject', 's3:PutObjectTagging'].map(
            (action) => `${action} on arn:aws:s3:::${bucket}/*`,
          ),
        )
        .toSorted(),
    );
  });

  test('ends no instance, no snapshot and no version, whatever else it is granted', () => {
    const rights = allowed('BackupRestoreNativeRole');
    expect(
      rights.filter((right) => /^(rds:(Delete|Stop|\*)|s3:(DeleteObjectVersion|\*|Bypass))/.test(right)),
    ).toEqual([]);
    const denied = rightsOf(native, 'BackupRestoreNativeRole', 'Deny');
    expect(denied).toEqual(
      expect.arrayContaining([
        'rds:DeleteDBInstance on *',
        'rds:DeleteDBSnapshot on *',
        's3:DeleteObjectVersion on *',
        's3:PutLifecycleConfiguration on *',
        's3:* on arn:aws:s3:::archives/*',
        's3:* on arn:aws:s3:::secrets/*',
      ]),
    );
  });

  test('has no bucket where none is named, and nothing of both where no policy is native', () => {
    expect(allowed('BackupRestoreNativeRole', unnamed).filter((right) => right.startsWith('s3:'))).toEqual(
      [],
    );
    expect(allowed('BackupRestoreNativeRole', tar)).toEqual([]);
  });
});

test('whoever plans looks at databases and versions, and changes none', () => {
  for (const role of ['BackupRestorePlanRole', 'BackupRestoreBeginRole']) {
    const rights = allowed(role).filter((right) => /^(rds|s3):/.test(right));
    expect(rights).toContain(`rds:DescribeDBInstances on ${RDS}:db:gitlab-restore-*`);
    expect(rights).toContain('s3:ListBucketVersions on arn:aws:s3:::gitlab-uploads');
    expect(rights).toContain('s3:ListBucket on arn:aws:s3:::gitaly');
    expect(rights.filter((right) => !/^(rds:Describe|s3:(Get|List))/.test(right))).toEqual([]);
  }
});
