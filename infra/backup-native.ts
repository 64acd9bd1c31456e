import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as restoreNative from '../functions/backup/restore-native.contract.ts';
import { RESTORE_PREFIX } from '../functions/records/backup/restore.ts';
import { LOCK_PREFIX } from '../functions/records/lock.ts';
import type { LedgerRights } from './backup-ledger-rights.ts';
import { grantNativeLooks, grantNativeRestore } from './backup-native-rights.ts';
import type { RestoreRoles } from './backup-restore-rights.ts';
import type { BackupSubject } from './backup-subjects.ts';
import { prepareFunctions } from './capability-functions.ts';
import { makeLambdaRole } from './constructs/node-lambda.ts';
import type { SiteResources } from './site-resources.ts';

/**
 * Looks at databases and slices of objects, all of them looks of a restore as well: a database that RDS makes for a day
 * takes some 150, and objects are set back for a quarter of an hour each.
 */
export const MAX_NATIVE_LOOKS = 200;

/** The Lambda that changes databases and versions for a restore, under a role of its own, and what a plan looks at for it. */
export const makeNativeRestore = (
  scope: Construct,
  resources: SiteResources,
  backups: readonly BackupSubject[],
  { rights, roles }: { readonly rights: LedgerRights; readonly roles: Pick<RestoreRoles, 'plan' | 'begin'> },
) => {
  const { ledger, site } = resources;
  const role = makeLambdaRole(scope, 'NativeRole');
  rights.readControls(role);
  ledger.grantRead(role, LOCK_PREFIX);
  ledger.grantReadWrite(role, RESTORE_PREFIX);
  grantNativeRestore(role, backups, site);
  for (const one of [roles.plan, roles.begin]) grantNativeLooks(one, backups, site);
  const { records, make } = prepareFunctions(scope, 'backup', resources);
  return make('restore-native', restoreNative, records, {
    description: 'Has RDS make and rename databases, and takes objects back to their versions of a moment',
    timeout: Duration.minutes(15),
    role,
  });
};
