import { describe, expect, test } from 'vitest';
import { nameBeside } from '../../functions/records/backup/instance-names.ts';
import { makeBackupConfiguration, SITE_ACCOUNT } from './support/backup-stacks.ts';
import { conditionsOf, rightsOf, synthesise } from './support/stacks.ts';

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
    expect(rightsOf(native, 'BackupRestoreNativeRole', 'Deny')).toEqual(
      [
        'rds:DeleteDBInstance on *',
        'rds:DeleteDBInstanceAutomatedBackup on *',
        'rds:DeleteDBSnapshot on *',
        's3:DeleteBucket on *',
        's3:DeleteObjectVersion on *',
        's3:PutBucketVersioning on *',
        's3:PutLifecycleConfiguration on *',
        ...['archives', 'secrets'].flatMap((bucket) => [
          `s3:* on arn:aws:s3:::${bucket}`,
          `s3:* on arn:aws:s3:::${bucket}/*`,
        ]),
      ].toSorted(),
    );
  });

  test('uses keys of databases through RDS alone, and gives none of them to anybody but AWS', () => {
    const viaRds = { 'kms:ViaService': 'rds.eu-central-1.amazonaws.com' };
    expect(conditionsOf(native, 'BackupRestoreNativeRole', 'kms:CreateGrant')).toEqual([
      { StringEquals: viaRds, Bool: { 'kms:GrantIsForAWSResource': true } },
    ]);
    expect(conditionsOf(native, 'BackupRestoreNativeRole', 'kms:DescribeKey')).toEqual([
      { StringEquals: viaRds },
    ]);
  });

  test('has no bucket where none is named, and nothing of both where no policy is native', () => {
    expect(allowed('BackupRestoreNativeRole', unnamed).filter((right) => right.startsWith('s3:'))).toEqual(
      [],
    );
    expect(allowed('BackupRestoreNativeRole', tar)).toEqual([]);
  });
});

describe('with a scratch place that takes native sets, whoever takes databases and objects back', () => {
  const scratch = { namespace: 'drill', database: { instance: 'spare' }, buckets: ['spare-*'] };
  const of = synthesise(makeBackupConfiguration({ ...NATIVE, restore: { scratch } })).template;
  const rights = allowed('BackupRestoreNativeRole', of);
  const on = (action: string) =>
    rights.flatMap((right) => (right.startsWith(`${action} on `) ? [right.split(' on ')[1]] : []));

  test('makes instances there as well, of the snapshots of the set', () => {
    expect(on('rds:RestoreDBInstanceFromDBSnapshot')).toEqual(
      expect.arrayContaining([`${RDS}:db:gitlab-restore-*`, `${RDS}:db:spare-restore-*`]),
    );
    expect(on('rds:ModifyDBInstance')).toEqual(
      expect.arrayContaining([`${RDS}:db:spare`, `${RDS}:db:spare-before-*`, `${RDS}:db:spare-restore-*`]),
    );
  });

  test('deletes those that carry the tag of a restore there, and no other', () => {
    expect(on('rds:DeleteDBInstance')).toEqual([`${RDS}:db:spare-restore-*`]);
    const statements = Object.values(of.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(statements).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'rds:DeleteDBInstance',
        Condition: { StringLike: { 'aws:ResourceTag/drydock:restore': '*' } },
      }),
    );
    expect(rightsOf(of, 'BackupRestoreNativeRole', 'Deny')).toContain(
      `rds:DeleteDBInstance on all but ${RDS}:db:spare-restore-*`,
    );
  });

  test('copies into its buckets, and deletes nothing in them', () => {
    expect(rights.filter((right) => right.includes(':::spare-'))).toEqual(
      ['s3:AbortMultipartUpload', 's3:PutObject', 's3:PutObjectTagging'].map(
        (action) => `${action} on arn:aws:s3:::spare-*/*`,
      ),
    );
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
