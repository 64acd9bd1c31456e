import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DRILL_PREFIX } from '../functions/records/backup/drill.ts';
import { RESTORE_PREFIX } from '../functions/records/backup/restore.ts';
import {
  RESTORE_EXTENSION_PREFIX,
  RESTORE_INSPECTION_PREFIX,
} from '../functions/records/backup/restore-limits.ts';
import { RESTORE_APPROVAL_PREFIX, RESTORE_PLAN_PREFIX } from '../functions/records/backup/restore-plan.ts';
import { BACKUP_LOG_PREFIX, BACKUP_RUN_PREFIX } from '../functions/records/backup/run.ts';
import { LOCK_PREFIX } from '../functions/records/lock.ts';
import { partitionOf } from '../functions/records/partition.ts';
import { grantDescribeKeys, grantSimulate, grantSourceKeys } from './backup-fact-rights.ts';
import type { LedgerRights } from './backup-ledger-rights.ts';
import { vaultRoleName } from './backup-roles.ts';
import { grantArchives, grantKeyByS3, grantReplacedSecrets, grantSealing } from './backup-storage-rights.ts';
import { type BackupSubject, listBackups } from './backup-subjects.ts';
import { acknowledgeWildcard } from './constructs/compliance.ts';
import { machineReference } from './constructs/machine-reference.ts';
import { makeLambdaRole } from './constructs/node-lambda.ts';
import { grantReadSecrets } from './constructs/secret-rights.ts';
import type { SiteResources } from './site-resources.ts';

/** What the steps of a restore may do, each role for one kind of thing. */

export type RestoreRoles = Readonly<Record<'plan' | 'begin' | 'advance' | 'secrets' | 'objects', Role>>;

/**
 * The roles of a restore that reach out of the ledger. None of them reads, writes or deletes an archive: the tool
 * fetches it under its own role.
 */
export const makeRestoreRoles = (
  scope: Construct,
  resources: SiteResources,
  rights: LedgerRights,
): RestoreRoles => {
  const { ledger, site } = resources;
  const backups = listBackups(resources);
  const toolRoles = backups.flatMap(({ settings: { role, restore } }) => [
    role,
    restore.scratch?.role ?? role,
  ]);

  /** Looks at a place, and changes nothing: a plan needs no approval. */
  const plan = makeLambdaRole(scope, 'PlanRole');
  ledger.grantRead(plan, RESTORE_PREFIX);
  ledger.grantReadWrite(plan, RESTORE_PLAN_PREFIX);

  /** Looks once more, and takes the place; in the cluster it changes as little. */
  const begin = makeLambdaRole(scope, 'BeginRole');
  ledger.grantRead(begin, RESTORE_PLAN_PREFIX, RESTORE_APPROVAL_PREFIX, BACKUP_RUN_PREFIX);
  ledger.grantReadWrite(begin, RESTORE_PREFIX);
  rights.takeLocks(begin);

  for (const role of [plan, begin]) {
    grantFindPlaces(role, backups);
    grantSimulate(role, toolRoles);
    grantDescribeKeys(role);
    rights.readSets(role);
    rights.readControls(role);
    ledger.grantRead(role, RESTORE_INSPECTION_PREFIX, RESTORE_EXTENSION_PREFIX, DRILL_PREFIX);
  }

  /**
   * Scales, suspends and starts Jobs, as far as the Role in the cluster lets it, and starts the safety backup. That the
   * archive is still there it sees by a list.
   */
  const advance = makeLambdaRole(scope, 'AdvanceRole', vaultRoleName(site.name, 'advance'));
  grantFindPlaces(advance, backups);
  machineReference(scope, 'backup').grantStart(advance);
  machineReference(scope, 'backup').grantDescribe(advance);
  rights.readSets(advance);
  rights.readControls(advance);
  rights.takeLocks(advance);
  ledger.grantRead(advance, BACKUP_RUN_PREFIX);
  grantReadSecrets(advance, listGitLabSecrets(resources, backups));
  ledger.grantReadWrite(advance, RESTORE_PREFIX, RESTORE_EXTENSION_PREFIX, `${BACKUP_LOG_PREFIX}restores/`);

  /** Opens the secrets of a set, and writes them into the cluster; it does nothing else. */
  const secrets = makeLambdaRole(scope, 'SecretsRole', vaultRoleName(site.name, 'restore'));
  grantFindPlaces(secrets, backups);
  rights.readSets(secrets);
  rights.readControls(secrets);
  ledger.grantRead(secrets, LOCK_PREFIX);
  ledger.grantReadWrite(secrets, RESTORE_PREFIX);

  /** Copies back what the tool had put away. */
  const objects = makeLambdaRole(scope, 'ObjectsRole');
  rights.readControls(objects);
  ledger.grantRead(objects, LOCK_PREFIX);
  ledger.grantReadWrite(objects, RESTORE_PREFIX);

  for (const backup of backups) {
    grantArchives(advance, backup, 'advance');
    grantReplacedSecrets(secrets, backup);
    grantSealing(secrets, backup);
    for (const role of [plan, begin]) {
      grantSourceKeys(role, { settings: backup.settings, account: site.account });
    }
    grantPutBack(objects, backup, site);
  }
  denyVaults(objects, backups);
  return { plan, begin, advance, secrets, objects };
};

/** Tokens by which a GitLab is looked at once it was restored. */
const listGitLabSecrets = (
  { configuration }: Pick<SiteResources, 'configuration'>,
  backups: readonly BackupSubject[],
): string[] => [
  ...new Set(
    backups.flatMap(
      ({ environment }) => configuration.environments[environment]?.gitlab?.token?.secret ?? [],
    ),
  ),
];

/** The clusters that hold a place: those of the environments, and of their scratches. */
export const listPlaceClusters = (backups: readonly BackupSubject[]): string[] => [
  ...new Set(
    backups.flatMap(({ cluster, settings }) => [cluster, settings.restore.scratch?.cluster ?? cluster]),
  ),
];

/** Where to find them. */
export const grantFindPlaces = (role: Role, backups: readonly BackupSubject[]): void => {
  const resources = listPlaceClusters(backups).map((cluster) =>
    Stack.of(role).formatArn({ service: 'eks', resource: 'cluster', resourceName: cluster }),
  );
  if (resources.length > 0) {
    role.addToPolicy(new PolicyStatement({ actions: ['eks:DescribeCluster'], resources }));
  }
};

/** Stands for every bucket of the account. */
const ANY = '*';

/** Environments whose objects nothing of ours can put back, since nobody named their buckets. */
export const listUnnamedSources = (backups: readonly BackupSubject[]): string[] =>
  backups
    .filter(({ settings }) => settings.sourceBuckets.includes(ANY))
    .map(({ environment }) => environment);

/** Reading what lies in the tmp bucket, and writing it where it was. Nobody gets to write into every bucket. */
const grantPutBack = (
  role: Role,
  { settings }: BackupSubject,
  { account, region }: SiteResources['site'],
): void => {
  const arn = (name: string): string => `arn:${partitionOf(Stack.of(role).region)}:s3:::${name}`;
  const sources = settings.sourceBuckets.filter((name) => name !== ANY).map(arn);
  if (sources.length === 0) return;
  const tmp = arn(settings.tmpBucket);
  const allow = (actions: readonly string[], on: readonly string[]): void => {
    const conditions = { StringEquals: { 'aws:ResourceAccount': account } };
    role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [...on], conditions }));
    for (const one of on.filter((each) => each.includes('*'))) acknowledgeWildcard(role, one, OBJECTS_REASON);
  };
  // Which keys they are under, only the buckets know.
  grantKeyByS3(role, { account, region }, ['kms:Decrypt', 'kms:GenerateDataKey']);
  allow(['s3:ListBucket'], [tmp]);
  allow(['s3:GetObject'], [`${tmp}/*`]);
  allow(
    WRITE,
    sources.map((one) => `${one}/*`),
  );
};

/** A large object is copied in parts. Nothing is deleted. */
const WRITE = ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'];

/** A pattern of buckets may cover those of the backups themselves. */
const denyVaults = (role: Role, backups: readonly BackupSubject[]): void => {
  const buckets = backups.flatMap(({ location: { archives, secrets, copy } }) => [
    archives.arn,
    secrets.arn,
    ...(copy ? [copy.arn] : []),
  ]);
  const resources = [...new Set(buckets)].flatMap((arn) => [arn, `${arn}/*`]);
  if (resources.length === 0) return;
  role.addToPolicy(
    new PolicyStatement({ sid: 'KeepBackups', effect: Effect.DENY, actions: ['s3:*'], resources }),
  );
};

const OBJECTS_REASON =
  'Which objects a restore replaces is known when it has; the buckets are those that drydock.yaml names.';

/** What the steps that stay in the ledger may do there. */
export const grantRestoreLedger = (
  { ledger }: SiteResources,
  rights: LedgerRights,
  roles: Readonly<Record<'request' | 'approve' | 'ask' | 'choose' | 'finish', Role>>,
): void => {
  const { request, approve, ask, choose, finish } = roles;
  ledger.grantRead(request, RESTORE_PLAN_PREFIX);
  ledger.grantRead(approve, RESTORE_PLAN_PREFIX);
  ledger.grantReadWrite(approve, RESTORE_APPROVAL_PREFIX);
  ledger.grantRead(ask, RESTORE_PREFIX);
  ledger.grantRead(finish, RESTORE_PLAN_PREFIX);
  for (const role of [choose, finish]) {
    ledger.grantReadWrite(role, RESTORE_PREFIX);
    rights.takeLocks(role);
  }
  for (const role of [request, ask, finish]) rights.tell(role);
};

/** What whoever hears that an execution of a restore died needs beside: another one brings it to rest. */
export const grantCarryOn = (role: Role, { ledger }: SiteResources): void => {
  ledger.grantReadWrite(role, RESTORE_PREFIX);
  ledger.grantRead(role, RESTORE_PLAN_PREFIX);
  machineReference(role, 'restore').grantStart(role);
};
