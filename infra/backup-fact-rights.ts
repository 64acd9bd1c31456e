import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { partitionOf } from '../functions/records/partition.ts';
import { type BackupSubject, listBackupClusters } from './backup-subjects.ts';
import { acknowledgeWildcard } from './constructs/compliance.ts';

/** What roles may ask AWS about: clusters, buckets of GitLab, its database, its backup role, AWS Backup. */

/** By what leads back to what was in a bucket. Source: S3 API, the calls of functions/clients/bucket-facts. */
const VERSIONS = ['s3:GetBucketVersioning', 's3:GetLifecycleConfiguration', 's3:GetReplicationConfiguration'];
/** What a backup and the restore behind it meet in a bucket. */
const FITNESS = ['s3:GetBucketVersioning', 's3:GetEncryptionConfiguration'];

/** Where to find a cluster, for whoever talks to it. */
export const grantFindClusters = (role: Role, backups: readonly BackupSubject[]): void => {
  const resources = listBackupClusters(backups).map((cluster) =>
    Stack.of(role).formatArn({ service: 'eks', resource: 'cluster', resourceName: cluster }),
  );
  if (resources.length > 0)
    role.addToPolicy(new PolicyStatement({ actions: ['eks:DescribeCluster'], resources }));
};

/** Whether the buckets of a GitLab hold anything; where nobody named them, any of the account. */
export const grantListSources = (role: Role, { settings, account }: Sources): void =>
  allowOnBuckets(role, ['s3:ListBucket'], settings.sourceBuckets, account);

/** How buckets of a GitLab keep what was in them. */
export const grantVersionFacts = (role: Role, { settings, account }: Sources): void =>
  allowOnBuckets(role, [...VERSIONS, 's3:ListBucket'], settings.sourceBuckets, account);

/** Under which keys the buckets of a GitLab are. */
export const grantSourceKeys = (role: Role, { settings, account }: Sources): void =>
  allowOnBuckets(role, ['s3:GetEncryptionConfiguration', 's3:ListBucket'], settings.sourceBuckets, account);

/** Whether the buckets of a GitLab, and those that its tool uses beside them, are fit for a backup. */
export const grantBucketFitness = (role: Role, { settings, account }: Sources): void => {
  const { sourceBuckets, tmpBucket, gitaly } = settings;
  const names = [...new Set([...sourceBuckets, tmpBucket, ...(gitaly ? [gitaly.bucket] : [])])];
  allowOnBuckets(role, [...FITNESS, 's3:ListBucket'], names, account);
};

/** What Gitaly wrote by itself, by its names alone. */
export const grantListGitaly = (role: Role, { settings: { gitaly }, account }: Sources): void => {
  if (gitaly) allowOnBuckets(role, ['s3:ListBucket'], [gitaly.bucket], account);
};

export interface Sources {
  readonly settings: BackupSubject['settings'];
  /** Of the site, in which GitLab's own buckets lie. */
  readonly account: string;
}

/** @param names of buckets, or `<bucket>/*` for what lies in them. */
export const allowOnBuckets = (
  role: Role,
  actions: readonly string[],
  names: readonly string[],
  account: string,
): void => {
  const resources = names.map((name) => bucketArn(role, name));
  role.addToPolicy(
    new PolicyStatement({
      actions: [...actions],
      resources,
      conditions: { StringEquals: { 'aws:ResourceAccount': account } },
    }),
  );
  for (const resource of resources.filter((one) => one.includes('*'))) {
    acknowledgeWildcard(role, resource, SOURCES_REASON);
  }
};

const bucketArn = (role: Role, name: string): string =>
  `arn:${partitionOf(Stack.of(role).region)}:s3:::${name}`;

/** Sizes and replicas, as CloudWatch counts them; it knows no resources for that. */
export const grantReadMetrics = (role: Role): void => {
  role.addToPolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
};

/** Which key an alias means; nothing is encrypted or decrypted. */
export const grantDescribeKeys = (role: Role): void => {
  const resource = Stack.of(role).formatArn({ service: 'kms', resource: 'key', resourceName: '*' });
  role.addToPolicy(new PolicyStatement({ actions: ['kms:DescribeKey'], resources: [resource] }));
  acknowledgeWildcard(role, resource, 'Which key encrypts a bucket, only the bucket knows.');
};

/** What the role of GitLab's tool may do, asked and not tried. */
export const grantSimulate = (role: Role, roles: readonly string[]): void => {
  role.addToPolicy(
    new PolicyStatement({ actions: ['iam:SimulatePrincipalPolicy'], resources: [...new Set(roles)] }),
  );
};

/** How databases stand. An identifier may be that of a cluster, or of an instance in one. */
export const grantDescribeDatabase = (role: Role, backups: readonly BackupSubject[]): void => {
  const resources = databaseArns(role, backups);
  if (resources.length === 0) return;
  role.addToPolicy(
    new PolicyStatement({
      actions: ['rds:DescribeDBClusters', 'rds:DescribeDBInstances', 'rds:DescribePendingMaintenanceActions'],
      resources,
    }),
  );
  acknowledgeClusters(role, resources);
};

/** Snapshots of databases with a native policy: made and looked at, never deleted or shared. */
export const grantMakeSnapshots = (role: Role, backups: readonly BackupSubject[], prefix: string): void => {
  const native = backups.filter(({ settings }) =>
    Object.values(settings.policies).some(({ kind }) => kind === 'native'),
  );
  const databases = databaseArns(role, native);
  if (databases.length === 0) return;
  const [instances, clusters] = snapshotArns(role, prefix);
  const allow = (action: string, resources: readonly string[]) =>
    role.addToPolicy(new PolicyStatement({ actions: [action], resources: [...resources] }));
  const [cluster = '', ...names] = databases.toReversed();
  allow('rds:AddTagsToResource', [instances, clusters]);
  allow('rds:CreateDBSnapshot', [...names, instances]);
  allow('rds:CreateDBClusterSnapshot', [cluster, clusters]);
  allow('rds:DescribeDBSnapshots', [...names, instances]);
  allow('rds:DescribeDBClusterSnapshots', [cluster, clusters]);
  acknowledgeClusters(role, databases);
};

/** Snapshots of sets whose time is over, and no other. */
export const grantDeleteSnapshots = (role: Role, backups: readonly BackupSubject[], prefix: string): void => {
  if (backups.every(({ settings }) => settings.database === undefined)) return;
  const [instances, clusters] = snapshotArns(role, prefix);
  role.addToPolicy(new PolicyStatement({ actions: ['rds:DeleteDBSnapshot'], resources: [instances] }));
  role.addToPolicy(new PolicyStatement({ actions: ['rds:DeleteDBClusterSnapshot'], resources: [clusters] }));
};

/** Of instances, and of clusters. */
const snapshotArns = (role: Role, prefix: string): readonly [string, string] => {
  const arns = [rdsArn(role, `snapshot:${prefix}*`), rdsArn(role, `cluster-snapshot:${prefix}*`)] as const;
  for (const one of arns) acknowledgeWildcard(role, one, 'A snapshot is named after its set.');
  return arns;
};

const databaseArns = (role: Role, backups: readonly BackupSubject[]): string[] => {
  const names = new Set(backups.flatMap(({ settings }) => settings.database?.instance ?? []));
  return names.size === 0
    ? []
    : [...[...names].map((name) => rdsArn(role, `db:${name}`)), rdsArn(role, 'cluster:*')];
};

const rdsArn = (role: Role, resource: string): string => {
  const { region, account } = Stack.of(role);
  return `arn:${partitionOf(region)}:rds:${region}:${account}:${resource}`;
};

const acknowledgeClusters = (role: Role, resources: readonly string[]): void => {
  for (const one of resources.filter((resource) => resource.endsWith('*'))) {
    acknowledgeWildcard(role, one, 'Which cluster an instance of Aurora belongs to, only RDS knows.');
  }
};

/** The newest recovery points of what is named, and no other vault. */
export const grantRecoveryPoints = (role: Role, backups: readonly BackupSubject[]): void => {
  const points = backups.flatMap(({ settings }) => settings.recoveryPoints);
  const vaults = new Set(points.map(({ vault }) => vault));
  const resources = [...vaults].map((vault) =>
    Stack.of(role).formatArn({ service: 'backup', resource: `backup-vault:${vault}` }),
  );
  if (resources.length === 0) return;
  role.addToPolicy(new PolicyStatement({ actions: ['backup:ListRecoveryPointsByBackupVault'], resources }));
};

const SOURCES_REASON =
  'The buckets of a GitLab stand in its values, which are read when it is backed up; sourceBuckets in drydock.yaml ' +
  'narrows them, and other accounts stay closed.';
