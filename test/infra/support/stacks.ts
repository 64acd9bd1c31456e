import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { Site } from '../../../functions/records/configuration/site.ts';
import { Configuration } from '../../../functions/records/configuration.ts';
import { NodeLambda } from '../../../infra/constructs/node-lambda.ts';
import { provideSite } from '../../../infra/site.ts';
import { addSites } from '../../../infra/sites.ts';
import type { Stage } from '../../../infra/stage.ts';
import * as serveCoffee from '../fixtures/functions/shop/serve-coffee.contract.ts';

export const FIXTURE_FUNCTIONS = fileURLToPath(new URL('../fixtures/functions/', import.meta.url));

const CdkJson = z.object({ context: z.record(z.string(), z.unknown()) });
const cdkJson = CdkJson.parse(
  JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8')),
);

const ENV = { account: '111122223333', region: 'eu-central-1' };

/** One for all apps of a process: the CDK stages an asset once a folder, and ours are addressed by their content. */
const outdir = mkdtempSync(path.join(tmpdir(), 'drydock-synth-'));

/** An app with the flags of cdk.json, as the command line would make it; its templates are read before the next synth. */
export const makeApp = (stage: Stage = 'aws'): App =>
  new App({
    context: { ...cdkJson.context, stage },
    outdir,
    builtinCloudFormationValidation: false,
    // For the console of the command line; half as much work as the template itself.
    treeMetadata: false,
    stackTraces: false,
  });

/** What synth warns of. */
export const warningsOf = (stack: Stack): unknown[] =>
  stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => data);

/** An empty stack of a site named `main`. */
export const makeStack = (stage: Stage = 'aws'): Stack => {
  const stack = new Stack(makeApp(stage), 'Fixture', { env: ENV });
  provideSite(stack, { ...Site.parse(ENV), name: 'main' });
  return stack;
};

/** A Lambda to be used where any will do. */
export const makeLambda = (stack: Stack, id = 'ServeCoffee', timeout = 30): NodeLambda =>
  new NodeLambda(stack, id, {
    root: FIXTURE_FUNCTIONS,
    entry: 'shop/serve-coffee',
    contract: serveCoffee,
    environment: { LEDGER_BUCKET: 'ledger', CUPS: '3' },
    description: 'Serves coffee',
    timeout: Duration.seconds(timeout),
  });

/** A configuration with the deployment capability, one target and a public door. */
export const makeConfiguration = (site: object = {}): Configuration =>
  Configuration.parse({
    version: 1,
    sites: { main: { ...ENV, webhook: { exposure: 'public' }, ...site } },
    environments: { production: { cluster: { name: 'production' } } },
    registries: { hub: { host: 'registry.example.com', credentials: { secret: 'drydock/registry' } } },
    sources: {
      registry: { kind: 'distribution', registry: 'hub', auth: { type: 'bearer', secret: 'drydock/hook' } },
    },
    deployment: {
      targets: {
        web: {
          environment: 'production',
          workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
          container: 'web',
          image: 'registry.example.com/shop/web',
          policy: { type: 'semver', range: '^1.0.0' },
        },
      },
    },
  });

const synthesised = new Map<string, ReturnType<typeof synthesiseAnew>>();

/**
 * The template of the one stack that a configuration makes, to be read and not to be added to: of the same
 * configuration there is one for all tests of a process, since a third of a second goes into each.
 */
export const synthesise = (configuration: Configuration, stage: Stage = 'aws') => {
  const key = JSON.stringify([stage, configuration]);
  const known = synthesised.get(key) ?? synthesiseAnew(configuration, stage);
  synthesised.set(key, known);
  return known;
};

const synthesiseAnew = (configuration: Configuration, stage: Stage) => {
  const app = makeApp(stage);
  const [stack] = addSites(app, configuration);
  if (!stack) throw new Error('A configuration without a site.');
  return { app, stack, template: Template.fromStack(stack) };
};

const Resources = z.record(
  z.string(),
  z.object({
    Type: z.string(),
    Properties: z.record(z.string(), z.unknown()).default({}),
    DeletionPolicy: z.string().optional(),
  }),
);

/** Every resource of a template, in its order. */
export const listResources = (template: Template) =>
  Object.values(Resources.parse(template.toJSON()['Resources']));

const Statement = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.unknown().optional(),
  NotResource: z.unknown().optional(),
  Condition: z.unknown().optional(),
});
const Policy = z.object({
  Properties: z.object({
    PolicyDocument: z.object({ Statement: z.array(Statement) }),
    Roles: z.array(z.object({ Ref: z.string() })),
  }),
});

/** What the role whose logical id begins like this is allowed: `action on resource`, sorted. */
export const rightsOf = (template: Template, role: string, effect: 'Allow' | 'Deny' = 'Allow'): string[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => Policy.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(role)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === effect)
    .flatMap(({ Action, Resource, NotResource }) =>
      [Action]
        .flat()
        .flatMap((action) => [
          ...listed(Resource).map((one) => `${action} on ${nameOf(one)}`),
          ...listed(NotResource).map((one) => `${action} on all but ${nameOf(one)}`),
        ]),
    )
    .sort();

/** The conditions under which a role may take an action that has some. */
export const conditionsOf = (template: Template, role: string, action: string): unknown[] =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .map((policy) => Policy.parse(policy).Properties)
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref.startsWith(role)))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes(action))
    .flatMap(({ Condition }) => Condition ?? []);

const listed = (resource: unknown): unknown[] => (resource === undefined ? [] : [resource].flat());

/** A resource in a statement, as a person would name it. */
const nameOf = (resource: unknown): string => {
  if (typeof resource === 'string') return resource;
  if (Array.isArray(resource)) return resource.map(nameOf).join('');
  if (typeof resource !== 'object' || resource === null) return '';
  const [[intrinsic, argument] = ['', '']] = Object.entries(resource);
  if (intrinsic === 'Fn::Join' && Array.isArray(argument)) return nameOf(argument[1]);
  return nameOf(Array.isArray(argument) ? argument[0] : argument).replace(/[0-9A-F]{8}$/, '');
};
