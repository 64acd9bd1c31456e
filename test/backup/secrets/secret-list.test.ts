import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listSecrets } from '../../../functions/backup/secrets/secret-list.ts';
import { openChartValues } from '../../../functions/backup/values/chart-values.ts';
import { ordinaryWith, valuesOf } from '../values/ordinary-values.ts';

const listOf = (yaml: string, release = 'gitlab') =>
  listSecrets(release, openChartValues(valuesOf(yaml), 10));
const namesOf = (yaml: string) => listOf(yaml).map(({ name }) => name);

/** What the chart makes when nothing is switched on or off. */
const ALWAYS = [
  'gitlab-rails-secret',
  'gitlab-postgresql-password',
  'gitlab-redis-secret',
  'gitlab-gitlab-shell-host-keys',
  'gitlab-registry-secret',
  'gitlab-gitlab-shell-secret',
  'gitlab-gitaly-secret',
  'gitlab-gitlab-workhorse-secret',
  'gitlab-registry-httpsecret',
  'gitlab-registry-notification',
  'gitlab-gitlab-kas-secret',
  'gitlab-kas-private-api',
  'gitlab-kas-websocket-token',
  'gitlab-gitlab-initial-root-password',
  'gitlab-gitlab-runner-secret',
];

it('a GitLab of defaults has the secrets that its chart makes', () => {
  expect(namesOf('{}')).toEqual(ALWAYS);
});

it('the name of the release is in the names that the chart makes', () => {
  expect(listOf('{}', 'forge').every(({ name }) => name.startsWith('forge-'))).toBe(true);
});

it('an ordinary GitLab on EKS has those that its values name as well', () => {
  const all = listSecrets('gitlab', openChartValues(ordinaryWith(''), 10));
  const named = all.flatMap(({ id, name, namedBy }) => (namedBy === undefined ? [] : [`${id} ${name}`]));
  expect(named).toEqual([
    'postgresql-password gitlab-postgresql',
    'redis-secret gitlab-redis',
    'global.appConfig.object_store.connection gitlab-object-storage',
    'gitlab.toolbox.backups.objectStorage.config gitlab-s3cfg',
    'registry.storage gitlab-registry-storage',
  ]);
});

describe('a part that is switched', () => {
  it.each([
    [
      'on brings its own: Praefect',
      'global: { praefect: { enabled: true } }',
      ['praefect-secret', 'praefect-dbsecret'],
    ],
    ['on brings its own: Pages', 'global: { pages: { enabled: true } }', ['gitlab-pages-secret']],
    [
      'on brings its own: Pages with access control',
      'global: { pages: { enabled: true, accessControl: true } }',
      ['gitlab-pages-secret', 'gitlab-pages-auth-secret', 'oauth-gitlab-pages-secret'],
    ],
    [
      'on brings its own: incoming mail',
      'global: { appConfig: { incomingEmail: { enabled: true } } }',
      ['incoming-email-auth-token'],
    ],
    [
      'on brings its own: the service desk',
      'global: { appConfig: { serviceDeskEmail: { enabled: true } } }',
      ['service-desk-email-auth-token'],
    ],
    ['on brings its own: OpenBao', 'openbao: { install: true }', ['openbao-unseal', 'openbao-audit-secret']],
    [
      'on brings its own: the database of the registry',
      'registry: { database: { enabled: true } }',
      ['registry-database-password'],
    ],
  ])('%s', (_title, yaml, more) => {
    const names = namesOf(yaml);
    expect(names.filter((name) => !ALWAYS.includes(name))).toEqual(more.map((suffix) => `gitlab-${suffix}`));
  });

  it.each([
    [
      'the agent server',
      'global: { kas: { enabled: false } }',
      ['gitlab-kas-secret', 'kas-private-api', 'kas-websocket-token'],
    ],
    ['the registry', 'registry: { enabled: false }', ['registry-httpsecret', 'registry-notification']],
    ['the password of Redis', 'global: { redis: { auth: { enabled: false } } }', ['redis-secret']],
  ])('off has none: %s', (_title, yaml, less) => {
    const names = namesOf(yaml);
    expect(ALWAYS.filter((name) => !names.includes(name))).toEqual(less.map((suffix) => `gitlab-${suffix}`));
  });
});

describe('the values name', () => {
  it.each([
    ['TLS of all hosts', 'global: { ingress: { tls: { secretName: mine } } }', 'global.ingress.tls'],
    [
      'TLS of one host',
      'gitlab: { webservice: { ingress: { tls: { secretName: mine } } } }',
      'gitlab.webservice.ingress.tls',
    ],
    ['SMTP', 'global: { smtp: { password: { secret: mine } } }', 'global.smtp.password'],
    [
      'an LDAP server',
      'global: { appConfig: { ldap: { servers: { main: { password: { secret: mine } } } } } }',
      'global.appConfig.ldap.servers.main.password',
    ],
    [
      'the second provider of OmniAuth',
      'global: { appConfig: { omniauth: { providers: [{}, { secret: mine }] } } }',
      'global.appConfig.omniauth.providers.1',
    ],
    ['the license', 'global: { gitlab: { license: { secret: mine } } }', 'global.gitlab.license'],
    [
      'a database of CI',
      'global: { psql: { ci: { password: { secret: mine } } } }',
      'global.psql.ci.password',
    ],
    [
      'a Redis of its own for caches',
      'global: { redis: { cache: { password: { secret: mine } } } }',
      'global.redis.cache.password',
    ],
    [
      'the connection of one type',
      'global: { appConfig: { artifacts: { connection: { secret: mine } } } }',
      'global.appConfig.artifacts.connection',
    ],
    ['the secrets of Rails', 'global: { railsSecrets: { secret: mine } }', 'rails-secret'],
  ])('%s', (_title, yaml, id) => {
    expect(listOf(yaml).filter(({ name }) => name === 'mine')).toMatchObject([{ id, name: 'mine' }]);
  });

  it('one secret at two places, and it comes once', () => {
    const yaml =
      'global: { appConfig: { lfs: { connection: { secret: one } }, uploads: { connection: { secret: one } } } }';
    expect(namesOf(yaml).filter((name) => name === 'one')).toHaveLength(1);
  });

  it('nothing where a password was written instead of a name, and the password is not repeated', () => {
    const yaml = 'global: { smtp: { password: { secret: "Hunter2!QXZ" } } }';
    expect(JSON.stringify(listOf(yaml))).not.toContain('QXZ');
  });
});

it('each name and each id comes once, and each row says why, whatever is switched on', () => {
  const parts = fc.record({
    praefect: fc.boolean(),
    pages: fc.boolean(),
    registry: fc.boolean(),
    kas: fc.boolean(),
    secret: fc.constantFrom('a', 'b', 'gitlab-rails-secret'),
  });
  fc.assert(
    fc.property(parts, ({ praefect, pages, registry, kas, secret }) => {
      const all = listSecrets(
        'gitlab',
        openChartValues(
          {
            global: {
              praefect: { enabled: praefect },
              pages: { enabled: pages, objectStore: { connection: { secret } } },
              kas: { enabled: kas },
              smtp: { password: { secret } },
              psql: { password: { secret } },
            },
            registry: { enabled: registry, storage: { secret } },
          },
          10,
        ),
      );
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      expect(all.filter(({ why }) => !/^[A-Z].+\.$/s.test(why))).toEqual([]);
      expect(all[0]).toMatchObject({ id: 'rails-secret', need: 'required', purpose: 'data' });
    }),
  );
});
