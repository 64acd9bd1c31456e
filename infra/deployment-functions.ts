import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import * as applyImage from '../functions/deployment/apply-image.contract.ts';
import * as collectLogs from '../functions/deployment/collect-logs.contract.ts';
import * as decideTargets from '../functions/deployment/decide-targets.contract.ts';
import * as deferImage from '../functions/deployment/defer-image.contract.ts';
import * as finishRollout from '../functions/deployment/finish-rollout.contract.ts';
import * as handleFailure from '../functions/deployment/handle-failure.contract.ts';
import * as planSweep from '../functions/deployment/plan-sweep.contract.ts';
import * as receiveWebhook from '../functions/deployment/receive-webhook.contract.ts';
import * as repairRecords from '../functions/deployment/repair-records.contract.ts';
import * as rollBack from '../functions/deployment/roll-back.contract.ts';
import * as startDeployment from '../functions/deployment/start-deployment.contract.ts';
import * as startRollouts from '../functions/deployment/start-rollouts.contract.ts';
import * as sweepRepository from '../functions/deployment/sweep-repository.contract.ts';
import * as verifyImage from '../functions/deployment/verify-image.contract.ts';
import * as watchRollout from '../functions/deployment/watch-rollout.contract.ts';
import { type FunctionOptions, prepareFunctions } from './capability-functions.ts';
import type { MachineReference } from './constructs/machine-reference.ts';
import type { SiteResources } from './site-resources.ts';

/** The state machines that the functions start. */
export interface DeploymentMachines {
  readonly deployment: MachineReference;
  readonly rollout: MachineReference;
}

/** Below the `TimeoutSeconds` of the Tasks that call them: 45, 75 and 90. */
const QUICK = Duration.seconds(30);
const CLUSTER = Duration.seconds(60);
const LONG = Duration.seconds(75);

/** MB. The Kubernetes client is 1.4 MB of code whose start costs processor time, which comes with memory. */
const CLUSTER_MEMORY_MB = 1024;
/** MB. A sender waits for the door's first answer, so its start gets a whole processor's share. */
const DOOR_MEMORY_MB = 1769;
/** A registry sends one request after the other; a hundred a second of 50 ms each keep 5 busy. */
const DOOR_CONCURRENCY = 20;

/** Every Lambda of the deployment capability, each with the rights of its step and no others. */
export const makeDeploymentFunctions = (
  scope: Construct,
  resources: SiteResources,
  machines: DeploymentMachines,
  queue: IQueue,
  clusterRole: Role,
) => {
  const { site } = resources;
  const { records, tells, make } = prepareFunctions(scope, 'deployment', resources);
  const deploymentMachine = { DEPLOYMENT_MACHINE_ARN: machines.deployment.arn };
  const rolloutMachine = { ROLLOUT_MACHINE_ARN: machines.rollout.arn };

  const atCluster = (timeout: Duration, description: string): FunctionOptions => ({
    description,
    timeout,
    memory: CLUSTER_MEMORY_MB,
    role: clusterRole,
    network: site.network,
  });

  return {
    receiveWebhook: make(
      'receive-webhook',
      receiveWebhook,
      { EVENT_QUEUE_URL: queue.queueUrl },
      {
        description: 'Takes what registries and CI jobs post and puts it into the queue',
        timeout: QUICK,
        memory: DOOR_MEMORY_MB,
        reservedConcurrency: DOOR_CONCURRENCY,
      },
    ),
    startDeployment: make(
      'start-deployment',
      startDeployment,
      { ...tells, ...deploymentMachine },
      { description: 'Starts one execution for each image event that matters', timeout: QUICK },
    ),
    verifyImage: make('verify-image', verifyImage, records, {
      description: 'Asks the registry whether an event is true, and for the digest',
      timeout: QUICK,
      network: site.network,
    }),
    deferImage: make('defer-image', deferImage, tells, {
      description: 'Notes an event whose registry could not be asked, for the sweep',
      timeout: QUICK,
    }),
    decideTargets: make(
      'decide-targets',
      decideTargets,
      tells,
      atCluster(LONG, 'Decides for each target whether it wants an image, and says why'),
    ),
    startRollouts: make(
      'start-rollouts',
      startRollouts,
      { ...records, ...rolloutMachine },
      { description: 'Starts one rollout for each target that wants the image', timeout: LONG },
    ),
    applyImage: make(
      'apply-image',
      applyImage,
      records,
      atCluster(CLUSTER, 'Sets the image of one target under its lock'),
    ),
    watchRollout: make(
      'watch-rollout',
      watchRollout,
      records,
      atCluster(CLUSTER, 'Watches a rollout until it settles'),
    ),
    collectLogs: make(
      'collect-logs',
      collectLogs,
      records,
      atCluster(QUICK, 'Keeps the last log lines of failing pods'),
    ),
    rollBack: make(
      'roll-back',
      rollBack,
      records,
      atCluster(CLUSTER, 'Holds a bad digest and sets the previous image'),
    ),
    finishRollout: make(
      'finish-rollout',
      finishRollout,
      { ...tells, ...rolloutMachine },
      { description: 'Writes the end of a rollout down, tells it and frees the target', timeout: CLUSTER },
    ),
    planSweep: make(
      'plan-sweep',
      planSweep,
      {},
      {
        description: 'Lists the repositories that targets follow',
        timeout: QUICK,
      },
    ),
    sweepRepository: make(
      'sweep-repository',
      sweepRepository,
      { ...records, ...deploymentMachine },
      atCluster(LONG, 'Looks for pushes whose event never came'),
    ),
    repairRecords: make(
      'repair-records',
      repairRecords,
      { ...tells, ...deploymentMachine, ...rolloutMachine },
      {
        description: 'Tries deferred events again, sends unsent messages, ends abandoned rollouts',
        timeout: LONG,
      },
    ),
    handleFailure: make(
      'handle-failure',
      handleFailure,
      { ...tells, ...rolloutMachine },
      {
        description: 'Records an execution that failed, frees what it held and tells a person',
        timeout: CLUSTER,
      },
    ),
  };
};

export type DeploymentFunctions = ReturnType<typeof makeDeploymentFunctions>;
