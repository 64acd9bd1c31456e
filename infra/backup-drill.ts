import { fileURLToPath } from 'node:url';
import { Annotations, Duration, TimeZone } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { MAX_DRILL_INSPECTIONS, MAX_DRILL_LOOKS } from '../functions/records/backup/drill-limits.ts';
import { DRILL_GROUP } from '../functions/records/cluster-group.ts';
import { makeDrillFunctions } from './backup-drill-functions.ts';
import { grantDrillLedger, grantInspect, makeAdvanceRole } from './backup-drill-rights.ts';
import type { LedgerRights } from './backup-ledger-rights.ts';
import { type DrillSubject, listDrillClusters } from './backup-subjects.ts';
import { addAccessEntries } from './constructs/access-entries.ts';
import { AslStateMachine } from './constructs/asl-state-machine.ts';
import { DeadLetterQueue } from './constructs/work-queue.ts';
import type { SiteResources } from './site-resources.ts';

/** A drill that could not be started so long after its time is made up for by the next one, or by its alarm. */
const MAX_START_DELAY = Duration.hours(6);

export interface BackupDrillProps {
  readonly drills: readonly DrillSubject[];
  readonly rights: LedgerRights;
  /** Role that reads the Secrets of a GitLab, which is that of its backup; it is let into every place already. */
  readonly reader: Role;
}

/** The machine that rehearses restores, its schedule for each environment, and the one role that changes their places. */
export class BackupDrill extends Construct {
  readonly machine: AslStateMachine;
  readonly roles: Readonly<Record<'advance', Role>>;

  constructor(
    scope: Construct,
    id: string,
    resources: SiteResources,
    { drills, rights, reader }: BackupDrillProps,
  ) {
    super(scope, id);
    const advance = makeAdvanceRole(this, resources, rights, drills);
    this.roles = { advance };
    const functions = makeDrillFunctions(this, resources, { advance, reader });
    grantInspect(reader, resources, drills);
    const { beginDrill: begin, finishDrill: finish } = functions;
    grantDrillLedger(resources, rights, { begin: begin.role, finish: finish.role }, drills);
    this.machine = new AslStateMachine(this, 'Machine', {
      name: 'restore-drill',
      file: fileURLToPath(new URL('../state-machines/restore-drill.asl.json', import.meta.url)),
      functions: {
        BeginDrill: functions.beginDrill,
        InspectDrill: functions.inspectDrill,
        AdvanceDrill: functions.advanceDrill,
        FinishDrill: functions.finishDrill,
      },
      loops: { AdvanceDrill: MAX_DRILL_LOOKS, InspectDrill: MAX_DRILL_INSPECTIONS },
    });
    addAccessEntries(this, listDrillClusters(drills), advance, DRILL_GROUP);
    this.addSchedules(drills);
    for (const drill of drills) this.warnOfClosed(drill);
  }

  private addSchedules(drills: readonly DrillSubject[]): void {
    const { queue } = new DeadLetterQueue(this, 'NotStarted');
    for (const { environment, drill } of drills) {
      new Schedule(this, `Schedule-${environment}`, {
        description: `Rehearses the restore of ${environment}`,
        schedule: ScheduleExpression.expression(drill.schedule, TimeZone.of(drill.timeZone)),
        target: new StepFunctionsStartExecution(this.machine.stateMachine, {
          input: ScheduleTargetInput.fromObject({ environment, scheduled: true }),
          deadLetterQueue: queue,
          maxEventAge: MAX_START_DELAY,
          retryAttempts: 10,
        }),
      });
    }
  }

  /** Servers of the place are allowed by themselves, and S3 is none of them. */
  private warnOfClosed({ environment, drill: { allowed } }: DrillSubject): void {
    if (allowed.length > 0) return;
    Annotations.of(this).addWarningV2(
      `drydock:drill-allowed-${environment}`,
      `backup.environments.${environment}.restore.drill.allowed names no address: behind the closed network S3 can not ` +
        'be reached, so that no drill would get to its restore. Name the addresses of S3 there.',
    );
  }
}
