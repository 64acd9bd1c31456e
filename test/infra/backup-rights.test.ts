import { describe, expect, test } from 'vitest';
import {
  makeBackupConfiguration,
  OPENS_A_LOCK,
  SITE_ACCOUNT,
  TOOL_ROLE,
  VAULT_ACCOUNT,
} from './support/backup-stacks.ts';
import { conditionsOf, rightsOf, synthesise } from './support/stacks.ts';

const RDS = `arn:aws:rds:eu-central-1:${SITE_ACCOUNT}`;
const NATIVE = {
  database: { instance: 'gitlab' },
  gitaly: { bucket: 'gitaly' },
  recoveryPoints: [{ vault: 'main', resource: `arn:aws:ec2:eu-central-1:${SITE_ACCOUNT}:volume/vol-1` }],
  policies: { daily: { kind: 'native', schedule: 'cron(0 3 * * ? *)' } },
};
const FULL = { ...NATIVE, copy: { bucket: 'copies', region: 'eu-west-1' }, sourceBuckets: ['gitlab-*'] };
const small = synthesise(makeBackupConfiguration()).template;
const full = synthesise(makeBackupConfiguration(FULL)).template;

/** Logs, traces and the key of the ledger are the same for every Lambda. */
const isOwn = (right: string): boolean =>
  !/^(logs|xray):| on SiteKey$/.test(right) && right !== 's3:ListBucket on LedgerBucket';
const own = (role: string, of = full): string[] => rightsOf(of, role).filter(isOwn);
/** What a role may do out of the ledger. */
const outside = (role: string, of = full): string[] =>
  own(role, of).filter((right) => !right.includes(' on LedgerBucket/'));
const on = (resource: string, ...actions: readonly string[]) =>
  actions.map((action) => `${action} on ${resource}`);

const CLUSTER = on(`arn:aws:eks:eu-central-1:${SITE_ACCOUNT}:cluster/blue`, 'eks:DescribeCluster');
const keys = (region = 'eu-central-1', account = VAULT_ACCOUNT) => `arn:aws:kms:${region}:${account}:key/*`;
const LIST = ['s3:GetBucketLocation', 's3:ListBucket'];
const READ = [
  's3:GetObject',
  's3:GetObjectAttributes',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectVersion',
  's3:GetObjectVersionAttributes',
];
const KEPT = ['s3:GetObjectLegalHold', 's3:GetObjectRetention'];
const DATABASE = (action: string) => [...on(`${RDS}:cluster:*`, action), ...on(`${RDS}:db:gitlab`, action)];

describe('out of the ledger', () => {
  test.each<[string, readonly string[]]>([
    ['ClusterRole', CLUSTER],
    [
      'SecretsRole',
      [
        ...CLUSTER,
        ...on(keys(), 'kms:Decrypt', 'kms:GenerateDataKey'),
        ...on('arn:aws:s3:::secrets', ...LIST),
        ...on('arn:aws:s3:::secrets/production/*', 's3:GetObject', 's3:PutObject'),
      ],
    ],
    [
      'VerifyRole',
      [
        ...on(keys(), 'kms:Decrypt'),
        ...on('arn:aws:s3:::archives', ...LIST),
        ...on('arn:aws:s3:::archives/*', ...READ),
        ...on('arn:aws:s3:::gitlab-*', 's3:ListBucket'),
      ],
    ],
    [
      'CopyRole',
      [
        ...on(keys(), 'kms:Decrypt'),
        ...on(keys('eu-west-1'), 'kms:Decrypt', 'kms:GenerateDataKey'),
        ...on('arn:aws:s3:::archives', ...LIST),
        ...on('arn:aws:s3:::archives/*', ...READ),
        ...on('arn:aws:s3:::copies', ...LIST, 's3:ListBucketMultipartUploads'),
        ...on(
          'arn:aws:s3:::copies/*',
          ...READ,
          's3:AbortMultipartUpload',
          's3:ListMultipartUploadParts',
          's3:PutObject',
        ),
      ],
    ],
    [
      'DeleteRole',
      [
        ...on(`${RDS}:cluster-snapshot:drydock-*`, 'rds:DeleteDBClusterSnapshot'),
        ...on(`${RDS}:snapshot:drydock-*`, 'rds:DeleteDBSnapshot'),
        ...['archives', 'copies'].flatMap((bucket) => [
          ...on(`arn:aws:s3:::${bucket}`, ...LIST, 's3:ListBucketVersions'),
          ...on(`arn:aws:s3:::${bucket}/*`, 's3:DeleteObjectVersion', ...KEPT),
        ]),
      ],
    ],
  ])('%s has exactly its rights', (role, rights) => {
    expect(outside(`Backup${role}`)).toEqual(rights.toSorted());
  });

  test('preflight asks of the tool’s role, and is none that can change anything', () => {
    const rights = outside('BackupPreflightRole');
    expect(rights.filter((right) => right.startsWith('iam:'))).toEqual([
      `iam:SimulatePrincipalPolicy on ${TOOL_ROLE}`,
    ]);
    expect(rights.filter((right) => !/:(Get|List|Describe|Simulate)/.test(right))).toEqual([]);
  });

  test('marks make and look at snapshots of the one database, and delete or share none', () => {
    expect(outside('BackupMarksRole')).toEqual(
      [
        'cloudwatch:GetMetricData on *',
        's3:ListBucket on arn:aws:s3:::gitaly',
        ...on(
          'arn:aws:s3:::gitlab-*',
          's3:GetBucketVersioning',
          's3:GetLifecycleConfiguration',
          's3:GetReplicationConfiguration',
          's3:ListBucket',
        ),
        `backup:ListRecoveryPointsByBackupVault on arn:aws:backup:eu-central-1:${SITE_ACCOUNT}:backup-vault:main`,
        ...on(
          `${RDS}:snapshot:drydock-*`,
          'rds:AddTagsToResource',
          'rds:CreateDBSnapshot',
          'rds:DescribeDBSnapshots',
        ),
        ...on(`${RDS}:db:gitlab`, 'rds:CreateDBSnapshot', 'rds:DescribeDBSnapshots'),
        ...on(
          `${RDS}:cluster-snapshot:drydock-*`,
          'rds:AddTagsToResource',
          'rds:CreateDBClusterSnapshot',
          'rds:DescribeDBClusterSnapshots',
        ),
        ...on(`${RDS}:cluster:*`, 'rds:CreateDBClusterSnapshot', 'rds:DescribeDBClusterSnapshots'),
        ...DATABASE('rds:DescribeDBClusters'),
        ...DATABASE('rds:DescribeDBInstances'),
        ...DATABASE('rds:DescribePendingMaintenanceActions'),
      ].toSorted(),
    );
  });

  test('without a database, a native policy or a copy nobody has the rights for them', () => {
    const everything = Object.keys(small.findResources('AWS::IAM::Role')).flatMap((role) =>
      rightsOf(small, role),
    );
    expect(everything.filter((right) => /^(rds|backup):|copies|gitaly/.test(right))).toEqual([]);
    expect(outside('BackupCopyRole', small)).toEqual([]);
  });
});

/** Every role of the site and what it may do, once each. */
const all = Object.keys(full.findResources('AWS::IAM::Role')).map(
  (role) => [role, rightsOf(full, role)] as const,
);
const holders = (isMeant: (right: string) => boolean): string[] =>
  all.filter(([, rights]) => rights.some(isMeant)).map(([role]) => role.replace(/[0-9A-F]{8}$/, ''));

describe('no role', () => {
  test('can open, shorten or switch off a lock', () => {
    const touching = (right: string) => OPENS_A_LOCK.some((action) => right.startsWith(`${action} `));
    expect(holders(touching)).toEqual([]);
    expect(holders((right) => /^s3:(\*|Put\*|Bypass|Put[A-Za-z]+\*)/.test(right))).toEqual([]);
  });

  test('but two read the secrets of a GitLab, and they do nothing else', () => {
    expect(holders((right) => right.includes(':::secrets/'))).toEqual([
      'BackupSecretsRole',
      'BackupRestoreSecretsRole',
    ]);
    for (const role of ['BackupSecretsRole', 'BackupRestoreSecretsRole']) {
      expect(outside(role).filter((right) => /archives|copies|rds:|iam:|states:/.test(right))).toEqual([]);
    }
  });

  test.each([
    ['deletes an archive or a copy', 's3:DeleteObjectVersion', 'BackupDeleteRole'],
    ['writes a copy', 's3:PutObject on arn:aws:s3:::copies/', 'BackupCopyRole'],
    ['writes the log of a backup', 's3:PutObject on LedgerBucket/backup/logs/*', 'BackupClusterRole'],
    ['deletes a snapshot', 'rds:DeleteDBSnapshot', 'BackupDeleteRole'],
    ['makes a snapshot', 'rds:CreateDBSnapshot', 'BackupMarksRole'],
    ['writes the age of backups', 'cloudwatch:PutMetricData', 'BackupFreshnessJudgeFreshnessRole'],
  ])('but one %s', (_, beginning, role) => {
    expect(holders((right) => right.startsWith(beginning))).toEqual([role]);
  });

  test('writes an archive', () => {
    expect(holders((right) => right.startsWith('s3:PutObject on arn:aws:s3:::archives'))).toEqual([]);
  });

  test('takes anything of sets out of the ledger but what gates go by', () => {
    const removed = all.flatMap(([, rights]) =>
      rights.filter((right) => right.startsWith('s3:DeleteObject on LedgerBucket/backup/')),
    );
    expect([...new Set(removed)]).toEqual(['s3:DeleteObject on LedgerBucket/backup/verified/*']);
  });
});

describe('in the ledger', () => {
  test('whoever stops for a pause reads that there is one', () => {
    const pauses = 's3:GetObject on LedgerBucket/controls/*';
    const stopping = ['BackupClusterRole', 'BackupPreflightRole', 'BackupDeleteRole'];
    const reading = holders((right) => right === pauses);
    expect(stopping.filter((role) => !reading.includes(role))).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['BackupClusterRole', /sets|environments|verified|runs|logs|locks/],
    ['BackupSecretsRole', /sets|environments|verified|runs|restore-inspections/],
    ['BackupPreflightRole', /runs/],
    ['BackupMarksRole', /sets|environments|verified|runs/],
    ['BackupVerifyRole', /sets|environments|verified|runs/],
    ['BackupCopyRole', /sets|environments|verified|runs/],
    ['BackupDeleteRole', /sets|environments|verified|upkeep|locks/],
    ['BackupPlanUpkeepRole', /sets|environments|verified|upkeep|messages/],
    ['BackupTellUpkeepRole', /environments|messages/],
    ['BackupFinishBackupRole', /sets|environments|verified|runs|locks|messages/],
    ['BackupHandleFailureRole', /sets|environments|verified|runs|restores|locks|messages/],
    ['BackupFreshnessJudgeFreshnessRole', /environments|messages/],
  ])('%s writes %s and nothing else', (role, prefixes) => {
    const written = own(role).flatMap(
      (right) => /^s3:PutObject on LedgerBucket\/(?:backup\/)?([\w-]+)/.exec(right)?.[1] ?? [],
    );
    expect(written.toSorted()).toEqual(prefixes.source.split('|').toSorted());
  });
});

describe('a condition binds', () => {
  const alias = (name: string) => ({ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': name } });
  const local = synthesise(makeBackupConfiguration(), 'local').template;

  test.each([
    [
      'the key of archives to S3, under its alias',
      'BackupVerifyRole',
      'kms:Decrypt',
      {
        StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' },
        ...alias('alias/drydock-vault-production'),
      },
    ],
    [
      'the key of copies to S3 of their region',
      'BackupCopyRole',
      'kms:GenerateDataKey',
      {
        StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' },
        ...alias('alias/drydock-vault-production-copy'),
      },
    ],
    [
      'the key of secrets to this environment',
      'BackupSecretsRole',
      'kms:GenerateDataKey',
      { StringEquals: { 'kms:EncryptionContext:environment': 'production' }, ...alias('alias/secrets') },
    ],
    [
      'metrics to one namespace',
      'BackupFreshnessJudgeFreshnessRole',
      'cloudwatch:PutMetricData',
      { StringEquals: { 'cloudwatch:namespace': 'Drydock/Backup' } },
    ],
    [
      'the buckets of GitLab to the account of the site',
      'BackupVerifyRole',
      's3:ListBucket',
      { StringEquals: { 'aws:ResourceAccount': SITE_ACCOUNT } },
    ],
  ])('%s', (_, role, action, condition) => {
    expect(conditionsOf(full, role, action)).toEqual([condition]);
  });

  test('that the local world does not know is left out there, and none on AWS', () => {
    expect(conditionsOf(local, 'BackupSecretsRole', 'kms:GenerateDataKey')).toEqual([]);
    expect(conditionsOf(local, 'BackupFreshnessJudgeFreshnessRole', 'cloudwatch:PutMetricData')).toEqual([]);
    expect(conditionsOf(local, 'BackupVerifyRole', 's3:ListBucket')).toHaveLength(1);
  });

  test('a key that is named by its ARN needs no alias', () => {
    const kmsKey = `arn:aws:kms:eu-central-1:${VAULT_ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;
    const { template } = synthesise(makeBackupConfiguration({ destination: { bucket: 'archives', kmsKey } }));
    expect(outside('BackupVerifyRole', template)).toContain(`kms:Decrypt on ${kmsKey}`);
    expect(JSON.stringify(conditionsOf(template, 'BackupVerifyRole', 'kms:Decrypt'))).not.toContain(
      'Aliases',
    );
  });
});
