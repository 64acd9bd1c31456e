/**
 * The service integrations a state machine of ours may use, each with the rights that its documentation asks for
 * and not one more. Source: Step Functions developer guide, "Integrating services", the IAM policy of each page.
 */

/** What an integration acts on; each kind has its own placeholder and argument. */
export type TargetKind = 'function' | 'machine' | 'topic' | 'queue' | 'bus';

/** On what a right is given: the target itself, its executions, or the rule by which Step Functions waits. */
export type GrantScope = 'target' | 'executions' | 'wait-rule';

export interface Integration {
  readonly target: TargetKind;
  /** The argument that names the target; of `Entries`, that of each entry. */
  readonly argument: string;
  readonly grants: readonly { readonly on: GrantScope; readonly actions: readonly string[] }[];
  /** Waits for a child or a callback: trying again starts the work anew, so a Retry is not asked for. */
  readonly waits: boolean;
}

const invokeFunction = {
  target: 'function',
  argument: 'FunctionName',
  grants: [{ on: 'target', actions: ['lambda:InvokeFunction'] }],
} as const;

const startExecution = {
  target: 'machine',
  argument: 'StateMachineArn',
  grants: [{ on: 'target', actions: ['states:StartExecution'] }],
} as const;

/** Step Functions learns of the child's end by an EventBridge rule of its own making, which the role must allow. */
const startExecutionSync = {
  ...startExecution,
  grants: [
    { on: 'target', actions: ['states:StartExecution'] },
    { on: 'executions', actions: ['states:DescribeExecution', 'states:StopExecution'] },
    { on: 'wait-rule', actions: ['events:DescribeRule', 'events:PutRule', 'events:PutTargets'] },
  ],
} as const;

const publish = {
  target: 'topic',
  argument: 'TopicArn',
  grants: [{ on: 'target', actions: ['sns:Publish'] }],
} as const;

const sendMessage = {
  target: 'queue',
  argument: 'QueueUrl',
  grants: [{ on: 'target', actions: ['sqs:SendMessage'] }],
} as const;

const putEvents = {
  target: 'bus',
  argument: 'EventBusName',
  grants: [{ on: 'target', actions: ['events:PutEvents'] }],
} as const;

/** By what stands after `arn:aws:states:::` in a Task's `Resource`. A new integration is a new row. */
const INTEGRATIONS: Readonly<Record<string, Integration>> = {
  'lambda:invoke': { ...invokeFunction, waits: false },
  'lambda:invoke.waitForTaskToken': { ...invokeFunction, waits: true },
  'states:startExecution': { ...startExecution, waits: false },
  'states:startExecution.sync': { ...startExecutionSync, waits: true },
  'states:startExecution.sync:2': { ...startExecutionSync, waits: true },
  'states:startExecution.waitForTaskToken': { ...startExecution, waits: true },
  'sns:publish': { ...publish, waits: false },
  'sns:publish.waitForTaskToken': { ...publish, waits: true },
  'sqs:sendMessage': { ...sendMessage, waits: false },
  'sqs:sendMessage.waitForTaskToken': { ...sendMessage, waits: true },
  'events:putEvents': { ...putEvents, waits: false },
  'events:putEvents.waitForTaskToken': { ...putEvents, waits: true },
};

/** EventBridge rule that Step Functions keeps for `states:startExecution.sync`. */
export const WAIT_RULE_NAME = 'StepFunctionsGetEventsForStepFunctionsExecutionRule';

/** The names of all integrations that may be used. */
export const INTEGRATION_NAMES: readonly string[] = Object.keys(INTEGRATIONS);

const RESOURCE = /^arn:aws[a-z-]*:states:::(?<name>.+)$/;

/** The integration that a Task's `Resource` names, or `undefined` when it is none of ours. */
export const findIntegration = (resource: string): { name: string; integration: Integration } | undefined => {
  const name = RESOURCE.exec(resource)?.groups?.['name'] ?? '';
  const integration = INTEGRATIONS[name];
  return integration ? { name, integration } : undefined;
};
