import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { CONTAINER_LOG_PREFIX } from '../functions/records/container-log.ts';
import { DEFERRAL_PREFIX } from '../functions/records/deferral.ts';
import { LOCK_PREFIX } from '../functions/records/lock.ts';
import { UNSENT_PREFIX } from '../functions/records/message.ts';
import { OPEN_ROLLOUT_PREFIX } from '../functions/records/rollout.ts';
import { UNREADABLE_PREFIX } from '../functions/records/unreadable-webhook.ts';
import { makeLambdaRole } from './constructs/node-lambda.ts';
import { grantReadSecrets } from './constructs/secret-rights.ts';
import type { DeploymentFunctions, DeploymentMachines } from './deployment-functions.ts';
import {
  listClusters,
  listRegistrySecrets,
  listSourceSecrets,
  type SiteResources,
} from './site-resources.ts';

/** Everything of this capability in the ledger, and the parts of it that single functions work on. */
const RECORDS = 'deployment/';
const IMAGES = 'deployment/images/';
const PLANS = 'deployment/plans/';
const CONTROLS = 'controls/';
const MESSAGES = 'messages/';

/**
 * The one role of all functions that touch a cluster: one access entry names it, and the can/cannot table is about it.
 */
export const makeClusterRole = (scope: Construct, resources: SiteResources): Role => {
  const role = makeLambdaRole(scope, 'ClusterRole');
  const clusters = listClusters(resources).map((cluster) =>
    Stack.of(scope).formatArn({ service: 'eks', resource: 'cluster', resourceName: cluster }),
  );
  if (clusters.length > 0) {
    role.addToPolicy(new PolicyStatement({ actions: ['eks:DescribeCluster'], resources: clusters }));
  }
  resources.ledger.grantReadWrite(role, RECORDS, LOCK_PREFIX);
  resources.ledger.grantRead(role, CONTROLS);
  resources.ledger.grantWrite(role, CONTAINER_LOG_PREFIX);
  grantReadSecrets(role, listRegistrySecrets(resources));
  return role;
};

/** Gives each function the rights of its step. Those at the cluster share the role above. */
export const grantDeploymentRights = (
  { ledger, topic, ...resources }: SiteResources,
  functions: DeploymentFunctions,
  machines: DeploymentMachines,
  queue: IQueue,
): void => {
  const { receiveWebhook, startDeployment, verifyImage, deferImage, startRollouts } = functions;
  receiveWebhook.role.addToPolicy(
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }),
  );
  grantReadSecrets(receiveWebhook.role, listSourceSecrets(resources));

  ledger.grantReadWrite(startDeployment.role, UNREADABLE_PREFIX);
  machines.deployment.grantStart(startDeployment.role);

  ledger.grantReadWrite(verifyImage.role, IMAGES, DEFERRAL_PREFIX);
  ledger.grantRemove(verifyImage.role, DEFERRAL_PREFIX);
  grantReadSecrets(verifyImage.role, listRegistrySecrets(resources));

  ledger.grantReadWrite(deferImage.role, IMAGES, DEFERRAL_PREFIX);
  ledger.grantRemove(deferImage.role, DEFERRAL_PREFIX);

  ledger.grantRead(startRollouts.role, PLANS);
  machines.rollout.grantStart(startRollouts.role);

  machines.deployment.grantStart(functions.sweepRepository.role);

  for (const { role } of [startDeployment, deferImage, functions.decideTargets]) {
    ledger.grantReadWrite(role, MESSAGES);
    ledger.grantRemove(role, UNSENT_PREFIX);
    topic.grantPublish(role);
  }

  const { finishRollout, handleFailure, repairRecords } = functions;
  for (const { role } of [finishRollout, handleFailure, repairRecords]) {
    ledger.grantReadWrite(role, RECORDS, LOCK_PREFIX, MESSAGES);
    ledger.grantRemove(role, OPEN_ROLLOUT_PREFIX, UNSENT_PREFIX);
    topic.grantPublish(role);
    machines.rollout.grantStart(role);
  }
  ledger.grantRemove(repairRecords.role, DEFERRAL_PREFIX);
  machines.deployment.grantStart(repairRecords.role);
  machines.deployment.grantDescribe(repairRecords.role);
  machines.rollout.grantDescribe(repairRecords.role);
};
