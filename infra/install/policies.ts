import { partitionOf } from '../../functions/records/partition.ts';
import { stackName } from '../../functions/records/stack-name.ts';
import type { NamedSite } from '../site.ts';
import { type Place, RESOURCE_RIGHTS, type Right, WIDENING_ROLE_ACTIONS } from './resource-rights.ts';

/** The two IAM policies that installing a site takes: one for the person, one for CloudFormation. */

export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The qualifier of a bootstrap that was given none (CDK developer guide, "Customize CDK bootstrapping"). */
const DEFAULT_QUALIFIER = 'hnb659fds';

const placeOf = (site: NamedSite): Place => ({
  partition: partitionOf(site.region),
  account: site.account,
  region: site.region,
  stack: stackName(site.name),
  site: site.name,
  rolePath: site.rolePath ?? '/',
});

/**
 * What a person (or a pipeline) needs to deploy, look at and remove a site: the roles of the bootstrap do the work, so
 * it is only to assume them, and to read the stack.
 */
export const buildInstallerPolicy = (site: NamedSite): PolicyDocument => {
  const { partition, account, region, stack } = placeOf(site);
  const qualifier = site.bootstrapQualifier ?? DEFAULT_QUALIFIER;
  const role = (kind: string) =>
    `arn:${partition}:iam::${account}:role/cdk-${qualifier}-${kind}-role-${account}-${region}`;
  return document([
    allow('UseTheBootstrap', ['sts:AssumeRole'], ['deploy', 'file-publishing', 'lookup'].map(role)),
    allow(
      'ReadTheStack',
      ['cloudformation:DescribeStacks', 'cloudformation:GetTemplate', 'cloudformation:ListStackResources'],
      [`arn:${partition}:cloudformation:${region}:${account}:stack/${stack}/*`],
    ),
  ]);
};

/**
 * What the execution role of the bootstrap needs for a template of ours, for `cdk bootstrap
 * --cloudformation-execution-policies`. Roles can be made with the permissions boundary of the site alone, if it has
 * one, and are handed only to the services that use them.
 *
 * @param types of the resources in the template.
 * @throws Error naming a type for which no rights are known.
 */
export const buildExecutionPolicy = (site: NamedSite, types: readonly string[]): PolicyDocument => {
  const place = placeOf(site);
  const rights = [...new Set(types)].toSorted().flatMap((type) => {
    const rightsOf = RESOURCE_RIGHTS[type];
    if (!rightsOf)
      throw new Error(`No rights are known for ${type}; add them to infra/install/resource-rights.ts.`);
    return rightsOf(place);
  });
  const isOfRoles = ({ actions }: Right) => actions.some((action) => action.startsWith('iam:'));
  return document([
    ...group(rights.filter((right) => !isOfRoles(right))),
    ...allowRoles(site, place, rights.filter(isOfRoles)),
    allow(
      'PassRoles',
      ['iam:PassRole'],
      [`arn:${place.partition}:iam::${place.account}:role${place.rolePath}${place.stack}-*`],
      {
        StringEquals: { 'iam:PassedToService': ROLE_USERS },
      },
    ),
    // Neither knows resources: CloudFormation asks for both when logs of gateways and machines are set up.
    allow(
      'SetUpLogDelivery',
      [
        'logs:*LogDelivery',
        'logs:*LogDeliveries',
        'logs:*ResourcePolicy',
        'logs:DescribeResourcePolicies',
        'logs:DescribeLogGroups',
      ],
      ['*'],
    ),
    allow(
      'LookAtTheNetwork',
      ['ec2:DescribeVpcs', 'ec2:DescribeSubnets', 'ec2:DescribeSecurityGroups'],
      ['*'],
    ),
    ...readBootstrap(site, place),
  ]);
};

/** The services that run under roles of ours. */
const ROLE_USERS = ['lambda.amazonaws.com', 'scheduler.amazonaws.com', 'states.amazonaws.com'];

/** Making a role, and changing what bounds it, only with the boundary that the site names. */
const allowRoles = (site: NamedSite, place: Place, rights: readonly Right[]): Statement[] => {
  const resources = [...new Set(rights.flatMap((right) => right.resources))];
  const actions = [...new Set(rights.flatMap((right) => right.actions))];
  if (resources.length === 0) return [];
  const { permissionsBoundary } = site;
  if (permissionsBoundary === undefined) return [allow('Roles', actions, resources)];
  const boundary = permissionsBoundary.startsWith('arn:')
    ? permissionsBoundary
    : `arn:${place.partition}:iam::${place.account}:policy/${permissionsBoundary}`;
  const bounded = { StringEquals: { 'iam:PermissionsBoundary': boundary } };
  const isWidening = (action: string) => WIDENING_ROLE_ACTIONS.includes(action);
  return [
    allow('BoundedRoles', actions.filter(isWidening), resources, bounded),
    allow(
      'Roles',
      actions.filter((action) => !isWidening(action)),
      resources,
    ),
  ];
};

const readBootstrap = (site: NamedSite, { partition, account, region }: Place): Statement[] => {
  const qualifier = site.bootstrapQualifier ?? DEFAULT_QUALIFIER;
  const assets = `arn:${partition}:s3:::cdk-${qualifier}-assets-${account}-${region}`;
  const version = `arn:${partition}:ssm:${region}:${account}:parameter/cdk-bootstrap/${qualifier}/version`;
  return [
    allow('ReadCode', ['s3:GetObject'], [`${assets}/*`]),
    allow('ReadBootstrapVersion', ['ssm:GetParameter', 'ssm:GetParameters'], [version]),
  ];
};

/** One statement for all that has the same actions. */
const group = (rights: readonly Right[]): Statement[] => {
  const byActions = Map.groupBy(rights, ({ actions }) => actions.join(' '));
  return [...byActions.values()].map((equal, index) => {
    const actions = equal[0]?.actions ?? [];
    const service = (actions[0]?.split(':')[0] ?? '').replace(/^[a-z]/, (letter) => letter.toUpperCase());
    return allow(`${service}${index}`, actions, [...new Set(equal.flatMap(({ resources }) => resources))]);
  });
};

const allow = (
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Statement['Condition'],
): Statement => ({ Sid, Effect: 'Allow', Action, Resource, ...(Condition ? { Condition } : {}) });

const document = (statements: readonly Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});
