import { fileURLToPath } from 'node:url';
import { CfnOutput, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as setControl from '../functions/deployment/set-control.contract.ts';
import { AslStateMachine } from './constructs/asl-state-machine.ts';
import { machineReference } from './constructs/machine-reference.ts';
import { NodeLambda } from './constructs/node-lambda.ts';
import type { SiteResources } from './site-resources.ts';

/** Below the `TimeoutSeconds` of the Task that calls it. */
const TIMEOUT = Duration.seconds(30);

/**
 * Adds the stop button of a site, whichever capabilities it has.
 *
 * @param scope the construct `Deployment` of the site: the button was there before it served all, and a machine that
 * changes its place in the stack would be made anew under a name that is taken.
 * @param hasSweep is there a deployment sweep to start when somebody resumes?
 */
export const addControl = (scope: Construct, resources: SiteResources, hasSweep: boolean): void => {
  const { ledger, layer } = resources;
  const sweep = hasSweep ? machineReference(scope, 'deployment-sweep') : undefined;
  const button = new NodeLambda(scope, 'SetControl', {
    entry: 'deployment/set-control',
    contract: setControl,
    environment: {
      LEDGER_BUCKET: ledger.bucket.bucketName,
      ...(sweep && { SWEEP_MACHINE_ARN: sweep.arn }),
    },
    configuration: layer,
    description: 'The stop button: pauses, resumes, lifts a hold',
    timeout: TIMEOUT,
  });
  ledger.grantReadWrite(button.role, 'controls/', 'deployment/targets/');
  sweep?.grantStart(button.role);
  const machine = new AslStateMachine(scope, 'ControlMachine', {
    name: 'control',
    file: fileURLToPath(new URL('../state-machines/control.asl.json', import.meta.url)),
    functions: { SetControl: button },
  });
  new CfnOutput(scope, 'ControlMachineArn', { value: machine.reference.arn }).overrideLogicalId(
    'DeploymentControlMachineArn',
  );
};
