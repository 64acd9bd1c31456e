import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfigurationFile } from '../../functions/records/configuration/parse-configuration.ts';
import {
  buildExecutionPolicy,
  buildInstallerPolicy,
  type PolicyDocument,
} from '../../infra/install/policies.ts';
import { RESOURCE_RIGHTS } from '../../infra/install/resource-rights.ts';
import { formatResourceTable, replaceResourceTable } from '../../infra/install/resource-table.ts';
import { countResources } from '../../infra/install/synthesised-site.ts';
import { runInstallPolicy } from '../../infra/install-policy.ts';
import type { NamedSite } from '../../infra/site.ts';
import { makeConfiguration } from './support/stacks.ts';

const ROOT = path.join(import.meta.dirname, '../..');

const siteOf = (settings: object = {}): NamedSite => {
  const site = makeConfiguration(settings).sites['main'];
  if (!site) throw new Error('The fixture has a site main.');
  return { ...site, name: 'main' };
};

/** Each kind of site makes resources that the others do not. */
const KINDS: [string, object][] = [
  ['a public webhook', { notifications: { subscribe: ['night@example.com'] } }],
  ['a private webhook', { webhook: { exposure: 'private', vpcEndpoint: 'vpce-0a1b' } }],
  ['a network', { network: { vpc: 'vpc-1', subnets: ['subnet-1'], securityGroups: ['sg-1'] } }],
];
const templates = new Map(
  KINDS.map(([kind, settings]) => [kind, countResources(makeConfiguration(settings), 'main')]),
);
const typesOf = (kind: string) => [...(templates.get(kind)?.keys() ?? [])];
const everyType = [...new Set(KINDS.flatMap(([kind]) => typesOf(kind)))].toSorted();

/** The statements that allow an action, wildcards read as IAM reads them. */
const allowing = ({ Statement }: PolicyDocument, action: string) =>
  Statement.filter(({ Action }) =>
    Action.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action)),
  );

describe('the policy of the execution role', () => {
  test('knows every type of resource that our templates hold, and no other', () => {
    expect(everyType).toEqual(Object.keys(RESOURCE_RIGHTS).toSorted());
  });

  test('refuses a type that it does not know', () => {
    expect(() => buildExecutionPolicy(siteOf(), ['AWS::RDS::DBInstance'])).toThrow(
      /No rights are known for AWS::RDS::DBInstance; add them to infra\/install\/resource-rights\.ts/,
    );
  });

  test.each(KINDS)('of a site with %s allows every service of its template', (kind, settings) => {
    const policy = buildExecutionPolicy(siteOf(settings), typesOf(kind));
    const services = new Set(
      policy.Statement.flatMap(({ Action }) => Action.map((action) => action.split(':')[0])),
    );
    const SERVICES: Record<string, string> = { ApiGatewayV2: 'apigateway', StepFunctions: 'states' };
    for (const type of typesOf(kind)) {
      const service = type.split('::')[1] ?? '';
      expect(services).toContain(SERVICES[service] ?? service.toLowerCase());
    }
  });

  test('fits into one managed policy (IAM: 6,144 characters)', () => {
    const site = siteOf({
      rolePath: '/platform/tools/',
      permissionsBoundary: 'limits',
      bootstrapQualifier: 'platform',
    });
    expect(JSON.stringify(buildExecutionPolicy(site, everyType)).length).toBeLessThan(6_144);
  });

  test.each([
    ['lambda:DeleteFunction', 'arn:aws:lambda:eu-central-1:111122223333:function:drydock-main-*'],
    ['s3:DeleteBucket', 'arn:aws:s3:::drydock-main-*'],
    ['sqs:CreateQueue', 'arn:aws:sqs:eu-central-1:111122223333:drydock-main-*'],
    ['states:CreateStateMachine', 'arn:aws:states:eu-central-1:111122223333:stateMachine:drydock-main-*'],
    ['logs:CreateLogGroup', 'arn:aws:logs:eu-central-1:111122223333:log-group:/drydock/main/*'],
  ])('allows %s on %s, and not on everything', (action, resource) => {
    const resources = allowing(buildExecutionPolicy(siteOf(), everyType), action).flatMap(
      ({ Resource }) => Resource,
    );
    expect(resources).toContain(resource);
    expect(resources).not.toContain('*');
  });

  test('allows to pass roles of the site to the services that run under them, and nothing else of IAM on others', () => {
    const policy = buildExecutionPolicy(siteOf({ rolePath: '/platform/' }), everyType);
    expect(allowing(policy, 'iam:PassRole')).toEqual([
      expect.objectContaining({
        Resource: ['arn:aws:iam::111122223333:role/platform/drydock-main-*'],
        Condition: {
          StringEquals: {
            'iam:PassedToService': [
              'lambda.amazonaws.com',
              'scheduler.amazonaws.com',
              'states.amazonaws.com',
            ],
          },
        },
      }),
    ]);
  });

  test.each([
    'iam:CreateRole',
    'iam:PutRolePolicy',
    'iam:AttachRolePolicy',
    'iam:PutRolePermissionsBoundary',
  ])('allows %s with the boundary of the site only, when it has one', (action) => {
    const bounded = buildExecutionPolicy(siteOf({ permissionsBoundary: 'limits' }), everyType);
    expect(allowing(bounded, action).map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PermissionsBoundary': 'arn:aws:iam::111122223333:policy/limits' } },
    ]);
    expect(allowing(bounded, 'iam:DeleteRolePermissionsBoundary')).toEqual([]);
  });
});

describe('the policy of a person', () => {
  test('assumes the roles of the bootstrap that the site names, and reads its stack', () => {
    const { Statement } = buildInstallerPolicy(siteOf({ bootstrapQualifier: 'platform' }));
    expect(
      Statement.flatMap(({ Action, Resource }) => Resource.map((one) => `${Action.join()} ${one}`)),
    ).toEqual([
      'sts:AssumeRole arn:aws:iam::111122223333:role/cdk-platform-deploy-role-111122223333-eu-central-1',
      'sts:AssumeRole arn:aws:iam::111122223333:role/cdk-platform-file-publishing-role-111122223333-eu-central-1',
      'sts:AssumeRole arn:aws:iam::111122223333:role/cdk-platform-lookup-role-111122223333-eu-central-1',
      expect.stringMatching(/^cloudformation:Describe.* arn:aws:cloudformation:.*:stack\/drydock-main\/\*$/),
    ]);
  });

  test('of a region in another partition names that partition', () => {
    const text = JSON.stringify(buildInstallerPolicy(siteOf({ region: 'us-gov-west-1' })));
    expect(text).toContain('arn:aws-us-gov:iam');
    expect(text).not.toContain('"arn:aws:');
  });
});

describe('node infra/install-policy.ts', () => {
  test('--for cloudformation prints the policy of the execution role', async () => {
    const { output, exitCode } = await runInstallPolicy(['--for', 'cloudformation']);
    expect(JSON.parse(output)).toMatchObject({ Version: '2012-10-17' });
    expect(exitCode).toBe(0);
  });

  test.each([
    [['--for', 'nobody'], /Say whom the policy is for[^]*--for person/],
    [['--who'], /--who[^]*--for person/],
    [['--for', 'person', '--site', 'mian'], /no site mian; known: main/],
  ])('%j ends in 2', async (args, message) => {
    const { output, exitCode } = await runInstallPolicy(args);
    expect(output).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test('--for person prints the policy of a person', async () => {
    const { output } = await runInstallPolicy(['--for', 'person']);
    expect(JSON.parse(output)).toMatchObject({ Statement: [{ Action: ['sts:AssumeRole'] }, {}] });
  });
});

test('the table in infra/README.md is current; otherwise run: node infra/write-resource-table.ts', async () => {
  const parsed = await readConfigurationFile(path.join(ROOT, 'drydock.yaml'));
  if (!parsed.ok) throw new Error('drydock.yaml is not valid.');
  const text = await readFile(path.join(ROOT, 'infra/README.md'), 'utf8');
  const table = formatResourceTable(countResources(parsed.configuration, 'main'));
  expect(replaceResourceTable(text, table)).toBe(text);
});
