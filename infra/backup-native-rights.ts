import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { patternBeside, RESTORE_TAG } from '../functions/records/backup/instance-names.ts';
import { SNAPSHOT_PREFIX } from '../functions/records/backup/snapshot-prefix.ts';
import { partitionOf } from '../functions/records/partition.ts';
import { allowOnBuckets, grantListGitaly } from './backup-fact-rights.ts';
import { grantKeyByS3 } from './backup-storage-rights.ts';
import type { BackupSubject } from './backup-subjects.ts';
import { acknowledgeWildcard } from './constructs/compliance.ts';
import type { SiteResources } from './site-resources.ts';

/** What a restore of native sets may do with databases and versions of objects. */

type Site = SiteResources['site'];

/** Environments that have native sets. */
export const listNative = (backups: readonly BackupSubject[]): BackupSubject[] =>
  backups.filter(({ settings }) => Object.values(settings.policies).some(({ kind }) => kind === 'native'));

/** How database and buckets stand, for whoever plans. */
export const grantNativeLooks = (role: Role, backups: readonly BackupSubject[], site: Site): void => {
  for (const { settings } of listNative(backups)) {
    const sources = { settings, account: site.account };
    const looks = ['s3:GetBucketVersioning', 's3:GetLifecycleConfiguration', 's3:ListBucketVersions'];
    allowOnBuckets(role, looks, settings.sourceBuckets, site.account);
    grantListGitaly(role, sources);
    const databases = listInstances({ settings }).flatMap((one) => Object.values(arnsBeside(role, one)));
    if (databases.length === 0) continue;
    const snapshots = rdsArn(role, `snapshot:${SNAPSHOT_PREFIX}*`);
    allow(
      role,
      ['rds:DescribeDBInstances', 'rds:DescribeDBClusters'],
      [...databases, rdsArn(role, 'cluster:*')],
    );
    allow(role, ['rds:DescribeDBSnapshots'], [...databases, snapshots]);
    allow(role, ['rds:DescribePendingMaintenanceActions'], databases);
    acknowledgeWildcard(
      role,
      rdsArn(role, 'cluster:*'),
      'Which cluster an instance belongs to, only RDS knows.',
    );
    acknowledgeWildcard(role, snapshots, SNAPSHOT_REASON);
  }
};

/**
 * Making an instance beside the one that GitLab uses, and changing the names of these two; putting versions of objects back,
 * and delete markers over what was made since. Nothing of it ends a snapshot or a version, nor an instance but those that
 * drills have made in a scratch place, and that is denied on top, whatever is granted later.
 */
export const grantNativeRestore = (role: Role, backups: readonly BackupSubject[], site: Site): void => {
  const native = listNative(backups);
  for (const backup of native) {
    grantInstances(role, backup);
    grantVersions(role, backup, site);
  }
  const temporary = native.flatMap((backup) => grantRemoval(role, backup));
  role.addToPolicy(
    new PolicyStatement({
      sid: 'DeleteNoOtherInstance',
      effect: Effect.DENY,
      actions: ['rds:DeleteDBInstance'],
      ...(temporary.length === 0 ? { resources: ['*'] } : { notResources: temporary }),
    }),
  );
  const actions = [
    'rds:DeleteDBSnapshot',
    'rds:DeleteDBInstanceAutomatedBackup',
    's3:DeleteObjectVersion',
    's3:DeleteBucket',
    's3:PutLifecycleConfiguration',
    's3:PutBucketVersioning',
  ];
  role.addToPolicy(
    new PolicyStatement({ sid: 'DestroyNothing', effect: Effect.DENY, actions, resources: ['*'] }),
  );
};

/** What a drill has had made in the scratch place goes with the drill: by its name, and by its tag. */
const grantRemoval = (role: Role, { settings }: BackupSubject): string[] => {
  const instance = settings.restore.scratch?.database?.instance;
  if (instance === undefined) return [];
  const made = rdsArn(role, `db:${patternBeside(instance, 'restore')}`);
  role.addToPolicy(
    new PolicyStatement({
      actions: ['rds:DeleteDBInstance'],
      resources: [made],
      conditions: { StringLike: { [`aws:ResourceTag/${RESTORE_TAG}`]: '*' } },
    }),
  );
  return [made];
};

/** Beside an instance, RDS asks for the rights on what it is made with: groups of subnets, parameters and options. */
const grantInstances = (role: Role, backup: BackupSubject): void => {
  const sets = listInstances(backup).map((instance) => arnsBeside(role, instance));
  const databases = sets.flatMap(({ main, interim, kept }) => [main, interim, kept]);
  if (databases.length === 0) return;
  const mains = sets.map(({ main }) => main);
  const interims = sets.map(({ interim }) => interim);
  const snapshots = rdsArn(role, `snapshot:${SNAPSHOT_PREFIX}*`);
  const groups = ['subgrp:*', 'pg:*', 'og:*'].map((one) => rdsArn(role, one));
  const automated = rdsArn(role, 'auto-backup:*');
  allow(role, ['rds:DescribeDBInstances', 'rds:ModifyDBInstance'], [...databases, ...groups]);
  allow(role, ['rds:RestoreDBInstanceFromDBSnapshot'], [...interims, snapshots, ...groups]);
  allow(role, ['rds:RestoreDBInstanceToPointInTime'], [...mains, ...interims, automated, ...groups]);
  allow(role, ['rds:AddTagsToResource'], interims);
  acknowledgeWildcard(role, snapshots, SNAPSHOT_REASON);
  for (const one of [...groups, automated]) acknowledgeWildcard(role, one, GROUPS_REASON);
  const { region, account } = Stack.of(role);
  const keys = `arn:${partitionOf(region)}:kms:${region}:${account}:key/*`;
  const via = { StringEquals: { 'kms:ViaService': `rds.${region}.amazonaws.com` } };
  role.addToPolicy(new PolicyStatement({ actions: ['kms:DescribeKey'], resources: [keys], conditions: via }));
  const grants = { ...via, Bool: { 'kms:GrantIsForAWSResource': true } };
  role.addToPolicy(
    new PolicyStatement({ actions: ['kms:CreateGrant'], resources: [keys], conditions: grants }),
  );
  acknowledgeWildcard(role, keys, 'Which key encrypts a database, only RDS knows.');
};

/** Stands for every bucket of the account: nobody gets to write into each of them. */
const ANY = '*';

const grantVersions = (
  role: Role,
  { settings, location }: BackupSubject,
  { account, region }: Site,
): void => {
  const sources = settings.sourceBuckets.filter((name) => name !== ANY);
  if (sources.length === 0) return;
  allowOnBuckets(role, ['s3:ListBucketVersions'], sources, account);
  const reads = ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectVersionTagging'];
  const writes = ['s3:PutObject', 's3:PutObjectTagging', 's3:DeleteObject', 's3:AbortMultipartUpload'];
  allowOnBuckets(
    role,
    [...reads, ...writes],
    sources.map((name) => `${name}/*`),
    account,
  );
  const copies = settings.restore.scratch?.buckets ?? [];
  if (copies.length > 0) {
    const into = ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload'];
    allowOnBuckets(
      role,
      into,
      copies.map((name) => `${name}/*`),
      account,
    );
  }
  grantKeyByS3(role, { account, region }, ['kms:Decrypt', 'kms:GenerateDataKey']);
  const { archives, secrets, copy } = location;
  const resources = [archives, secrets, ...(copy ? [copy] : [])].flatMap(({ arn }) => [arn, `${arn}/*`]);
  role.addToPolicy(
    new PolicyStatement({ sid: 'KeepBackups', effect: Effect.DENY, actions: ['s3:*'], resources }),
  );
};

/** Of the GitLab that people use, and of its scratch place; none where drydock.yaml names none. */
const listInstances = ({ settings }: Pick<BackupSubject, 'settings'>): string[] =>
  [settings.database, settings.restore.scratch?.database].flatMap((one) => one?.instance ?? []);

/** The one that GitLab uses, the new one beside it, and the one of before. */
const arnsBeside = (role: Role, instance: string) => {
  const [interim, kept] = (['restore', 'before'] as const).map((word) =>
    rdsArn(role, `db:${patternBeside(instance, word)}`),
  );
  const arns = { main: rdsArn(role, `db:${instance}`), interim: interim ?? '', kept: kept ?? '' };
  for (const one of [arns.interim, arns.kept])
    acknowledgeWildcard(role, one, 'An instance of a restore is named after its run.');
  return arns;
};

const rdsArn = (role: Role, resource: string): string => {
  const { region, account } = Stack.of(role);
  return `arn:${partitionOf(region)}:rds:${region}:${account}:${resource}`;
};

const allow = (role: Role, actions: readonly string[], resources: readonly string[]): void =>
  void role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));

const SNAPSHOT_REASON = 'A snapshot is named after its set.';
const GROUPS_REASON = 'A new instance gets the groups that the old one has, which only RDS knows.';
