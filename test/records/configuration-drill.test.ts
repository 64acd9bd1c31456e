import { describe, expect, it, test } from 'vitest';
import { narrowToSite } from '../../functions/records/configuration/narrow-to-site.ts';
import { parseConfiguration } from '../../functions/records/configuration/parse-configuration.ts';
import { Configuration } from '../../functions/records/configuration.ts';

/** Two GitLabs of one site, of which the first is rehearsed, unless said otherwise. */

const settings = (name: string, more: object = {}) => ({
  role: 'arn:aws:iam::123456789012:role/gitlab-toolbox',
  destination: { bucket: `${name}-archives` },
  tmpBucket: `${name}-tmp`,
  secrets: { bucket: `${name}-secrets`, kmsKey: 'alias/secrets' },
  policies: { daily: { schedule: 'cron(0 3 * * ? *)' } },
  ...more,
});
const place = (namespace: string, more: object = {}) => ({ scratch: { namespace, ...more }, drill: {} });
const SPARE = { database: { instance: 'spare' }, buckets: ['spare-*'] };
/** The place of a drill of native sets, whose new databases are reached. */
const reached = (instance: string, namespace = 'drill') => ({
  scratch: { namespace, database: { instance } },
  drill: { allowed: [{ cidr: '10.0.9.0/24', ports: [5432], why: 'subnets of the spare database' }] },
});
const NATIVE_PARTS = {
  database: { instance: 'gitlab' },
  gitaly: { bucket: 'production-gitaly' },
  policies: { daily: { schedule: 'cron(0 3 * * ? *)', kind: 'native' } },
};
const FIRST = { restore: place('drill') };

const DAILY = { schedule: 'cron(0 3 * * ? *)', versions: [] };
const UNREAD = {
  secrets: { bucket: 'sealed', kmsKey: 'alias/x', helmValues: false },
  policies: { daily: DAILY },
};

const makeFile = (first: object = FIRST, second: object = {}, elsewhere = false) => ({
  version: 1,
  sites: {
    main: { account: '123456789012', region: 'eu-central-1' },
    ...(elsewhere && { away: { account: '123456789012', region: 'eu-west-1' } }),
  },
  environments: {
    production: { site: 'main', cluster: { name: 'blue' } },
    staging: { site: elsewhere ? 'away' : 'main', cluster: { name: 'blue' } },
  },
  backup: {
    environments: {
      production: settings('production', first),
      staging: settings('staging', { namespace: 'gitlab-staging', ...second }),
    },
  },
});
const problemsOf = (...given: Parameters<typeof makeFile>): string[] => {
  const parsed = parseConfiguration(JSON.stringify(makeFile(...given)));
  return parsed.ok ? [] : parsed.problems.map(({ path, message }) => `${path.join('.')} ${message}`);
};

test('one in a place of its own is taken', () => {
  expect(problemsOf()).toEqual([]);
});

describe('a drill is refused', () => {
  const path = 'backup.environments.production.restore';
  it.each<[string, Parameters<typeof makeFile>, string]>([
    ['without a place', [{ restore: { drill: {} } }], `${path}.drill needs a place`],
    [
      'in the place of the GitLab itself',
      [{ restore: place('gitlab') }],
      `${path}.scratch.namespace "gitlab" is that of the GitLab of "production"`,
    ],
    [
      'in that of another one',
      [{ restore: place('gitlab-staging') }],
      `${path}.scratch.namespace "gitlab-staging" is that of the GitLab of "staging"`,
    ],
    [
      'in the place of the drills of another one',
      [FIRST, { restore: place('drill') }],
      'backup.environments.staging.restore.scratch.namespace "drill" is the place of the drills of "production"',
    ],
    [
      'where its own values are not read',
      [{ ...FIRST, ...UNREAD }],
      `${path}.drill needs the values of every GitLab of its site`,
    ],
    [
      'where those of another GitLab of its site are not read',
      [FIRST, UNREAD],
      'secrets.helmValues: true for "staging"',
    ],
    [
      'where sets are native and the place has no database for them',
      [{ ...FIRST, ...NATIVE_PARTS }],
      `${path}.drill has nothing to rehearse: native sets need an RDS instance of the place`,
    ],
    [
      'where nobody reaches the database that is made for it',
      [{ restore: place('drill', SPARE), ...NATIVE_PARTS }],
      `${path}.drill.allowed lets nobody reach the database`,
    ],
    [
      'with the database of another one',
      [{ restore: reached('spare') }, { database: { instance: 'spare' } }],
      `${path}.scratch.database.instance "spare" is the database of "staging"`,
    ],
    [
      'with the database of the place of another one',
      [{ restore: reached('spare') }, { restore: reached('spare', 'drill-2') }],
      'staging.restore.scratch.database.instance "spare" is the database of "production.restore.scratch"',
    ],
    [
      'beside a database that is named as what it would delete',
      [{ restore: reached('spare') }, { database: { instance: 'spare-restore-1' } }],
      `${path}.scratch.database.instance "spare" would have a drill delete "spare-restore-1" of "staging"`,
    ],
    [
      'with any bucket of the account',
      [{ restore: place('drill', { buckets: ['*'] }) }],
      `${path}.scratch.buckets.0 "*" would have objects copied into any bucket`,
    ],
    [
      'where no archive brings a whole GitLab back',
      [{ ...FIRST, policies: { daily: { ...DAILY, skip: ['repositories'] } } }],
      `${path}.drill has nothing to rehearse`,
    ],
  ])('%s', (_, given, message) => {
    expect(problemsOf(...given)).toEqual([expect.stringContaining(message)]);
  });
});

describe('a drill is taken', () => {
  it.each<[string, Parameters<typeof makeFile>]>([
    ['in a namespace of that name on another cluster', [{ restore: place('gitlab', { cluster: 'green' }) }]],
    ['at another site in a place of the same name', [FIRST, { restore: place('drill') }, true]],
    ['beside a GitLab of another site whose values are not read', [FIRST, UNREAD, true]],
    ['of native sets', [{ restore: reached('spare'), ...NATIVE_PARTS }]],
    ['beside another one', [FIRST, { restore: place('drill-2') }]],
  ])('%s', (_, given) => {
    expect(problemsOf(...given)).toEqual([]);
  });
});

test('a site keeps its drill, and is told nothing of that of another one', () => {
  const whole = Configuration.parse(makeFile(FIRST, { restore: place('drill-2') }, true));
  const { backup } = narrowToSite(whole, 'main');
  expect(backup?.environments['production']?.restore).toMatchObject({
    scratch: { namespace: 'drill' },
    drill: { maxAgeDays: 45, wayOut: 'expected', schedule: 'cron(0 10 ? * TUE#1 *)' },
  });
  expect(JSON.stringify(backup)).not.toContain('drill-2');
});
