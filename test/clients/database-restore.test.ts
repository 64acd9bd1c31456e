import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from 'vitest';
import type { InstanceSettings } from '../../functions/clients/database-restore.ts';
import { openDatabaseRestore } from '../../functions/clients/databases/open-database-restore.ts';
import { type AwsQueryEndpoint, startAwsQueryEndpoint } from '../support/aws-query-endpoint.ts';
import { createFakeDatabaseRestore } from '../support/fake-database-restore.ts';
import { newRegion } from '../support/new-region.ts';
import { describeDatabaseRestore } from './contracts/database-restore.contract.ts';

describeDatabaseRestore('a fake', async () => {
  const databases = createFakeDatabaseRestore(() => new Date('2026-11-22T09:00:00.000Z'));
  databases.put('gitlab-db');
  return { databases, instance: 'gitlab-db', snapshot: SNAPSHOT, free: 'gitlab-db-restore-1' };
});

/** Questions and answers of RDS as its API reference has them. */

let endpoint: AwsQueryEndpoint;
beforeAll(async () => {
  endpoint = await startAwsQueryEndpoint();
});
afterAll(() => endpoint.stop());
const open = () => {
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  return openDatabaseRestore(newRegion());
};
afterEach(() => void vi.unstubAllEnvs());

const INSTANCE = `
<DBInstanceIdentifier>gitlab</DBInstanceIdentifier><DbiResourceId>db-ABC</DbiResourceId>
<DBInstanceStatus>available</DBInstanceStatus><EngineVersion>17.4</EngineVersion>
<DBInstanceClass>db.m7g.large</DBInstanceClass><MultiAZ>true</MultiAZ>
<Endpoint><Port>5432</Port></Endpoint>
<DBSubnetGroup><DBSubnetGroupName>subnets</DBSubnetGroupName></DBSubnetGroup>
<VpcSecurityGroups><VpcSecurityGroupMembership><VpcSecurityGroupId>sg-1</VpcSecurityGroupId></VpcSecurityGroupMembership></VpcSecurityGroups>
<DBParameterGroups><DBParameterGroup><DBParameterGroupName>pg17</DBParameterGroupName></DBParameterGroup></DBParameterGroups>
<StorageType>gp3</StorageType><AllocatedStorage>100</AllocatedStorage><Iops>3000</Iops>
<MaxAllocatedStorage>1000</MaxAllocatedStorage><DeletionProtection>true</DeletionProtection>
<IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>
<BackupRetentionPeriod>30</BackupRetentionPeriod><PreferredBackupWindow>04:00-04:30</PreferredBackupWindow>
<TagList><Tag><Key>team</Key><Value>a</Value></Tag><Tag><Key>aws:cloudformation:stack-name</Key><Value>s</Value></Tag></TagList>`;
const answerInstance = (more = ''): void =>
  endpoint.answer('DescribeDBInstances', () => ({
    xml: `<DBInstances><DBInstance>${INSTANCE}${more}</DBInstance></DBInstances>`,
  }));
const lastCall = (action: string): URLSearchParams => {
  const found = endpoint.calls.findLast((call) => call.get('Action') === action);
  if (!found) throw new Error(`Nobody asked for ${action}.`);
  return found;
};
const LIKE: InstanceSettings = {
  class: 'db.m7g.large',
  multiAz: true,
  port: 5432,
  subnetGroup: 'subnets',
  securityGroups: ['sg-1'],
  parameterGroup: 'pg17',
  storageType: 'gp3',
  maxAllocatedGib: 1_000,
  isPublic: false,
  autoMinorVersionUpgrade: false,
  deletionProtection: true,
  copyTagsToSnapshot: false,
  iamAuthentication: true,
  logExports: [],
  retentionDays: 30,
  backupWindow: '04:00-04:30',
  tags: { team: 'a' },
};
const SNAPSHOT = 'arn:aws:rds:eu-central-1:111122223333:snapshot:drydock-production-1';

describe('an instance of RDS', () => {
  it('is read with all that a new one beside it gets, and without the tags of AWS itself', async () => {
    answerInstance();
    expect(await open().find('gitlab')).toEqual({
      identifier: 'gitlab',
      resourceId: 'db-ABC',
      status: 'available',
      isRenaming: false,
      engineVersion: '17.4',
      isOfCluster: false,
      settings: LIKE,
    });
  });

  test.each([
    ['renaming by its status', '<PendingModifiedValues/>', 'renaming'],
    [
      'about to be',
      '<PendingModifiedValues><DBInstanceIdentifier>b</DBInstanceIdentifier></PendingModifiedValues>',
      'available',
    ],
  ])('is seen as renamed when it is %s', async (_, more, status) => {
    endpoint.answer('DescribeDBInstances', () => ({
      xml: `<DBInstances><DBInstance>${INSTANCE.replace('>available<', `>${status}<`)}${more}</DBInstance></DBInstances>`,
    }));
    expect(await open().find('gitlab')).toMatchObject({ isRenaming: true });
  });

  it('is none when RDS knows none', async () => {
    endpoint.answer('DescribeDBInstances', () => ({ error: 'DBInstanceNotFound', status: 404 }));
    expect(await open().find('gitlab')).toBeUndefined();
  });

  it('is made of a snapshot with every setting of the old one', async () => {
    endpoint.answer('RestoreDBInstanceFromDBSnapshot', () => ({ xml: '<DBInstance/>' }));
    await open().restore('gitlab-restore-1', { kind: 'snapshot', arn: SNAPSHOT }, LIKE);
    expect(Object.fromEntries(lastCall('RestoreDBInstanceFromDBSnapshot'))).toMatchObject({
      DBInstanceIdentifier: 'gitlab-restore-1',
      DBSnapshotIdentifier: 'drydock-production-1',
      DBInstanceClass: 'db.m7g.large',
      MultiAZ: 'true',
      DBSubnetGroupName: 'subnets',
      'VpcSecurityGroupIds.VpcSecurityGroupId.1': 'sg-1',
      DBParameterGroupName: 'pg17',
      DeletionProtection: 'true',
      EnableIAMDatabaseAuthentication: 'true',
      PubliclyAccessible: 'false',
      'Tags.Tag.1.Key': 'team',
    });
  });

  it('is made of a second of the past where there is no snapshot', async () => {
    endpoint.answer('RestoreDBInstanceToPointInTime', () => ({ xml: '<DBInstance/>' }));
    const source = { kind: 'time' as const, instance: 'gitlab', at: '2026-11-21T03:00:00.000Z' };
    await open().restore('gitlab-restore-1', source, LIKE);
    expect(Object.fromEntries(lastCall('RestoreDBInstanceToPointInTime'))).toMatchObject({
      SourceDBInstanceIdentifier: 'gitlab',
      TargetDBInstanceIdentifier: 'gitlab-restore-1',
      RestoreTime: '2026-11-21T03:00:00Z',
      DBSubnetGroupName: 'subnets',
    });
  });

  it('that is there already is as good as made', async () => {
    endpoint.answer('RestoreDBInstanceFromDBSnapshot', () => ({ error: 'DBInstanceAlreadyExists' }));
    await expect(open().restore('a', { kind: 'snapshot', arn: SNAPSHOT }, LIKE)).resolves.toBeUndefined();
  });

  it('gets at once what RDS gives to nobody who restores, and only that', async () => {
    answerInstance();
    endpoint.answer('ModifyDBInstance', () => ({ xml: '<DBInstance/>' }));
    const databases = open();
    const found = await databases.find('gitlab');
    if (!found) throw new Error('It is there.');
    expect(await databases.adjust(found, LIKE)).toBe('alike');
    expect(
      await databases.adjust(found, { ...LIKE, retentionDays: 7, maintenanceWindow: 'sun:05:00-sun:05:30' }),
    ).toBe('changed');
    const { Action: _, Version: __, ...asked } = Object.fromEntries(lastCall('ModifyDBInstance'));
    expect(asked).toEqual({
      DBInstanceIdentifier: 'gitlab',
      ApplyImmediately: 'true',
      BackupRetentionPeriod: '7',
      PreferredMaintenanceWindow: 'sun:05:00-sun:05:30',
    });
  });

  test.each([
    ['InvalidDBInstanceState', 400],
    ['DBInstanceNotFound', 404],
  ])('takes no other name and no setting while RDS answers %s', async (error, status) => {
    endpoint.answer('ModifyDBInstance', () => ({ error, status }));
    expect(await open().rename('a', 'b')).toBe(false);
    answerInstance();
    const found = await open().find('gitlab');
    expect(found && (await open().adjust(found, { ...LIKE, retentionDays: 7 }))).toBe('busy');
  });

  test.each([
    ['rename', 'AccessDenied', 403, { code: 'rds.forbidden', permission: 'rds:ModifyDBInstance' }],
    ['rename', 'DBInstanceAlreadyExists', 400, { code: 'rds.refused' }],
    ['restore', 'InstanceQuotaExceeded', 400, { code: 'rds.refused' }],
    ['restore', 'KMSKeyNotAccessibleFault', 400, { code: 'rds.refused' }],
  ] as const)('%s that RDS answers with %s fails as its code says', async (call, error, status, expected) => {
    endpoint.answer('ModifyDBInstance', () => ({ error, status }));
    endpoint.answer('RestoreDBInstanceFromDBSnapshot', () => ({ error, status }));
    const databases = open();
    const asking =
      call === 'rename'
        ? databases.rename('a', 'b')
        : databases.restore('a', { kind: 'snapshot', arn: SNAPSHOT }, LIKE);
    await expect(asking).rejects.toMatchObject(expected);
  });
});
