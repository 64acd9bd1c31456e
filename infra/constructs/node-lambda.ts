import { type Duration, Token } from 'aws-cdk-lib';
import {
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  CfnFunction,
  Function as LambdaFunction,
  type LayerVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import * as z from 'zod';
import { Refusal } from '../refusal.ts';
import { type NamedSite, siteOf } from '../site.ts';
import { acknowledge } from './compliance.ts';
import { bundleCode, bundleOf } from './function-bundles.ts';
import { makeLog } from './log-group.ts';

/** Variables that Lambda sets itself and refuses from anybody else. */
type SetByLambda = 'AWS_REGION' | 'AWS_DEFAULT_REGION' | 'AWS_LAMBDA_FUNCTION_NAME';

/** What infra must give a function of this environment: all of its variables but those that Lambda sets. */
export type EnvironmentOf<Env extends z.ZodObject> = Omit<z.input<Env>, SetByLambda>;

/** The subnets and security groups of a Lambda when clusters or registries of its site are private. */
export type LambdaNetwork = Pick<NonNullable<NamedSite['network']>, 'subnets' | 'securityGroups'>;

export interface NodeLambdaProps<Env extends z.ZodObject> {
  /** `<capability>/<verb-noun>` below the functions root. */
  readonly entry: string;
  /** The function's `<verb-noun>.contract.ts`, imported as a whole. */
  readonly contract: { readonly Env: Env };
  /** Every variable of `Env`: one that is forgotten, or one too many, does not compile. */
  readonly environment: EnvironmentOf<NoInfer<Env>>;
  /** What it is for, as the console shows it. */
  readonly description: string;
  readonly timeout: Duration;
  /** MB; a Lambda's share of a processor grows with it. */
  readonly memory?: number;
  /** The layer with the validated `drydock.yaml`, when the function reads it. */
  readonly configuration?: LayerVersion;
  /** A role shared by the functions that touch a cluster, so that one access entry names them all. */
  readonly role?: Role;
  readonly network?: LambdaNetwork | undefined;
  /** At most this many at once, and this many kept free for it. */
  readonly reservedConcurrency?: number;
  /** Where the entry lies; another folder than `functions/` only in tests. */
  readonly root?: string;
}

/** MB; measured enough for the bundles with the Kubernetes client, whose start is what takes long. */
const DEFAULT_MEMORY_MB = 512;

/** The one way to put a Lambda on AWS: own bundle, own role with nothing to spare, JSON log with an end, tracing. */
export class NodeLambda<Env extends z.ZodObject = z.ZodObject> extends Construct implements IGrantable {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly grantPrincipal: IPrincipal;
  /** `<capability>/<verb-noun>`. */
  readonly entry: string;
  readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: NodeLambdaProps<Env>) {
    super(scope, id);
    this.entry = props.entry;
    this.timeout = props.timeout;
    this.role = props.role ?? makeLambdaRole(this, 'Role');
    this.grantPrincipal = this.role;

    const logGroup = makeLog(this, 'Log', `/drydock/${siteOf(this).name}/${props.entry}`);
    logGroup.grantWrite(this.role);

    this.function = new LambdaFunction(this, 'Function', {
      code: bundleCode(bundleOf(props.entry, props.root)),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      description: props.description,
      role: this.role,
      timeout: props.timeout,
      memorySize: props.memory ?? DEFAULT_MEMORY_MB,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...checkEnvironment(props) },
      tracing: Tracing.ACTIVE,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(props.configuration ? { layers: [props.configuration] } : {}),
      ...(props.reservedConcurrency === undefined
        ? {}
        : { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    if (props.network) placeIn(props.network, this.function, this.role);
    acknowledge(this.role, 'AwsSolutions-IAM5[Resource::*]', TRACING_REASON);
    acknowledge(this, 'Serverless-LambdaDLQ', CALLER_REASON);
  }
}

const TRACING_REASON =
  'X-Ray and the network interfaces of a Lambda in a VPC have no resource to name: IAM takes only "*" for them.';

const CALLER_REASON =
  'A gateway, a queue or a state machine waits for its answer and deals with a failure. What is called without ' +
  'anybody waiting gets a queue for its failures where that call is set up.';

/**
 * A role that Lambda may take, with no managed policy: rights are added one by one.
 *
 * @param roleName where another account has to know it; CloudFormation makes one up otherwise.
 */
export const makeLambdaRole = (scope: Construct, id: string, roleName?: string): Role =>
  new Role(scope, id, {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    ...(roleName === undefined ? {} : { roleName }),
  });

/**
 * Says at synth what the function would say at its start, for every value that is known by then.
 *
 * @throws Refusal naming the function and its variable.
 */
const checkEnvironment = <Env extends z.ZodObject>(props: NodeLambdaProps<Env>): Record<string, string> => {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(props.environment)) {
    if (value !== undefined) given[name] = String(value);
  }
  for (const [name, value] of Object.entries(given)) {
    const schema: unknown = props.contract.Env.shape[name];
    if (!(schema instanceof z.core.$ZodType)) {
      throw new Refusal(
        `${props.entry} has no variable ${name}; add it to the Env of its contract or take it away.`,
      );
    }
    const parsed = Token.isUnresolved(value) ? undefined : z.safeParse(schema, value);
    if (parsed?.success === false) {
      throw new Refusal(`${props.entry} would refuse its variable ${name}: ${z.prettifyError(parsed.error)}`);
    }
  }
  return given;
};

/** The network interfaces that Lambda makes in the name of the function (Lambda developer guide, "VPC access"). */
const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/** Sets the ids as they are: looking the VPC up would need an account at synth. */
const placeIn = (network: LambdaNetwork, lambda: LambdaFunction, role: Role): void => {
  const rights = new PolicyStatement({ actions: INTERFACE_ACTIONS, resources: ['*'] });
  role.addToPolicy(rights);
  if (!CfnFunction.isCfnFunction(lambda.node.defaultChild))
    throw new Error('A Function without its resource.');
  lambda.node.defaultChild.vpcConfig = {
    subnetIds: network.subnets,
    securityGroupIds: network.securityGroups,
  };
  // Lambda checks the rights when it creates the function.
  lambda.node.addDependency(role);
};
