import { fileURLToPath } from 'node:url';
import { Annotations, CfnOutput, Duration, TimeZone } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import {
  MAX_JOB_LOOKS,
  MAX_MARK_LOOKS,
  MAX_PROBE_LOOKS,
  MAX_START_ASKS,
  MAX_TURN_ASKS,
} from '../functions/records/backup/run-limits.ts';
import { MAX_COPY_SLICES, MAX_VERIFY_SLICES } from '../functions/records/backup/slices.ts';
import { DUE_PAGE, MAX_DELETION_CALLS, MAX_DUE_PAGES } from '../functions/records/backup/upkeep.ts';
import {
  BACKUP_GROUP,
  BACKUP_PREFLIGHT_GROUP,
  BACKUP_SECRETS_GROUP,
} from '../functions/records/cluster-group.ts';
import { addDrillAlarms, addFreshnessAlarms } from './backup-alarms.ts';
import { BackupDrill } from './backup-drill.ts';
import { grantDestroyLeft } from './backup-drill-rights.ts';
import { type BackupFunctions, makeBackupFunctions } from './backup-functions.ts';
import { type LedgerRights, prepareLedgerRights } from './backup-ledger-rights.ts';
import { BackupRestore } from './backup-restore.ts';
import { grantCarryOn } from './backup-restore-rights.ts';
import { type BackupRoles, makeBackupRoles } from './backup-rights.ts';
import {
  type BackupSubject,
  type DrillSubject,
  listBackupClusters,
  listBackups,
  listDrills,
} from './backup-subjects.ts';
import { FreshnessLook, makeUpkeepFunctions } from './backup-upkeep.ts';
import { addAccessEntries } from './constructs/access-entries.ts';
import { AslStateMachine } from './constructs/asl-state-machine.ts';
import { handleFailures } from './constructs/failure-handler.ts';
import { machineReference } from './constructs/machine-reference.ts';
import { DeadLetterQueue } from './constructs/work-queue.ts';
import { Refusal } from './refusal.ts';
import type { SiteResources } from './site-resources.ts';

/** A backup that could not be started this long after its time is late enough for its freshness to tell. */
const MAX_START_DELAY = Duration.hours(2);
/** The upkeep of a night that could not be started so long after its time is made up for by the next one. */
const MAX_UPKEEP_DELAY = Duration.hours(6);
/** Environments whose buckets and keys fit into the policy of a role: IAM takes 10,240 characters ("IAM quotas"). */
const MAX_BACKUPS = 10;

/** Hour of the day, UTC, at which upkeep begins: before most people work, behind most backups. */
const UPKEEP_HOUR = '4';

/** The backup capability of a site: its machines, the schedule of each policy and drill, the look at freshness, its alarms. */
export class Backup extends Construct {
  /** Of the age of backups and drills; what else is watched, `Alarms` finds by what it is. */
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, resources: SiteResources) {
    super(scope, id);
    const backups = listBackups(resources);
    if (backups.length > MAX_BACKUPS) {
      throw new Refusal(
        `The site ${resources.site.name} backs up ${backups.length} environments, and the roles of one site hold the rights for ${MAX_BACKUPS}; split it into two sites.`,
      );
    }
    const ledger = prepareLedgerRights(resources);
    const roles = makeBackupRoles(this, resources, ledger);
    const functions = makeBackupFunctions(this, resources, roles);
    this.grantEnd(functions, ledger);
    const backup = this.makeRunMachines(functions);
    const upkeep = this.makeUpkeepMachine(makeUpkeepFunctions(this, resources, roles, ledger));
    for (const subject of backups) this.addSchedules(backup, subject);
    this.warnOfOwnAccount(backups, resources.site.account);
    this.addUpkeepSchedule(upkeep);
    new FreshnessLook(this, 'Freshness', resources, ledger);
    const drills = listDrills(backups);
    this.alarms = [
      ...addFreshnessAlarms(this, resources, backups),
      ...addDrillAlarms(this, resources, drills),
    ];
    this.addFailureHandler(functions, resources, drills.length > 0);
    this.addAccess(roles, listBackupClusters(backups));
    this.addRestore(resources, ledger, roles);
    grantCarryOn(functions.handleFailure.role, resources);
    if (drills.length === 0) return;
    this.addDrill(resources, drills, ledger, roles);
    grantDestroyLeft(functions.handleFailure.role, resources);
  }

  /** Whoever takes an account over takes what lies in it: archives belong into another one. */
  private warnOfOwnAccount(backups: readonly BackupSubject[], account: string): void {
    for (const { environment, location } of backups) {
      if (location.archives.account !== account) continue;
      Annotations.of(this).addWarningV2(
        `drydock:destination-account-${environment}`,
        `The archives of ${environment} lie in the account of its site, ${account}: what destroys GitLab there can reach ` +
          `them too. Name another one in backup.environments.${environment}.destination.account.`,
      );
    }
  }

  /** Ending a run: by its last step, or by whoever hears that it died. */
  private grantEnd({ finishBackup, handleFailure }: BackupFunctions, ledger: LedgerRights): void {
    for (const { role } of [finishBackup, handleFailure]) {
      ledger.changeSets(role);
      ledger.changeRuns(role);
      ledger.takeLocks(role);
      ledger.tell(role);
    }
  }

  private makeRunMachines(functions: BackupFunctions): AslStateMachine {
    this.makeMachine('backup-verification', 'VerificationMachine', {
      functions: { VerifySet: functions.verifySet, SetMarks: functions.setMarks },
      loops: { VerifySet: MAX_VERIFY_SLICES + MAX_MARK_LOOKS.again },
    });
    return this.makeMachine('backup', 'Machine', {
      functions: {
        BeginBackup: functions.beginBackup,
        ReadRelease: functions.readRelease,
        ProbeAccess: functions.probeAccess,
        CheckPreflight: functions.checkPreflight,
        SetMarks: functions.setMarks,
        StartBackupJob: functions.startBackupJob,
        WatchBackupJob: functions.watchBackupJob,
        ExportSecrets: functions.exportSecrets,
        CopySet: functions.copySet,
        FinishBackup: functions.finishBackup,
      },
      machines: { BackupVerification: machineReference(this, 'backup-verification') },
      loops: {
        BeginBackup: MAX_TURN_ASKS,
        ProbeAccess: MAX_PROBE_LOOKS,
        SetMarks: MAX_MARK_LOOKS['before-job'],
        MarkRepositories: MAX_MARK_LOOKS['after-job'],
        StartBackupJob: MAX_START_ASKS,
        WatchBackupJob: MAX_JOB_LOOKS,
        CopySet: MAX_COPY_SLICES,
      },
    });
  }

  private makeUpkeepMachine(functions: ReturnType<typeof makeUpkeepFunctions>): AslStateMachine {
    return this.makeMachine('backup-upkeep', 'UpkeepMachine', {
      functions: {
        PlanUpkeep: functions.planUpkeep,
        DeleteSets: functions.deleteSets,
        TellUpkeep: functions.tellUpkeep,
      },
      machines: { BackupVerification: machineReference(this, 'backup-verification') },
      loops: { PlanUpkeep: MAX_DUE_PAGES, VerifySets: DUE_PAGE, DeleteSets: MAX_DELETION_CALLS },
    });
  }

  private makeMachine(name: string, id: string, given: Omit<Given, 'name' | 'file'>): AslStateMachine {
    const file = fileURLToPath(new URL(`../state-machines/${name}.asl.json`, import.meta.url));
    const machine = new AslStateMachine(this, id, { name, file, ...given });
    this.output(`${id}Arn`, machine.reference.arn);
    return machine;
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value }).overrideLogicalId(`Backup${name}`);
  }

  private addSchedules({ stateMachine }: AslStateMachine, { environment, settings }: BackupSubject): void {
    const notStarted = new DeadLetterQueue(this, `NotStarted-${environment}`);
    for (const [policy, { schedule, timeZone }] of Object.entries(settings.policies)) {
      new Schedule(this, `Schedule-${environment}-${policy}`, {
        description: `Backs ${environment} up by its policy ${policy}`,
        schedule: ScheduleExpression.expression(schedule, TimeZone.of(timeZone)),
        target: new StepFunctionsStartExecution(stateMachine, {
          input: ScheduleTargetInput.fromObject({ environment, policy }),
          deadLetterQueue: notStarted.queue,
          maxEventAge: MAX_START_DELAY,
          retryAttempts: 10,
        }),
      });
    }
  }

  private addUpkeepSchedule({ stateMachine }: AslStateMachine): void {
    new Schedule(this, 'UpkeepSchedule', {
      description: 'Reads backups again, and deletes those whose time is over',
      schedule: ScheduleExpression.cron({ hour: UPKEEP_HOUR, minute: '0', timeZone: TimeZone.ETC_UTC }),
      target: new StepFunctionsStartExecution(stateMachine, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: new DeadLetterQueue(this, 'UpkeepNotStarted').queue,
        maxEventAge: MAX_UPKEEP_DELAY,
        retryAttempts: 10,
      }),
    });
  }

  private addFailureHandler(
    { handleFailure }: BackupFunctions,
    { configuration }: SiteResources,
    hasDrills: boolean,
  ): void {
    // The stop button is watched by one of the other capabilities where there is one.
    const isAlone = !configuration.deployment && !configuration.upgrade;
    const watched = [
      'backup',
      'backup-verification',
      'backup-upkeep',
      'restore',
      ...(hasDrills ? ['restore-drill'] : []),
      ...(isAlone ? ['control'] : []),
    ];
    handleFailures(
      this,
      handleFailure,
      watched.map((machine) => machineReference(this, machine)),
    );
  }

  private addAccess(roles: BackupRoles, clusters: readonly string[]): void {
    addAccessEntries(this, clusters, roles.cluster, BACKUP_GROUP);
    addAccessEntries(this, clusters, roles.preflight, BACKUP_PREFLIGHT_GROUP, 'PreflightAccessEntry');
    addAccessEntries(this, clusters, roles.secrets, BACKUP_SECRETS_GROUP, 'SecretsAccessEntry');
    this.outputRoles('', roles);
  }

  private addRestore(resources: SiteResources, rights: LedgerRights, { secrets: reader }: BackupRoles): void {
    const { machine, roles } = new BackupRestore(this, 'Restore', resources, { rights, reader });
    this.output('RestoreMachineArn', machine.reference.arn);
    this.outputRoles('Restore', roles);
  }

  private addDrill(
    resources: SiteResources,
    drills: readonly DrillSubject[],
    rights: LedgerRights,
    { secrets: reader }: BackupRoles,
  ): void {
    const { machine, roles } = new BackupDrill(this, 'Drill', resources, { drills, rights, reader });
    this.output('DrillMachineArn', machine.reference.arn);
    this.outputRoles('Drill', roles);
  }

  private outputRoles(prefix: string, roles: Readonly<Record<string, Role>>): void {
    for (const [name, { roleArn }] of Object.entries(roles)) {
      this.output(`${prefix}${name.replace(/^./, (letter) => letter.toUpperCase())}RoleArn`, roleArn);
    }
  }
}

type Given = ConstructorParameters<typeof AslStateMachine>[2];
