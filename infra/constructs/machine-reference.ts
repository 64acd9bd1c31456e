import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { siteOf } from '../site.ts';
import { acknowledgeWildcard } from './compliance.ts';

/** A state machine by its name. Machines and Lambdas that start each other would be a circle as resources. */
export interface MachineReference {
  /** `drydock-<site>-<machine>`, at most 80 characters. */
  readonly name: string;
  readonly arn: string;
  /** Lets somebody start executions of it. */
  grantStart(role: Role): void;
  /** Lets somebody look at its executions. */
  grantDescribe(role: Role): void;
  /** Lets somebody stop them. */
  grantStop(role: Role): void;
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
  const allowOnExecutions = (role: Role, action: string): void => {
    const executions = arnOf('execution', `${name}:*`);
    role.addToPolicy(new PolicyStatement({ actions: [action], resources: [executions] }));
    acknowledgeWildcard(role, executions, 'The names of executions come from their causes.');
  };
  return {
    name,
    arn,
    grantStart: (role) => {
      role.addToPolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [arn] }));
    },
    grantDescribe: (role) => allowOnExecutions(role, 'states:DescribeExecution'),
    grantStop: (role) => allowOnExecutions(role, 'states:StopExecution'),
  };
};
