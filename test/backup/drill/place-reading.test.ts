import { describe, expect, it } from 'vitest';
import { findShared } from '../../../functions/backup/drill/place-apart.ts';
import { readPlaceValues } from '../../../functions/backup/drill/place-values.ts';
import { listUsedPlaces } from '../../../functions/backup/drill/used-places.ts';
import { openChartValues } from '../../../functions/backup/values/chart-values.ts';
import type { ValueMap } from '../../../functions/backup/values/value-tree.ts';
import { parseConfiguration } from '../../../functions/records/configuration/parse-configuration.ts';
import { buildPlace } from './drill-builders.ts';

const read = (global: ValueMap) => readPlaceValues(openChartValues({ global }));

describe('what values say of a place', () => {
  it('are its addresses, by their names or by its domain', () => {
    const { hosts } = read({
      hosts: { domain: 'example.com', hostSuffix: 'drill', registry: { name: 'images.example.org' } },
    });
    expect(hosts).toContain('gitlab-drill.example.com');
    expect(hosts).toContain('images.example.org');
    expect(hosts).not.toContain('registry-drill.example.com');
  });

  it('are all servers outside of it, each once, and no secret in a wrong place', () => {
    const { servers } = read({
      psql: {
        host: 'db.example.com',
        main: { host: 'db.example.com' },
        ci: { host: 'ci.example.com', port: 6432 },
      },
      redis: {
        host: 'redis.example.com',
        queues: { host: 'queues.example.com' },
        cache: { host: 'a password!' },
      },
      gitaly: { external: [{ name: 'default', hostname: 'gitaly.example.com' }] },
    });
    expect(servers.map(({ what, host, port }) => `${what} ${host}:${port}`)).toEqual([
      'database db.example.com:5432',
      'database ci.example.com:6432',
      'redis redis.example.com:6379',
      'redis queues.example.com:6379',
      'gitaly gitaly.example.com:8075',
    ]);
  });

  it.each<[string, ValueMap]>([
    ['global.smtp.enabled', { smtp: { enabled: true } }],
    ['global.appConfig.incomingEmail.enabled', { appConfig: { incomingEmail: { enabled: true } } }],
    ['global.appConfig.serviceDeskEmail.enabled', { appConfig: { serviceDeskEmail: { enabled: 'true' } } }],
  ])('is whether mail is on: %s', (path, values) => {
    expect(read(values).mail.on).toEqual([path]);
  });

  it('is that mail is off where nobody has switched it on', () => {
    expect(read({}).mail.on).toEqual([]);
  });
});

const CONFIGURATION = `version: 1
sites:
  main: { account: '111122223333', region: eu-central-1 }
environments:
  production:
    cluster: { name: production }
    gitlab: { url: 'https://gitlab.example.com' }
  shop:
    cluster: { name: shop }
backup:
  environments:
    production:
      role: arn:aws:iam::111122223333:role/toolbox
      destination: { bucket: acme-archives, account: '999988887777', region: eu-west-1 }
      tmpBucket: acme-tmp
      secrets: { bucket: acme-secrets, kmsKey: alias/secrets }
      database: { instance: gitlab-prod }
      sourceBuckets: ['acme-gitlab-*']
      policies:
        daily: { schedule: cron(30 1 * * ? *) }
`;

const configuration = () => {
  const parsed = parseConfiguration(CONFIGURATION);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.configuration;
};

describe('the environments that a drill must not touch', () => {
  const seen = {
    hosts: ['registry.example.com'],
    servers: [{ what: 'redis' as const, host: 'redis.example.com', port: 6379, addresses: ['10.0.0.9'] }],
    buckets: ['acme-uploads'],
  };
  const used = listUsedPlaces(configuration(), new Map([['production', { known: true, value: seen }]]));

  it('are all of drydock.yaml, with what was read of their releases', () => {
    expect(used).toMatchObject([
      {
        environment: 'production',
        cluster: 'production',
        namespaces: ['gitlab'],
        hosts: ['gitlab.example.com', 'registry.example.com'],
        instances: ['gitlab-prod'],
        buckets: ['acme-archives', 'acme-secrets', 'acme-tmp', 'acme-uploads'],
        bucketPatterns: ['acme-gitlab-*'],
      },
      { environment: 'shop', cluster: 'shop', namespaces: [], buckets: [] },
    ]);
    expect(findShared(buildPlace(), used)).toEqual([]);
    expect(findShared(buildPlace({ buckets: ['acme-uploads'] }), used)).toHaveLength(1);
  });

  it('are not known where a release could not be read, and then no drill begins', () => {
    const why = { known: false, why: 'no right' } as const;
    for (const map of [new Map(), new Map([['production', why]])]) {
      expect(findShared(buildPlace(), listUsedPlaces(configuration(), map)).join()).toContain('is not known');
    }
  });
});
