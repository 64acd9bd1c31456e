/**
 * What CloudFormation must be allowed to do for each type of resource that our stacks hold. A type that is not here
 * fails a test, so the list cannot fall behind the templates.
 */

/** Where a stack goes, for the ARNs of what is in it. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Its name, which begins the names that CloudFormation makes up. */
  readonly stack: string;
  readonly site: string;
  /** IAM path of its roles, `/` unless set. */
  readonly rolePath: string;
}

export interface Right {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** Actions that can make a role mightier; IAM can bind each to a permissions boundary. */
export const WIDENING_ROLE_ACTIONS = [
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
];
/** `iam:PassRole` is none of them: it is allowed for single services only. */
const OTHER_ROLE_ACTIONS = [
  'iam:DeleteRole',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:GetRole',
  'iam:GetRolePolicy',
  'iam:ListAttachedRolePolicies',
  'iam:ListRolePolicies',
  'iam:ListRoleTags',
  'iam:TagRole',
  'iam:UntagRole',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateRole',
  'iam:UpdateRoleDescription',
];

type RightsOf = (place: Place) => Right[];

const arn = ({ partition, account, region }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** Everything that a service can do, on resources named like this. */
const all =
  (service: string, ...resources: string[]): RightsOf =>
  (place) => [
    {
      actions: [`${service}:*`],
      resources: resources.map((resource) => arn(place, service, fill(resource, place))),
    },
  ];

const fill = (resource: string, { stack, site }: Place): string =>
  resource.replaceAll('STACK', stack).replaceAll('SITE', site);

const functions = all('lambda', 'function:STACK-*');
const queues = all('sqs', 'STACK-*');
const topics = all('sns', 'STACK-*');
const buckets: RightsOf = ({ partition, stack }) => [
  // S3's names are lower case and know no account.
  { actions: ['s3:*'], resources: [`arn:${partition}:s3:::${stack.toLowerCase()}-*`] },
];
const roles: RightsOf = ({ partition, account, stack, rolePath }) => [
  {
    actions: [...WIDENING_ROLE_ACTIONS, ...OTHER_ROLE_ACTIONS],
    resources: [`arn:${partition}:iam::${account}:role${rolePath}${stack}-*`],
  },
];
/** API Gateway knows actions by verbs, and resources by paths without an account. */
const gateways: RightsOf = ({ partition, region }) => [
  {
    actions: ['apigateway:*'],
    resources: ['/apis', '/apis/*', '/restapis', '/restapis/*', '/tags/*'].map(
      (path) => `arn:${partition}:apigateway:${region}::${path}`,
    ),
  },
];

export const RESOURCE_RIGHTS: Readonly<Record<string, RightsOf>> = {
  'AWS::ApiGateway::Deployment': gateways,
  'AWS::ApiGateway::Method': gateways,
  'AWS::ApiGateway::Resource': gateways,
  'AWS::ApiGateway::RestApi': gateways,
  'AWS::ApiGateway::Stage': gateways,
  'AWS::ApiGatewayV2::Api': gateways,
  'AWS::ApiGatewayV2::Integration': gateways,
  'AWS::ApiGatewayV2::Route': gateways,
  'AWS::ApiGatewayV2::Stage': gateways,
  'AWS::CloudWatch::Alarm': all('cloudwatch', 'alarm:STACK-*'),
  'AWS::CloudWatch::Dashboard': ({ partition, account, stack }) => [
    {
      actions: ['cloudwatch:*Dashboard*'],
      resources: [`arn:${partition}:cloudwatch::${account}:dashboard/${stack}*`],
    },
  ],
  'AWS::EKS::AccessEntry': (place) => [
    {
      actions: [
        'eks:*AccessEntry',
        'eks:ListAssociatedAccessPolicies',
        'eks:TagResource',
        'eks:UntagResource',
      ],
      resources: [arn(place, 'eks', 'cluster/*'), arn(place, 'eks', 'access-entry/*')],
    },
  ],
  'AWS::Events::Rule': all('events', 'rule/STACK-*'),
  'AWS::IAM::Policy': roles,
  'AWS::IAM::Role': roles,
  'AWS::KMS::Key': (place) => [{ actions: ['kms:*'], resources: [arn(place, 'kms', 'key/*')] }, CREATE_KEY],
  'AWS::Lambda::EventInvokeConfig': functions,
  // They have names of their own making and name their function in a condition only.
  'AWS::Lambda::EventSourceMapping': (place) => [
    {
      actions: [
        'lambda:*EventSourceMapping*',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:ListTags',
      ],
      resources: ['*'],
    },
    ...functions(place),
  ],
  'AWS::Lambda::Function': functions,
  'AWS::Lambda::LayerVersion': all('lambda', 'layer:Configuration*'),
  'AWS::Lambda::Permission': functions,
  'AWS::Logs::LogGroup': all(
    'logs',
    'log-group:/drydock/SITE/*',
    'log-group:/aws/vendedlogs/states/STACK-*',
    'log-group:/aws/vendedlogs/apis/STACK-*',
  ),
  'AWS::S3::Bucket': buckets,
  'AWS::S3::BucketPolicy': buckets,
  'AWS::SNS::Subscription': topics,
  'AWS::SNS::Topic': topics,
  'AWS::SNS::TopicPolicy': topics,
  'AWS::SQS::Queue': queues,
  'AWS::SQS::QueuePolicy': queues,
  'AWS::Scheduler::Schedule': all('scheduler', 'schedule/default/STACK-*'),
  'AWS::StepFunctions::StateMachine': all('states', 'stateMachine:STACK-*'),
};

/** A key has no ARN before it is there. */
const CREATE_KEY: Right = { actions: ['kms:CreateKey', 'kms:TagResource'], resources: ['*'] };
