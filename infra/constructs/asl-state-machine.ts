import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { Refusal } from '../refusal.ts';
import { type AslDefinition, parseAsl } from './asl-definition.ts';
import { type LoopBounds, MAX_HISTORY_EVENTS, worstCaseHistory } from './asl-history.ts';
import { lintStateMachine } from './asl-lint.ts';
import {
  findMismatches,
  listNeededGrants,
  listTargetUses,
  type NeededGrant,
  placeholderOf,
} from './asl-targets.ts';
import { acknowledge, acknowledgeWildcard } from './compliance.ts';
import { type TargetKind, WAIT_RULE_NAME } from './integration-actions.ts';
import { makeLog } from './log-group.ts';
import { type MachineReference, machineReference } from './machine-reference.ts';
import type { NodeLambda } from './node-lambda.ts';

export interface AslStateMachineProps {
  /** Its name in the site and that of its file, such as `rollout`. */
  readonly name: string;
  /** Path of the `.asl.json` file. */
  readonly file: string;
  /** Each by the stem of its placeholder: `ApplyImage` fills `${ApplyImageArn}`. */
  readonly functions?: Readonly<Record<string, NodeLambda>>;
  readonly machines?: Readonly<Record<string, MachineReference>>;
  readonly topics?: Readonly<Record<string, ITopic>>;
  /** Fill `${<stem>Url}`. */
  readonly queues?: Readonly<Record<string, IQueue>>;
  /** Fill `${<stem>Name}`. */
  readonly buses?: Readonly<Record<string, Pick<IEventBus, 'eventBusName' | 'eventBusArn'>>>;
  /** How often each loop goes round and how many items each Map gets at most, by the name of a state of it. */
  readonly loops?: LoopBounds;
}

/**
 * A state machine from its file. Grants what the file's integrations document and nothing else, and refuses to
 * synthesise when file, targets, error names, time limits or the length of the history do not fit together.
 */
export class AslStateMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly reference: MachineReference;
  readonly functions: readonly NodeLambda[];

  constructor(scope: Construct, id: string, props: AslStateMachineProps) {
    super(scope, id);
    const definition = parseAsl(readFileSync(props.file, 'utf8'));
    const targets = resolveTargets(props);
    refuse(props.file, [
      ...lintStateMachine(definition).map(({ state, message }) => (state ? `${state}: ${message}` : message)),
      ...findMismatches(definition, namesOf(targets)),
      ...findShortTimeouts(definition, props.functions ?? {}),
      ...findLongHistory(definition, props.loops ?? {}),
    ]);
    this.reference = machineReference(this, props.name);
    this.functions = Object.values(props.functions ?? {});

    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    for (const grant of listNeededGrants(definition)) addGrant(this, role, grant, targets);
    for (const { masterKey } of Object.values(props.topics ?? {})) {
      // Publishing to an encrypted topic asks its key for a data key (SNS developer guide, "Key management").
      masterKey?.grant(role, 'kms:Decrypt', 'kms:GenerateDataKey*');
    }

    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: this.reference.name,
      definitionBody: DefinitionBody.fromString(JSON.stringify(definition)),
      definitionSubstitutions: substitutions(targets),
      role,
      tracingEnabled: true,
      logs: {
        // The prefix keeps the log group out of the one resource policy that all services of an account share.
        destination: makeLog(this, 'Log', `/aws/vendedlogs/states/${this.reference.name}`),
        level: LogLevel.ERROR,
        includeExecutionData: false,
      },
    });
    acknowledge(this, 'AwsSolutions-SF1', LOG_LEVEL_REASON);
    acknowledge(this, 'AwsSolutions-IAM5[Resource::*]', DELIVERY_REASON);
    for (const { arn } of Object.values(props.machines ?? {})) {
      acknowledgeWildcard(this, executionsOf(arn), EXECUTIONS_REASON);
    }
  }
}

const LOG_LEVEL_REASON =
  'Step Functions keeps the whole history of an execution for 90 days. A second copy in a log would only be one more ' +
  'place where the inputs of a run lie; failures are logged, without data.';
const DELIVERY_REASON = 'Vended logs and X-Ray have no resource to name: IAM takes only "*" for them.';
const EXECUTIONS_REASON = 'The names of the executions that it waits for are made up at run time.';

interface Target {
  /** What fills the placeholder. */
  readonly value: string;
  readonly arn: string;
}

type Targets = Readonly<Record<TargetKind, Readonly<Record<string, Target>>>>;

const resolveTargets = (props: AslStateMachineProps): Targets => ({
  function: mapValues(props.functions, ({ function: { functionArn: arn } }) => ({ value: arn, arn })),
  machine: mapValues(props.machines, ({ arn }) => ({ value: arn, arn })),
  topic: mapValues(props.topics, ({ topicArn: arn }) => ({ value: arn, arn })),
  queue: mapValues(props.queues, ({ queueUrl, queueArn }) => ({ value: queueUrl, arn: queueArn })),
  bus: mapValues(props.buses, ({ eventBusName, eventBusArn }) => ({ value: eventBusName, arn: eventBusArn })),
});

const mapValues = <T>(given: Readonly<Record<string, T>> | undefined, resolve: (one: T) => Target) =>
  Object.fromEntries(Object.entries(given ?? {}).map(([name, one]) => [name, resolve(one)]));

const namesOf = (targets: Targets) => ({
  function: Object.keys(targets.function),
  machine: Object.keys(targets.machine),
  topic: Object.keys(targets.topic),
  queue: Object.keys(targets.queue),
  bus: Object.keys(targets.bus),
});

const substitutions = (targets: Targets): Record<string, string> => {
  const filled: Record<string, string> = {};
  for (const kind of ['function', 'machine', 'topic', 'queue', 'bus'] as const) {
    for (const [name, { value }] of Object.entries(targets[kind])) filled[placeholderOf(kind, name)] = value;
  }
  return filled;
};

const addGrant = (scope: Construct, role: Role, grant: NeededGrant, targets: Targets): void => {
  const arn = targets[grant.kind][grant.target]?.arn;
  if (arn === undefined) throw new Error(`No ${grant.kind} ${grant.target} to grant on.`);
  const waitRule = Stack.of(scope).formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: WAIT_RULE_NAME,
  });
  const resource = { target: arn, executions: executionsOf(arn), 'wait-rule': waitRule }[grant.on];
  role.addToPolicy(new PolicyStatement({ actions: [...grant.actions], resources: [resource] }));
};

const executionsOf = (machineArn: string): string =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:*`;

/** A Task that gives up before its Lambda does would be retried while the first try is still at work. */
const findShortTimeouts = (
  definition: AslDefinition,
  functions: Readonly<Record<string, NodeLambda>>,
): string[] =>
  listTargetUses(definition).flatMap(({ state, task, kind, target, integration }) => {
    const limit =
      kind === 'function' && !integration.waits ? functions[target]?.timeout.toSeconds() : undefined;
    const given = task.TimeoutSeconds;
    return limit !== undefined && typeof given === 'number' && given <= limit
      ? [
          `${state}: TimeoutSeconds ${given} must be above the ${limit} s that the function ${target} may take.`,
        ]
      : [];
  });

const findLongHistory = (definition: AslDefinition, loops: LoopBounds): string[] => {
  try {
    const events = worstCaseHistory(definition, loops);
    return events < MAX_HISTORY_EVENTS
      ? []
      : [`May leave ${events} events of history, and Step Functions ends it at ${MAX_HISTORY_EVENTS}.`];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
};

const refuse = (file: string, problems: readonly string[]): void => {
  if (problems.length === 0) return;
  throw new Refusal(
    `${path.basename(file)} does not fit:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
};
