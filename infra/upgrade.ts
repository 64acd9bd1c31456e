import { fileURLToPath } from 'node:url';
import { CfnOutput, Duration, TimeZone } from 'aws-cdk-lib';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { UPGRADE_GROUP } from '../functions/records/cluster-group.ts';
import type { Upgrade as UpgradeSettings } from '../functions/records/configuration/upgrade.ts';
import { MAX_CLUSTERS, MAX_COLLECTION_PARTS } from '../functions/records/upgrade/limits.ts';
import { addAccessEntries } from './constructs/access-entries.ts';
import { AslStateMachine } from './constructs/asl-state-machine.ts';
import { handleFailures } from './constructs/failure-handler.ts';
import { machineReference } from './constructs/machine-reference.ts';
import { DeadLetterQueue } from './constructs/work-queue.ts';
import { Refusal } from './refusal.ts';
import { listClusters, type SiteResources } from './site-resources.ts';
import { makeCheckFunctions } from './upgrade-functions.ts';
import { grantCheckRights, makeReadRole } from './upgrade-rights.ts';
import { grantEndUpgrade, UpgradeRun } from './upgrade-run.ts';

/** A check that could not be started this long after its time is made up for by the next day's. */
const MAX_START_DELAY = Duration.hours(6);

/** The upgrade capability of a site: the daily check with a child execution a cluster, and the failure handler. */
export class Upgrade extends Construct {
  constructor(scope: Construct, id: string, resources: SiteResources, settings: UpgradeSettings) {
    super(scope, id);
    const clusters = listClusters(resources).length;
    if (clusters > MAX_CLUSTERS) {
      throw new Refusal(
        `The site ${resources.site.name} has ${clusters} clusters, and one check takes ${MAX_CLUSTERS}; split it into two sites.`,
      );
    }
    const readRole = makeReadRole(this, resources);
    const functions = makeCheckFunctions(this, resources, readRole);
    grantCheckRights(resources, functions);

    this.makeMachine('cluster-check', 'ClusterCheckMachine', {
      functions: {
        CollectFacts: functions.collectFacts,
        JudgeCluster: functions.judgeCluster,
        TellReport: functions.tellReport,
        TellUnchecked: functions.tellUnchecked,
      },
      loops: { CollectFacts: MAX_COLLECTION_PARTS },
    });
    const check = this.makeMachine('upgrade-check', 'CheckMachine', {
      functions: { PlanChecks: functions.planChecks },
      machines: { ClusterCheck: machineReference(this, 'cluster-check') },
      loops: { CheckClusters: MAX_CLUSTERS },
    });
    this.addSchedule(check, settings);
    // The stop button is watched by the deployment capability where there is one.
    const watched = [
      'upgrade-check',
      'cluster-check',
      'upgrade',
      ...(resources.configuration.deployment ? [] : ['control']),
    ];
    handleFailures(
      this,
      functions.handleFailure,
      watched.map((machine) => machineReference(this, machine)),
    );
    addAccessEntries(this, listClusters(resources), readRole, UPGRADE_GROUP);
    const carryingOut = new UpgradeRun(this, 'Run', resources);
    grantEndUpgrade(resources, functions.handleFailure.role);
    this.output('MachineArn', carryingOut.machine.reference.arn);
    this.output('PlanRoleArn', carryingOut.planRole.roleArn);
    this.output('AdvanceRoleArn', carryingOut.advanceRole.roleArn);
    this.output('ReadRoleArn', readRole.roleArn);
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value }).overrideLogicalId(`Upgrade${name}`);
  }

  private makeMachine(name: string, id: string, given: Omit<Given, 'name' | 'file'>): AslStateMachine {
    const file = fileURLToPath(new URL(`../state-machines/${name}.asl.json`, import.meta.url));
    const machine = new AslStateMachine(this, id, { name, file, ...given });
    this.output(`${id}Arn`, machine.reference.arn);
    return machine;
  }

  private addSchedule({ stateMachine }: AslStateMachine, { check }: UpgradeSettings): void {
    const [hour = '', minute = ''] = check.at.split(':');
    new Schedule(this, 'CheckSchedule', {
      description: 'Checks every cluster against its next version',
      schedule: ScheduleExpression.cron({
        hour: String(Number(hour)),
        minute: String(Number(minute)),
        timeZone: TimeZone.of(check.timeZone),
      }),
      target: new StepFunctionsStartExecution(stateMachine, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: new DeadLetterQueue(this, 'ChecksNotStarted').queue,
        maxEventAge: MAX_START_DELAY,
        retryAttempts: 10,
      }),
    });
  }
}

type Given = ConstructorParameters<typeof AslStateMachine>[2];
