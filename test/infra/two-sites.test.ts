import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { Configuration } from '../../functions/records/configuration.ts';
import { addSites } from '../../infra/sites.ts';
import { listResources, makeApp, rightsOf } from './support/stacks.ts';

const target = (environment: string, host: string) => ({
  environment,
  workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
  container: 'web',
  image: `${host}/shop/web`,
  policy: { type: 'semver', range: '^1.0.0' },
});

const configuration = Configuration.parse({
  version: 1,
  sites: {
    east: { account: '111111111111', region: 'us-east-1', webhook: { exposure: 'public' } },
    west: { account: '222222222222', region: 'us-west-2', webhook: { exposure: 'public' } },
  },
  environments: {
    'east-production': { site: 'east', cluster: { name: 'east-1' } },
    'west-staging': { site: 'west', cluster: { name: 'west-1' } },
    'west-production': { site: 'west', cluster: { name: 'west-2' } },
  },
  registries: {
    eastern: { host: 'east.example.com', credentials: { secret: 'east/registry' } },
    western: { host: 'west.example.com', credentials: { secret: 'west/registry' } },
  },
  sources: {
    'east-hook': { kind: 'native', site: 'east', auth: { type: 'hmac', secret: 'east/hook' } },
    'west-hook': {
      kind: 'distribution',
      registry: 'western',
      site: 'west',
      auth: { type: 'bearer', secret: 'west/hook' },
    },
  },
  deployment: {
    targets: {
      a: target('east-production', 'east.example.com'),
      b: target('west-staging', 'west.example.com'),
      c: target('west-production', 'west.example.com'),
    },
  },
});

const app = makeApp();
const stacks = new Map(addSites(app, configuration).map((stack) => [stack.stackName, stack]));
const templates = new Map([...stacks].map(([name, stack]) => [name, Template.fromStack(stack)]));

const templateOf = (site: string): Template => {
  const template = templates.get(`drydock-${site}`);
  if (!template) throw new Error(`No stack of site ${site}.`);
  return template;
};

/** The configuration that the Lambdas of a site will read, from the staged asset of its layer. */
const shippedTo = (site: string): Configuration => {
  const [layer] = listResources(templateOf(site)).filter(({ Type }) => Type === 'AWS::Lambda::LayerVersion');
  const [hash] = String(Reflect.get(Object(layer?.Properties['Content']), 'S3Key')).split('.');
  const asset = path.join(app.outdir, `asset.${hash}`);
  const file = path.join(asset, 'nodejs/node_modules/drydock-configuration/configuration.json');
  expect(existsSync(file)).toBe(true);
  return Configuration.parse(JSON.parse(readFileSync(file, 'utf8')));
};

describe.each([
  { site: 'east', environments: ['east-production'], targets: ['a'], clusters: ['east-1'] },
  {
    site: 'west',
    environments: ['west-staging', 'west-production'],
    targets: ['b', 'c'],
    clusters: ['west-1', 'west-2'],
  },
])('site $site of two', ({ site, environments, targets, clusters }) => {
  const other = site === 'east' ? 'west' : 'east';

  test('ships its own environments, sources, registries and targets alone', () => {
    const shipped = shippedTo(site);
    expect(Object.keys(shipped.sites)).toEqual([site]);
    expect(Object.keys(shipped.environments)).toEqual(environments);
    expect(Object.keys(shipped.sources)).toEqual([`${site}-hook`]);
    expect(Object.keys(shipped.registries)).toEqual([`${site}ern`]);
    expect(Object.keys(shipped.deployment?.targets ?? {})).toEqual(targets);
  });

  test('has access entries for its own clusters alone, and may describe no other', () => {
    const entries = listResources(templateOf(site)).filter(({ Type }) => Type === 'AWS::EKS::AccessEntry');
    expect(entries.map(({ Properties }) => Properties['ClusterName'])).toEqual(clusters);
    const described = rightsOf(templateOf(site), 'DeploymentClusterRole')
      .filter((right) => right.startsWith('eks:DescribeCluster on '))
      .map((right) => right.slice(right.lastIndexOf('/') + 1));
    expect(described).toEqual(clusters);
  });

  test('reads the secrets of its own registry and source alone', () => {
    const rights = Object.keys(templateOf(site).findResources('AWS::IAM::Role'))
      .flatMap((role) => rightsOf(templateOf(site), role))
      .filter((right) => right.startsWith('secretsmanager:'))
      .map((right) => right.slice(right.indexOf(':secret:') + ':secret:'.length));
    expect([...new Set(rights)].sort()).toEqual([`${site}/hook-??????`, `${site}/registry-??????`]);
  });

  test('names nothing of the other site', () => {
    const text = JSON.stringify(templateOf(site).toJSON());
    const names = new RegExp(`drydock-${other}|${other}/|${other}-|${configuration.sites[other]?.account}`);
    expect(names.exec(text)?.[0]).toBeUndefined();
  });
});
