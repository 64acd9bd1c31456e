import { describe, expect, test } from 'vitest';
import { narrowToSite } from '../../functions/records/configuration/narrow-to-site.ts';
import { Configuration } from '../../functions/records/configuration.ts';

const target = (environment: string, image: string, name: string) => ({
  environment,
  workload: { kind: 'Deployment', namespace: 'shop', name },
  container: 'web',
  image,
  policy: { type: 'digest', tag: 'latest' },
});

const backupTo = (bucket: string) => ({
  role: 'arn:aws:iam::111111111111:role/gitlab-toolbox',
  destination: { bucket },
  tmpBucket: `${bucket}-tmp`,
  secrets: { bucket: `${bucket}-secrets`, kmsKey: 'alias/secrets' },
  policies: { daily: { schedule: 'cron(0 3 * * ? *)' } },
});

const configuration = Configuration.parse({
  version: 1,
  sites: {
    east: { account: '111111111111', region: 'us-east-1' },
    west: { account: '222222222222', region: 'us-west-2' },
    empty: { account: '333333333333', region: 'us-west-1' },
  },
  environments: {
    staging: { site: 'east', cluster: { name: 'e1' } },
    production: { site: 'west', cluster: { name: 'w1' } },
  },
  registries: {
    gitlab: { host: 'registry.example.com' },
    port: { host: 'registry.example.com:5050' },
    hub: { host: 'docker.io' },
    unused: { host: 'quay.io' },
  },
  sources: {
    hook: {
      kind: 'distribution',
      registry: 'gitlab',
      site: 'east',
      auth: { type: 'bearer', secret: 'drydock/e' },
    },
    ci: { kind: 'native', site: 'west', auth: { type: 'hmac', secret: 'drydock/ci' } },
  },
  backup: { environments: { staging: backupTo('east'), production: backupTo('west') } },
  deployment: {
    sweep: { everyMinutes: 7 },
    targets: {
      a: target('staging', 'docker.io/library/redis', 'a'),
      b: target('production', 'registry.example.com:5050/shop/web', 'b'),
    },
  },
});

const namesOf = (site: string) => {
  const { sites, environments, sources, registries, deployment } = narrowToSite(configuration, site);
  return [sites, environments, sources, registries, deployment?.targets ?? {}].map((section) =>
    Object.keys(section),
  );
};

describe('what a site is told', () => {
  test.each([
    ['east', [['east'], ['staging'], ['hook'], ['gitlab', 'hub'], ['a']]],
    ['west', [['west'], ['production'], ['ci'], ['port'], ['b']]],
    ['empty', [['empty'], [], [], [], []]],
  ])('%s: sites, environments, sources, registries, targets %j', (site, names) => {
    expect(namesOf(site)).toEqual(names);
  });

  test('settings of a capability are those of the file', () => {
    expect(narrowToSite(configuration, 'west').deployment?.sweep).toEqual({ everyMinutes: 7 });
  });

  test.each([
    ['east', ['staging']],
    ['west', ['production']],
    ['empty', []],
  ])('%s backs up its own environments alone: %j', (site, names) => {
    expect(Object.keys(narrowToSite(configuration, site).backup?.environments ?? {})).toEqual(names);
  });

  test('a capability that is off stays off', () => {
    const off = Configuration.parse({ version: 1, sites: { only: configuration.sites['east'] } });
    expect(narrowToSite(off, 'only')).toEqual(off);
  });

  test.each(['east', 'west', 'empty'])('the part of %s is a valid configuration', (site) => {
    const part = narrowToSite(configuration, site);
    expect(Configuration.parse(JSON.parse(JSON.stringify(part)))).toEqual(part);
  });

  test('the configuration of a single site is told whole, but for registries that nobody names', () => {
    const part = narrowToSite(configuration, 'east');
    expect(narrowToSite(part, 'east')).toEqual(part);
  });
});
