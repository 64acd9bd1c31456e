import { describe, expect, it } from 'vitest';
import { openDatabases } from '../../functions/clients/databases/open-databases.ts';
import { useAccountEndpoints } from '../support/account-endpoints.ts';
import { createFakeDatabases } from '../support/fake-databases.ts';
import { newRegion } from '../support/new-region.ts';
import { describeDatabases } from './contracts/databases.contract.ts';

describeDatabases('a fake', async () => {
  const fake = createFakeDatabases(() => new Date('2026-11-21T03:00:00Z'));
  fake.put({ identifier: 'gitlab-db' });
  fake.put({ identifier: 'other-db' });
  return { databases: fake, instance: 'gitlab-db', other: 'other-db' };
});

const { query } = useAccountEndpoints();

const ARN = 'arn:aws:rds:eu-central-1:111122223333:db:gitlab-db';
const INSTANCE = `<DBInstanceIdentifier>gitlab-db</DBInstanceIdentifier><DBInstanceArn>${ARN}</DBInstanceArn>
  <DBInstanceStatus>available</DBInstanceStatus><Engine>postgres</Engine><EngineVersion>17.4</EngineVersion>
  <BackupRetentionPeriod>30</BackupRetentionPeriod><PreferredBackupWindow>04:00-04:30</PreferredBackupWindow>
  <PreferredMaintenanceWindow>sun:05:00-sun:05:30</PreferredMaintenanceWindow><AllocatedStorage>500</AllocatedStorage>
  <LatestRestorableTime>2026-11-21T02:55:00Z</LatestRestorableTime><KmsKeyId>arn:aws:kms:k</KmsKeyId>`;
const CLUSTER = `<DBClusterIdentifier>aurora</DBClusterIdentifier><DBClusterArn>arn:aws:rds:c</DBClusterArn>
  <Status>available</Status><Engine>aurora-postgresql</Engine><EngineVersion>17.4</EngineVersion>
  <BackupRetentionPeriod>7</BackupRetentionPeriod><PreferredBackupWindow>01:00-01:30</PreferredBackupWindow>
  <LatestRestorableTime>2026-11-21T02:59:00Z</LatestRestorableTime>`;

const answerInstance = (xml: string): void =>
  query().answer('DescribeDBInstances', () => ({
    xml: `<DBInstances><DBInstance>${xml}</DBInstance></DBInstances>`,
  }));
const answerPending = (details = ''): void =>
  query().answer('DescribePendingMaintenanceActions', () => ({
    xml: `<PendingMaintenanceActions><ResourcePendingMaintenanceActions><PendingMaintenanceActionDetails>${details}</PendingMaintenanceActionDetails></ResourcePendingMaintenanceActions></PendingMaintenanceActions>`,
  }));
const pending = (action: string, date = ''): string =>
  `<PendingMaintenanceAction><Action>${action}</Action>${date && `<CurrentApplyDate>${date}</CurrentApplyDate>`}</PendingMaintenanceAction>`;

const describeIt = (identifier = 'gitlab-db') => openDatabases(newRegion()).describe(identifier);

describe('a database of RDS', () => {
  it('is read with its windows, and how far back it goes', async () => {
    answerInstance(INSTANCE);
    answerPending();
    expect(await describeIt()).toEqual({
      kind: 'instance',
      identifier: 'gitlab-db',
      arn: ARN,
      status: 'available',
      engine: 'postgres',
      engineVersion: '17.4',
      retentionDays: 30,
      backupWindow: '04:00-04:30',
      maintenanceWindow: 'sun:05:00-sun:05:30',
      latestRestorableTime: '2026-11-21T02:55:00.000Z',
      allocatedGib: 500,
      kmsKey: 'arn:aws:kms:k',
      pending: [],
    });
    expect(query().calls.at(-1)?.get('ResourceIdentifier')).toBe(ARN);
  });

  it('has no window of backups where they are off, although RDS names one', async () => {
    answerInstance(
      INSTANCE.replace('<BackupRetentionPeriod>30</', '<BackupRetentionPeriod>0</').replace(
        /<LatestRestorableTime>.*<\/LatestRestorableTime>/,
        '',
      ),
    );
    const found = await describeIt();
    expect(found).toMatchObject({ retentionDays: 0 });
    expect(found).not.toHaveProperty('backupWindow');
    expect(found).not.toHaveProperty('latestRestorableTime');
  });

  it.each([
    ['nothing that waits for a person', pending('system-update'), '', []],
    [
      'what has a date',
      `${pending('system-update', '2026-11-22T05:00:00Z')}${pending('db-upgrade')}`,
      '',
      [{ action: 'system-update', appliesAt: '2026-11-22T05:00:00.000Z' }],
    ],
    [
      'a change that waits for its window',
      '',
      '<PendingModifiedValues><DBInstanceClass>db.m7g.large</DBInstanceClass></PendingModifiedValues>',
      [{ action: 'change of DBInstanceClass' }],
    ],
    [
      'no new password, which is set at once',
      '',
      '<PendingModifiedValues><MasterUserPassword>****</MasterUserPassword></PendingModifiedValues>',
      [],
    ],
  ])('will see %s', async (_, actions, values, expected) => {
    answerInstance(`${INSTANCE}${values}`);
    answerPending(actions);
    expect((await describeIt())?.pending).toEqual(expected);
  });

  it('that is part of a cluster stands for the cluster', async () => {
    answerPending();
    answerInstance(
      `${INSTANCE}<DBClusterIdentifier>aurora</DBClusterIdentifier>`.replace('available', 'backing-up'),
    );
    query().answer('DescribeDBClusters', (parameters) =>
      parameters.get('DBClusterIdentifier') === 'aurora'
        ? { xml: `<DBClusters><DBCluster>${CLUSTER}</DBCluster></DBClusters>` }
        : { error: 'DBClusterNotFoundFault', status: 404 },
    );
    expect(await describeIt()).toMatchObject({
      kind: 'cluster',
      identifier: 'aurora',
      status: 'available',
      retentionDays: 7,
    });
  });

  it('is looked for among clusters when there is no instance, and may be neither', async () => {
    answerPending();
    query().answer('DescribeDBInstances', () => ({ error: 'DBInstanceNotFound', status: 404 }));
    query().answer('DescribeDBClusters', () => ({
      xml: `<DBClusters><DBCluster>${CLUSTER}</DBCluster></DBClusters>`,
    }));
    expect(await describeIt('aurora')).toMatchObject({ kind: 'cluster', identifier: 'aurora' });
    query().answer('DescribeDBClusters', () => ({ error: 'DBClusterNotFoundFault', status: 404 }));
    expect(await describeIt('gone')).toBeUndefined();
  });

  it('that may not be looked at names the right', async () => {
    answerInstance(INSTANCE);
    query().answer('DescribePendingMaintenanceActions', () => ({ error: 'AccessDenied', status: 403 }));
    await expect(describeIt()).rejects.toMatchObject({
      code: 'rds.forbidden',
      permission: 'rds:DescribePendingMaintenanceActions',
    });
  });
});

describe('a snapshot', () => {
  const CLUSTER_SNAPSHOT = (of: string) => `<DBClusterSnapshotIdentifier>s-1</DBClusterSnapshotIdentifier>
    <DBClusterIdentifier>${of}</DBClusterIdentifier><DBClusterSnapshotArn>arn:s</DBClusterSnapshotArn>
    <Status>creating</Status><PercentProgress>42</PercentProgress>`;
  const aurora = { kind: 'cluster', identifier: 'aurora' } as const;

  it('of a cluster is made of the cluster, with its tags', async () => {
    query().answer('CreateDBClusterSnapshot', () => ({
      xml: `<DBClusterSnapshot>${CLUSTER_SNAPSHOT('aurora')}</DBClusterSnapshot>`,
    }));
    const made = await openDatabases(newRegion()).createSnapshot(aurora, 's-1', { 'drydock:set': 'a' });
    expect(made).toEqual({ id: 's-1', arn: 'arn:s', status: 'creating', percent: 42 });
    const call = query().calls.at(-1);
    expect(call?.get('Tags.Tag.1.Key')).toBe('drydock:set');
    expect(call?.get('DBClusterIdentifier')).toBe('aurora');
  });

  it.each([
    ['of this cluster is taken', 'aurora', { percent: 42 }],
    ['of another is refused', 'another', { code: 'rds.snapshot-taken' }],
  ])('that is there already and %s', async (_, of, expected) => {
    query().answer('CreateDBClusterSnapshot', () => ({ error: 'DBClusterSnapshotAlreadyExistsFault' }));
    query().answer('DescribeDBClusterSnapshots', () => ({
      xml: `<DBClusterSnapshots><DBClusterSnapshot>${CLUSTER_SNAPSHOT(of)}</DBClusterSnapshot></DBClusterSnapshots>`,
    }));
    const outcome = await openDatabases(newRegion())
      .createSnapshot(aurora, 's-1', {})
      .catch((error: unknown) => error);
    expect(outcome).toMatchObject(expected);
  });

  it.each([
    ['of the database', 'gitlab-db', true],
    ['of the instance that a restore has kept beside it', 'gitlab-db-before-0123456789', true],
    ['of another database', 'gitlab-db-test', false],
    ['of an instance that a restore made', 'gitlab-db-restore-0123456789', false],
  ])('%s is found: %s, %s', async (_, of, isFound) => {
    query().answer('DescribeDBSnapshots', () => ({
      xml: `<DBSnapshots><DBSnapshot><DBSnapshotIdentifier>s-1</DBSnapshotIdentifier><DBSnapshotArn>arn:s</DBSnapshotArn>
        <DBInstanceIdentifier>${of}</DBInstanceIdentifier><Status>available</Status></DBSnapshot></DBSnapshots>`,
    }));
    const database = { kind: 'instance', identifier: 'gitlab-db' } as const;
    const found = await openDatabases(newRegion()).findSnapshot(database, 's-1');
    expect(found?.arn).toBe(isFound ? 'arn:s' : undefined);
  });

  it.each([
    ['CreateDBSnapshot', 'InvalidDBInstanceState', 'instance'],
    ['CreateDBClusterSnapshot', 'InvalidDBClusterStateFault', 'cluster'],
  ] as const)('that RDS makes only later passes: %s', async (action, error, kind) => {
    query().answer(action, () => ({ error }));
    const made = openDatabases(newRegion()).createSnapshot({ kind, identifier: 'gitlab-db' }, 's-1', {});
    await expect(made).rejects.toMatchObject({ name: 'TransientError', code: 'rds.busy' });
  });

  it('that is refused for another cause is not looked for', async () => {
    query().answer('CreateDBSnapshot', () => ({ error: 'SnapshotQuotaExceeded' }));
    const made = openDatabases(newRegion()).createSnapshot(
      { kind: 'instance', identifier: 'gitlab-db' },
      's-1',
      {},
    );
    await expect(made).rejects.toMatchObject({ code: 'rds.refused' });
  });
});
