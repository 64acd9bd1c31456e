import { readFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateJsonSchema } from '../../functions/records/configuration/json-schema.ts';
import {
  clusterOf,
  findRegistryForImage,
  findTargetsForImage,
} from '../../functions/records/configuration/lookup.ts';
import { readConfigurationFile } from '../../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../../functions/records/configuration/problem.ts';
import { suggestName } from '../../functions/records/configuration/suggestion.ts';
import { Configuration } from '../../functions/records/configuration.ts';

const target = {
  environment: 'staging',
  workload: { kind: 'Deployment', namespace: 'shop', name: 'web' },
  container: 'web',
  image: 'registry.example.com/shop/web',
  policy: { type: 'digest', tag: 'latest' },
};
const minimal = {
  version: 1,
  sites: { main: { account: '123456789012', region: 'eu-central-1' } },
  environments: { staging: { cluster: { name: 'shop' } } },
  registries: { gitlab: { host: 'registry.example.com' } },
};
const parseTarget = (changes: object) =>
  Configuration.parse({ ...minimal, deployment: { targets: { web: { ...target, ...changes } } } }).deployment
    ?.targets['web'];

describe('what is left out', () => {
  test('a capability without a section is off', () => {
    expect(Configuration.parse(minimal).deployment).toBeUndefined();
  });

  test('a site has no webhook, keeps logs for 30 days and mails nobody', () => {
    expect(Configuration.parse(minimal).sites['main']).toEqual({
      account: '123456789012',
      region: 'eu-central-1',
      webhook: { exposure: 'none' },
      logRetentionDays: 30,
      notifications: { subscribe: [] },
    });
  });

  test('the only site is the site of every environment and source', () => {
    const { environments, sources } = Configuration.parse({
      ...minimal,
      sources: { ci: { kind: 'native', auth: { type: 'bearer', secret: 'drydock/ci' } } },
    });
    expect([environments['staging']?.site, sources['ci']?.site]).toEqual(['main', 'main']);
  });

  test('a target observes, leaves fields to their owners, and is watched as the capability says', () => {
    const parsed = Configuration.parse({
      ...minimal,
      deployment: { watch: { deadlineSeconds: 300 }, targets: { web: target } },
    });
    expect(parsed.deployment?.targets['web']).toMatchObject({ mode: 'observe', takeOwnership: false });
    expect(parsed.deployment?.targets['web']?.watch).toEqual(parsed.deployment?.watch);
    expect(parsed.deployment?.watch.deadlineSeconds).toBe(300);
  });

  test('a target overrides one grace and inherits the others', () => {
    const watch = parseTarget({ watch: { graces: { oomKilledSeconds: 1 } } })?.watch;
    expect(watch?.graces).toMatchObject({ oomKilledSeconds: 1, imagePullBackOffSeconds: 60 });
  });

  test.each([
    ['Deployment', 'auto'],
    ['StatefulSet', 'report'],
    ['DaemonSet', 'report'],
    ['CronJob', 'report'],
  ])('a failed rollout of a %s: %s', (kind, rollback) => {
    expect(parseTarget({ workload: { ...target.workload, kind } })?.rollback).toBe(rollback);
  });

  test.each([
    ['registry.example.com:5050', undefined, 'https://registry.example.com:5050'],
    ['docker.io', undefined, 'https://registry-1.docker.io'],
    ['registry.example.com', 'https://internal.example.com', 'https://internal.example.com'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000', 'http://127.0.0.1:5000'],
  ])('the registry %s with url %s answers at %s', (host, url, expected) => {
    const parsed = Configuration.parse({ ...minimal, registries: { one: { host, ...(url && { url }) } } });
    expect(parsed.registries['one']?.url).toBe(expected);
  });
});

describe('the JSON that travels to the Lambdas', () => {
  const watches = fc.record(
    {
      deadlineSeconds: fc.integer({ min: 10, max: 1_500 }),
      graces: fc.record({ oomKilledSeconds: fc.integer({ min: 0, max: 86_400 }) }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  );
  const targets = fc.record({
    workload: fc.record({
      kind: fc.constantFrom('Deployment', 'StatefulSet', 'DaemonSet', 'CronJob'),
      namespace: fc.stringMatching(/^[a-z]{1,20}$/),
      name: fc.stringMatching(/^[a-z]{1,20}$/),
    }),
    watch: watches,
    mode: fc.constantFrom('observe', 'act'),
  });

  test('it parses to the same configuration again', () => {
    fc.assert(
      fc.property(targets, watches, (changes, watch) => {
        const first = Configuration.parse({
          ...minimal,
          deployment: { watch, targets: { web: { ...target, ...changes } } },
        });
        expect(Configuration.parse(JSON.parse(JSON.stringify(first)))).toEqual(first);
      }),
      { numRuns: 50 },
    );
  });
});

describe('lookups', () => {
  const configuration = Configuration.parse({
    version: 1,
    sites: {
      east: { account: '111111111111', region: 'us-east-1' },
      west: { account: '222222222222', region: 'us-west-2' },
    },
    environments: {
      staging: { site: 'east', cluster: { name: 'e1' } },
      production: { site: 'west', cluster: { name: 'w1' } },
    },
    registries: { gitlab: { host: 'registry.example.com' }, local: { host: 'registry.example.com:5050' } },
    sources: {
      ci: { kind: 'native', site: 'west', auth: { type: 'hmac', secret: 'drydock/ci' } },
    },
    deployment: { targets: { a: target, b: { ...target, environment: 'production' } } },
  });

  test('an image finds all its targets, and no other image does', () => {
    const namesOf = (image: string) => findTargetsForImage(configuration, image).map(({ name }) => name);
    expect(namesOf('registry.example.com/shop/web')).toEqual(['a', 'b']);
    expect(namesOf('registry.example.com/shop/web2')).toEqual([]);
    expect(namesOf('registry.example.com:5050/shop/web')).toEqual([]);
  });

  test('an image finds its registry by the whole host, port included', () => {
    expect(findRegistryForImage(configuration, 'registry.example.com:5050/a')?.host).toBe(
      'registry.example.com:5050',
    );
    expect(findRegistryForImage(configuration, 'quay.io/a')).toBeUndefined();
  });

  test('an environment finds its cluster and region', () => {
    expect(clusterOf(configuration, 'production')).toEqual({
      cluster: 'w1',
      region: 'us-west-2',
    });
    expect(clusterOf(configuration, 'gone')).toBeUndefined();
  });
});

describe('the files at the root', () => {
  test('drydock.yaml is valid', async () => {
    const parsed = await readConfigurationFile('drydock.yaml');
    expect(parsed.ok ? '' : formatProblems(parsed.problems)).toBe('');
  });

  test('drydock.schema.json is current; otherwise run: node infra/write-configuration-schema.ts', async () => {
    expect(await readFile('drydock.schema.json', 'utf8')).toBe(
      `${JSON.stringify(generateJsonSchema(), null, 2)}\n`,
    );
  });

  test('every field has a description that an editor can show', () => {
    const bare: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [name, member] of Object.entries(Reflect.get(schema, 'properties') ?? {})) {
        if (!Object.hasOwn(Object(member), 'description')) bare.push(`${path}.${name}`);
      }
      for (const [key, member] of Object.entries(schema)) visit(member, `${path}.${key}`);
    };
    visit(generateJsonSchema(), '');
    expect(bare).toEqual([]);
  });

  test('a file that is not there is a problem with advice', async () => {
    const parsed = await readConfigurationFile('no-such-drydock.yaml');
    expect(parsed.ok ? '' : formatProblems(parsed.problems)).toBe(
      'no-such-drydock.yaml:1:1 there is no such file; begin with the drydock.yaml of the repository',
    );
  });
});

describe('did you mean', () => {
  test.each([
    ['acct', ['observe', 'act'], 'act'],
    ['Webhook', ['webhook', 'region'], 'webhook'],
    ['xyz', ['observe', 'act'], undefined],
    ['anything', [], undefined],
  ])('%s among %j: %s', (written, known, expected) => {
    expect(suggestName(written, known)).toBe(expected);
  });
});
