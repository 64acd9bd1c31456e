import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { siteOf } from '../site.ts';

/** A state machine by its name. Machines and Lambdas that start each other would be a circle as resources. */
export interface MachineReference {
  /** `drydock-<site>-<machine>`, at most 80 characters. */
  readonly name: string;
  readonly arn: string;
  /** Lets somebody start executions of it. */
  grantStart(grantee: IGrantable): Grant;
  /** Lets somebody look at its executions. */
  grantDescribe(grantee: IGrantable): Grant;
}

/** The machine of that name at the site of `scope`. */
export const machineReference = (scope: IConstruct, machine: string): MachineReference => {
  const name = `drydock-${siteOf(scope).name}-${machine}`;
  const arnOf = (resource: string, resourceName: string): string =>
    Stack.of(scope).formatArn({
      service: 'states',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  const arn = arnOf('stateMachine', name);
  const grant = (grantee: IGrantable, action: string, resource: string): Grant =>
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resource] });
  return {
    name,
    arn,
    grantStart: (grantee) => grant(grantee, 'states:StartExecution', arn),
    grantDescribe: (grantee) => grant(grantee, 'states:DescribeExecution', arnOf('execution', `${name}:*`)),
  };
};
