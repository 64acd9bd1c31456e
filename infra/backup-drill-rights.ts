import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DRILL_PREFIX } from '../functions/records/backup/drill.ts';
import { drillFactPrefix } from '../functions/records/backup/drill-inspection.ts';
import { lastDrillKey } from '../functions/records/backup/last-drill.ts';
import { RESTORE_PREFIX } from '../functions/records/backup/restore.ts';
import { BACKUP_RUN_PREFIX } from '../functions/records/backup/run.ts';
import type { LedgerRights } from './backup-ledger-rights.ts';
import { type DrillSubject, listDrillClusters } from './backup-subjects.ts';
import { machineReference } from './constructs/machine-reference.ts';
import { makeLambdaRole } from './constructs/node-lambda.ts';
import type { SiteResources } from './site-resources.ts';

/** What the steps of a drill may do. None of them reaches an archive, a bucket of GitLab or a key of either. */

/** Closes, wakes and empties the place as far as the Role in its cluster lets it; starts and stops the restore into it. */
export const makeAdvanceRole = (
  scope: Construct,
  { ledger }: SiteResources,
  rights: LedgerRights,
  drills: readonly DrillSubject[],
): Role => {
  const role = makeLambdaRole(scope, 'AdvanceRole');
  const resources = listDrillClusters(drills).map((cluster) =>
    Stack.of(role).formatArn({ service: 'eks', resource: 'cluster', resourceName: cluster }),
  );
  role.addToPolicy(new PolicyStatement({ actions: ['eks:DescribeCluster'], resources }));
  const restore = machineReference(scope, 'restore');
  restore.grantStart(role);
  restore.grantDescribe(role);
  // One that still runs would fill the place again while it is emptied.
  restore.grantStop(role);
  rights.readSets(role);
  rights.readControls(role);
  rights.takeLocks(role);
  ledger.grantRead(role, RESTORE_PREFIX);
  ledger.grantReadWrite(role, DRILL_PREFIX);
  return role;
};

/** What whoever reads Secrets may write beside: what it saw. It neither begins a drill nor changes its record. */
export const grantInspect = (
  reader: Role,
  { ledger }: SiteResources,
  drills: readonly DrillSubject[],
): void => {
  ledger.grantRead(reader, DRILL_PREFIX);
  ledger.grantWrite(reader, ...drills.map(({ environment }) => drillFactPrefix(environment)));
};

/** What the steps that stay in the ledger may do there. */
export const grantDrillLedger = (
  { ledger }: SiteResources,
  rights: LedgerRights,
  { begin, finish }: Readonly<Record<'begin' | 'finish', Role>>,
  drills: readonly DrillSubject[],
): void => {
  rights.readSets(begin);
  rights.readControls(begin);
  ledger.grantRead(begin, BACKUP_RUN_PREFIX);
  for (const role of [begin, finish]) {
    rights.takeLocks(role);
    ledger.grantReadWrite(role, DRILL_PREFIX);
  }
  ledger.grantReadWrite(finish, ...drills.map(({ environment }) => lastDrillKey(environment)));
  rights.tell(finish);
};

/** What whoever hears that an execution of a drill died needs beside: another one destroys what it has left. */
export const grantDestroyLeft = (role: Role, { ledger }: SiteResources): void => {
  ledger.grantReadWrite(role, DRILL_PREFIX);
  machineReference(role, 'restore-drill').grantStart(role);
};
