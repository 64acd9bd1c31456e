import { fileURLToPath } from 'node:url';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { DEPLOYMENT_GROUP } from '../functions/records/cluster-group.ts';
import type { Deployment as DeploymentSettings } from '../functions/records/configuration/deployment.ts';
import { MAX_POLLS } from '../functions/records/configuration/watch.ts';
import { addAccessEntries } from './constructs/access-entries.ts';
import { AslStateMachine } from './constructs/asl-state-machine.ts';
import { acknowledge } from './constructs/compliance.ts';
import { handleFailures } from './constructs/failure-handler.ts';
import { machineReference } from './constructs/machine-reference.ts';
import { WebhookEndpoint } from './constructs/webhook-endpoint.ts';
import { DeadLetterQueue, WorkQueue } from './constructs/work-queue.ts';
import { type DeploymentFunctions, makeDeploymentFunctions } from './deployment-functions.ts';
import { grantDeploymentRights, makeClusterRole } from './deployment-rights.ts';
import { listClusters, type SiteResources } from './site-resources.ts';

/** Seconds; the time limit of the function that reads the queue. */
const CONSUMER_TIMEOUT = Duration.seconds(30);
/** Image events that one call starts executions for; SQS's most without a batching window. */
const BATCH_SIZE = 10;
/** Repositories that one sweep looks at; with more, sites or schedules should be split. */
const MAX_REPOSITORIES = 500;
/** Pages of a plan: each starts what one Lambda can start in its time. */
const MAX_PLAN_PAGES = 50;

const QUEUE_REASON =
  'Lambda has such destinations for streams only; a queue sets aside what failed by itself.';

type Machine = 'deployment' | 'rollout' | 'deployment-sweep' | 'control';

/** The deployment capability of a site: door, queue, three state machines, the schedule and the failure handler. */
export class Deployment extends Construct {
  private readonly resources: SiteResources;
  private readonly functions: DeploymentFunctions;

  constructor(scope: Construct, id: string, resources: SiteResources, settings: DeploymentSettings) {
    super(scope, id);
    this.resources = resources;
    const machines = { deployment: this.reference('deployment'), rollout: this.reference('rollout') };
    const events = new WorkQueue(this, 'Events', { consumerTimeout: CONSUMER_TIMEOUT });
    const clusterRole = makeClusterRole(this, resources);
    this.functions = makeDeploymentFunctions(this, resources, machines, events.queue, clusterRole);
    grantDeploymentRights(resources, this.functions, machines, events.queue);
    this.functions.startDeployment.function.addEventSource(
      new SqsEventSource(events.queue, { batchSize: BATCH_SIZE, reportBatchItemFailures: true }),
    );

    acknowledge(
      this.functions.startDeployment,
      'Serverless-LambdaEventSourceMappingDestination',
      QUEUE_REASON,
    );

    const sweep = this.makeMachines();
    this.addDoor();
    this.addSchedule(sweep, settings);
    this.addFailureHandler();
    addAccessEntries(this, listClusters(resources), clusterRole, DEPLOYMENT_GROUP);
    this.output('EventQueueUrl', events.queue.queueUrl);
    this.output('ClusterRoleArn', clusterRole.roleArn);
  }

  private reference(machine: Machine) {
    return machineReference(this, machine);
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value }).overrideLogicalId(`Deployment${name}`);
  }

  /** @returns the sweep, which the schedule starts. */
  private makeMachines(): AslStateMachine {
    const { functions } = this;
    const make = (name: Machine, id: string, given: Omit<Given, 'name' | 'file'>): AslStateMachine => {
      const file = fileURLToPath(new URL(`../state-machines/${name}.asl.json`, import.meta.url));
      const machine = new AslStateMachine(this, id, { name, file, ...given });
      this.output(`${id}Arn`, machine.reference.arn);
      return machine;
    };
    make('deployment', 'DeploymentMachine', {
      functions: {
        VerifyImage: functions.verifyImage,
        DeferImage: functions.deferImage,
        DecideTargets: functions.decideTargets,
        StartRollouts: functions.startRollouts,
      },
      loops: { StartRollouts: MAX_PLAN_PAGES },
    });
    make('rollout', 'RolloutMachine', {
      functions: {
        ApplyImage: functions.applyImage,
        WatchRollout: functions.watchRollout,
        CollectLogs: functions.collectLogs,
        RollBack: functions.rollBack,
        FinishRollout: functions.finishRollout,
      },
      loops: { WatchRollout: MAX_POLLS, WatchRollback: MAX_POLLS },
    });
    return make('deployment-sweep', 'SweepMachine', {
      functions: {
        PlanSweep: functions.planSweep,
        SweepRepository: functions.sweepRepository,
        RepairRecords: functions.repairRecords,
      },
      loops: { SweepRepositories: MAX_REPOSITORIES },
    });
  }

  private addDoor(): void {
    const { webhook } = this.resources.site;
    if (webhook.exposure === 'none') return;
    const endpoint = new WebhookEndpoint(this, 'Webhook', {
      handler: this.functions.receiveWebhook,
      exposure: webhook,
    });
    this.output('WebhookUrl', endpoint.url);
  }

  private addSchedule({ stateMachine }: AslStateMachine, settings: DeploymentSettings): void {
    new Schedule(this, 'SweepSchedule', {
      description: 'Looks for what webhooks missed',
      schedule: ScheduleExpression.rate(Duration.minutes(settings.sweep.everyMinutes)),
      target: new StepFunctionsStartExecution(stateMachine, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: new DeadLetterQueue(this, 'SweepsNotStarted').queue,
        // A sweep that could not be started is made up for by the next one.
        maxEventAge: Duration.minutes(settings.sweep.everyMinutes),
        retryAttempts: 5,
      }),
    });
  }

  private addFailureHandler(): void {
    const watched: Machine[] = ['deployment', 'rollout', 'deployment-sweep', 'control'];
    handleFailures(
      this,
      this.functions.handleFailure,
      watched.map((machine) => this.reference(machine)),
    );
  }
}

type Given = ConstructorParameters<typeof AslStateMachine>[2];
