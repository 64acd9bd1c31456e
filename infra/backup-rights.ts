import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SNAPSHOT_PREFIX } from '../functions/records/backup/snapshot-prefix.ts';
import {
  grantBucketFitness,
  grantDeleteSnapshots,
  grantDescribeDatabase,
  grantDescribeKeys,
  grantFindClusters,
  grantListGitaly,
  grantListSources,
  grantMakeSnapshots,
  grantReadMetrics,
  grantRecoveryPoints,
  grantSimulate,
  grantVersionFacts,
} from './backup-fact-rights.ts';
import type { LedgerRights } from './backup-ledger-rights.ts';
import { vaultRoleName } from './backup-roles.ts';
import {
  grantArchives,
  grantCopies,
  grantKeyByS3,
  grantSealing,
  grantSecrets,
} from './backup-storage-rights.ts';
import { listBackups } from './backup-subjects.ts';
import { makeLambdaRole } from './constructs/node-lambda.ts';
import type { SiteResources } from './site-resources.ts';

export type BackupRoles = Readonly<
  Record<'cluster' | 'secrets' | 'preflight' | 'marks' | 'verify' | 'copy' | 'delete', Role>
>;

/**
 * The roles of the backup capability that reach out of the ledger, one for each kind of thing that may be done. Those
 * that a vault of another account has to know have names of ours.
 */
export const makeBackupRoles = (
  scope: Construct,
  resources: SiteResources,
  ledger: LedgerRights,
): BackupRoles => {
  const backups = listBackups(resources);
  const { account, name: site } = resources.site;
  const sources = backups.map(({ settings }) => ({ settings, account }));

  /** Starts and watches the Job. Whatever it may do in a cluster, the Role there says. */
  const cluster = makeLambdaRole(scope, 'ClusterRole');
  grantFindClusters(cluster, backups);

  /** Reads the Secrets of a GitLab by name, and seals them; it does nothing else. */
  const secrets = makeLambdaRole(scope, 'SecretsRole', vaultRoleName(site, 'secrets'));
  grantFindClusters(secrets, backups);

  /** Looks whether a backup can begin. */
  const preflight = makeLambdaRole(scope, 'PreflightRole', vaultRoleName(site, 'preflight'));
  grantFindClusters(preflight, backups);
  grantDescribeDatabase(preflight, backups);
  grantSimulate(
    preflight,
    backups.map(({ settings }) => settings.role),
  );
  grantDescribeKeys(preflight);
  grantReadMetrics(preflight);

  /** Marks the points to which other services can go back. */
  const marks = makeLambdaRole(scope, 'MarksRole');
  grantDescribeDatabase(marks, backups);
  grantMakeSnapshots(marks, backups, SNAPSHOT_PREFIX);
  grantRecoveryPoints(marks, backups);
  grantReadMetrics(marks);

  /** Reads archives, and looks whether buckets hold anything. */
  const verify = makeLambdaRole(scope, 'VerifyRole', vaultRoleName(site, 'verify'));
  /** Copies archives into another region. */
  const copy = makeLambdaRole(scope, 'CopyRole', vaultRoleName(site, 'copy'));
  /** Deletes versions whose lock has ended. */
  const remove = makeLambdaRole(scope, 'DeleteRole', vaultRoleName(site, 'delete'));
  grantDeleteSnapshots(remove, backups, SNAPSHOT_PREFIX);

  for (const source of sources) {
    grantBucketFitness(preflight, source);
    grantVersionFacts(marks, source);
    grantListGitaly(marks, source);
    grantListSources(verify, source);
  }
  for (const backup of backups) {
    const { archives } = backup.location;
    grantSecrets(secrets, backup, 'secrets');
    grantSealing(secrets, backup);
    grantArchives(preflight, backup, 'preflight');
    grantArchives(verify, backup, 'verify');
    grantKeyByS3(verify, archives, ['kms:Decrypt']);
    grantArchives(remove, backup, 'delete');
    grantCopies(remove, backup, 'delete');
    if (!backup.location.copy) continue;
    grantArchives(copy, backup, 'copy');
    grantKeyByS3(copy, archives, ['kms:Decrypt']);
    grantCopies(copy, backup, 'copy');
    grantKeyByS3(copy, backup.location.copy, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }
  const roles = { cluster, secrets, preflight, marks, verify, copy, delete: remove };
  grantLedger(roles, ledger);
  return roles;
};

const grantLedger = (roles: BackupRoles, ledger: LedgerRights): void => {
  const { cluster, secrets, preflight, marks, verify, copy } = roles;
  for (const role of [cluster, secrets, preflight, marks, verify, copy]) ledger.changeRuns(role);
  for (const role of [cluster, secrets, marks, verify, copy]) ledger.changeSets(role);
  ledger.readSets(preflight);
  ledger.readControls(preflight);
  ledger.takeLocks(cluster);
  ledger.readControls(cluster);
  ledger.writeLogs(cluster);
  ledger.changeSets(roles.delete);
  ledger.changePlans(roles.delete);
  ledger.takeLocks(roles.delete);
  ledger.readControls(roles.delete);
};
