import { fileURLToPath } from 'node:url';
import { Annotations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  MAX_CHOICE_ASKS,
  MAX_EXTENSION_LOOKS,
  MAX_RESTORE_LOOKS,
  RESTORE_INSPECTION_PREFIX,
} from '../functions/records/backup/restore-limits.ts';
import {
  BACKUP_SECRETS_GROUP,
  RESTORE_GROUP,
  RESTORE_PLAN_GROUP,
  RESTORE_SECRETS_GROUP,
} from '../functions/records/cluster-group.ts';
import type { LedgerRights } from './backup-ledger-rights.ts';
import { MAX_NATIVE_LOOKS, makeNativeRestore } from './backup-native.ts';
import { makeRestoreFunctions, type RestoreFunctions } from './backup-restore-functions.ts';
import {
  grantFindPlaces,
  grantRestoreLedger,
  listPlaceClusters,
  listUnnamedSources,
  makeRestoreRoles,
  type RestoreRoles,
} from './backup-restore-rights.ts';
import { type BackupSubject, listBackupClusters, listBackups } from './backup-subjects.ts';
import { addAccessEntries } from './constructs/access-entries.ts';
import { AslStateMachine } from './constructs/asl-state-machine.ts';
import type { SiteResources } from './site-resources.ts';

/**
 * Looks at Secrets: those of two steps and their ways back, which wait for pods for some minutes each. All are looks of
 * `MAX_RESTORE_LOOKS` as well.
 */
const MAX_SECRET_LOOKS = 300;
/** Calls that copy objects for a quarter of an hour each: two days of them. */
const MAX_OBJECT_SLICES = 200;
/** One page and what comes of it. */
const ASKING_STATES = ['AskForChoice', 'AcceptChoice', 'WasChoiceMade', 'CountAsk', 'ShouldItAskAgain'];

/** The machine that restores a GitLab, with a role for each kind of thing that it does. */
export class BackupRestore extends Construct {
  readonly machine: AslStateMachine;
  readonly roles: RestoreRoles;

  /** @param reader role that reads the Secrets of a GitLab, which is that of its backup. */
  constructor(
    scope: Construct,
    id: string,
    resources: SiteResources,
    { rights, reader }: { readonly rights: LedgerRights; readonly reader: Role },
  ) {
    super(scope, id);
    const backups = listBackups(resources);
    this.roles = makeRestoreRoles(this, resources, rights);
    const functions = makeRestoreFunctions(this, resources, this.roles, reader);
    resources.ledger.grantReadWrite(reader, RESTORE_INSPECTION_PREFIX);
    grantFindPlaces(reader, backups);
    grantRestoreLedger(resources, rights, {
      request: functions.requestRestoreApproval.role,
      approve: functions.acceptRestoreApproval.role,
      ask: functions.askRestoreChoice.role,
      choose: functions.acceptRestoreChoice.role,
      finish: functions.finishRestore.role,
    });
    const native = makeNativeRestore(this, resources, backups, { rights, roles: this.roles });
    this.machine = this.makeMachine(functions, native);
    this.addAccess(backups, reader);
    this.warnOfSources(backups);
  }

  private makeMachine(
    functions: RestoreFunctions,
    native: ReturnType<typeof makeNativeRestore>,
  ): AslStateMachine {
    return new AslStateMachine(this, 'Machine', {
      name: 'restore',
      file: fileURLToPath(new URL('../state-machines/restore.asl.json', import.meta.url)),
      functions: {
        InspectRestore: functions.inspectRestore,
        PlanRestore: functions.planRestore,
        ProbeExtensions: functions.probeExtensions,
        RequestRestoreApproval: functions.requestRestoreApproval,
        AcceptRestoreApproval: functions.acceptRestoreApproval,
        BeginRestore: functions.beginRestore,
        AdvanceRestore: functions.advanceRestore,
        WriteRestoreSecrets: functions.writeRestoreSecrets,
        PutBackObjects: functions.putBackObjects,
        RestoreNative: native,
        AskRestoreChoice: functions.askRestoreChoice,
        AcceptRestoreChoice: functions.acceptRestoreChoice,
        FinishRestore: functions.finishRestore,
      },
      loops: {
        PlanRestore: 2,
        ProbeExtensions: MAX_EXTENSION_LOOKS,
        AdvanceRestore: MAX_RESTORE_LOOKS,
        WriteSecrets: MAX_SECRET_LOOKS,
        PutBackObjects: MAX_OBJECT_SLICES,
        RestoreNative: MAX_NATIVE_LOOKS,
        ...Object.fromEntries(ASKING_STATES.map((state) => [state, MAX_CHOICE_ASKS])),
      },
    });
  }

  private addAccess(backups: readonly BackupSubject[], reader: Role): void {
    const clusters = listPlaceClusters(backups);
    const { plan, begin, advance, secrets } = this.roles;
    addAccessEntries(this, clusters, plan, RESTORE_PLAN_GROUP, 'PlanAccessEntry');
    addAccessEntries(this, clusters, begin, RESTORE_PLAN_GROUP, 'BeginAccessEntry');
    addAccessEntries(this, clusters, advance, RESTORE_GROUP, 'AdvanceAccessEntry');
    addAccessEntries(this, clusters, secrets, RESTORE_SECRETS_GROUP, 'SecretsAccessEntry');
    // It has an entry in the clusters of backups already.
    const own = new Set(listBackupClusters(backups));
    const others = clusters.filter((cluster) => !own.has(cluster));
    addAccessEntries(this, others, reader, BACKUP_SECRETS_GROUP, 'ReaderAccessEntry');
  }

  private warnOfSources(backups: readonly BackupSubject[]): void {
    for (const environment of listUnnamedSources(backups)) {
      Annotations.of(this).addWarningV2(
        `drydock:source-buckets-${environment}`,
        `backup.environments.${environment}.sourceBuckets names no bucket: after a restore that failed, nothing can put ` +
          'its objects back, since no role may write into every bucket of an account.',
      );
    }
  }
}
