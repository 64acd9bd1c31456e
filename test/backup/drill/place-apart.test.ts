import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesBucket } from '../../../functions/backup/drill/bucket-pattern.ts';
import { findShared } from '../../../functions/backup/drill/place-apart.ts';
import { judgeSecondLook } from '../../../functions/backup/drill/same-place.ts';
import type { PlaceIdentity, UsedPlace } from '../../../functions/records/backup/drill-place.ts';
import { buildPlace, buildUsed } from './drill-builders.ts';

const server = (host: string, addresses: string[], what: 'database' | 'redis' | 'gitaly' = 'database') => ({
  what,
  host,
  port: 5432,
  addresses,
});

describe('a place of its own', () => {
  it('shares nothing', () => {
    expect(findShared(buildPlace(), [buildUsed(), buildUsed({ environment: 'staging' })])).toEqual([]);
  });

  it.each<[string, Partial<PlaceIdentity>, Partial<UsedPlace>]>([
    ['Namespace gitlab of production is that of', { namespace: 'gitlab' }, {}],
    ['gitlab.example.com is the address of', { hosts: ['gitlab.example.com'] }, {}],
    ['GitLab.Example.com. is the address of', { hosts: ['GitLab.Example.com.'] }, {}],
    ['is prod.db.example.com', { servers: [server('PROD.db.example.com', ['10.9.0.5'])] }, {}],
    ['is prod.db.example.com', { servers: [server('other.name', ['10.9.0.5', '10.0.0.5'])] }, {}],
    [
      'the RDS instance gitlab-prod',
      { servers: [server('gitlab-prod.abc.rds.amazonaws.com', ['10.9.0.5'])] },
      {},
    ],
    [
      'is r.example.com, the redis server',
      { servers: [server('r.example.com', ['10.9.0.6'], 'redis')] },
      { servers: [server('r.example.com', ['10.0.0.6'], 'redis')] },
    ],
    ['Bucket acme-uploads is one of', { buckets: ['acme-uploads'] }, {}],
    ['Bucket acme-gitlab-lfs looks like one of', { buckets: ['acme-gitlab-lfs'] }, {}],
    ['No bucket of the place is known', { buckets: [] }, {}],
    ['Nobody can tell which server', { servers: [server('drill.db.example.com', [])] }, {}],
    ['What production uses is not known: no right', {}, { unread: 'no right' }],
  ])('is refused: %s', (message, place, used) => {
    const found = findShared(buildPlace(place), [
      buildUsed({ environment: 'staging', ...OTHER }),
      buildUsed(used),
    ]);
    expect(found).toEqual([expect.stringContaining(message)]);
  });

  it.each([[{ account: '999988887777' }], [{ region: 'us-east-1' }], [{ cluster: 'scratch' }]])(
    'may have the name of a namespace elsewhere: %j',
    (elsewhere) => {
      expect(findShared(buildPlace({ namespace: 'gitlab', ...elsewhere }), [buildUsed()])).toEqual([]);
    },
  );

  it('is refused whatever one thing of whatever environment it has', () => {
    const kinds = fc.constantFrom('host', 'server', 'address', 'bucket', 'namespace');
    fc.assert(
      fc.property(kinds, fc.nat(4), fc.nat(4), (kind, at, length) => {
        const used = Array.from({ length: length + at + 1 }, (_, index) => environment(index));
        const theirs = environment(at);
        const [theirServer] = theirs.servers;
        if (!theirServer) throw new Error('an environment has a server');
        const change: Record<typeof kind, Partial<PlaceIdentity>> = {
          host: { hosts: ['own.example.com', ...theirs.hosts] },
          server: { servers: [...buildPlace().servers, { ...theirServer, addresses: ['10.9.9.9'] }] },
          address: { servers: [{ ...theirServer, host: 'alias.example.com' }] },
          bucket: { buckets: ['own-bucket', ...theirs.buckets] },
          namespace: { namespace: theirs.namespaces[0] ?? '' },
        };
        expect(findShared(buildPlace(), used)).toEqual([]);
        expect(findShared(buildPlace(change[kind]), used).join()).toContain(theirs.environment);
      }),
    );
  });
});

const OTHER = {
  namespaces: ['gitlab-staging'],
  hosts: ['staging.example.com'],
  servers: [],
  instances: [],
  buckets: [],
  bucketPatterns: [],
};

const environment = (index: number): UsedPlace =>
  buildUsed({
    environment: `env-${index}`,
    namespaces: [`gitlab-${index}`],
    hosts: [`gitlab-${index}.example.com`],
    servers: [server(`db-${index}.example.com`, [`10.0.1.${index}`])],
    instances: [`rds-${index}`],
    buckets: [`bucket-${index}`],
    bucketPatterns: [`env-${index}-*`],
  });

describe('a pattern of buckets', () => {
  it.each([
    ['acme-*', 'acme-uploads', true],
    ['acme-*', 'other-acme-', false],
    ['*-lfs', 'acme-lfs', true],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c', false],
    ['aa*aa', 'aaa', false],
    ['acme', 'acme', true],
    ['acme', 'acme2', false],
    ['*', 'anything', false],
    ['**', 'anything', false],
  ])('%s and %s: %s', (pattern, bucket, expected) => {
    expect(matchesBucket(pattern, bucket)).toBe(expected);
  });
});

describe('the second look', () => {
  const used = [buildUsed()];

  it('lets the same place be emptied, after a failover of its database too', () => {
    const later = buildPlace({ servers: [server('drill.db.example.com', ['10.9.0.77'])] });
    expect(judgeSecondLook(buildPlace(), later, used)).toEqual([]);
  });

  it.each<[string, Partial<PlaceIdentity>]>([
    ['The buckets', { buckets: ['acme-drill-uploads', 'acme-other'] }],
    ['The servers', { servers: [server('other.db.example.com', ['10.9.0.5'])] }],
    ['The release', { namespace: 'elsewhere' }],
    ['The cluster', { cluster: 'elsewhere' }],
    ['The account', { account: '999988887777' }],
  ])('finds a change: %s', (what, change) => {
    expect(judgeSecondLook(buildPlace(), buildPlace(change), used).join()).toContain(what);
  });

  it('asks again whether it is anybody’s', () => {
    const moved = [buildUsed({ buckets: ['acme-drill-tmp'] })];
    expect(judgeSecondLook(buildPlace(), buildPlace(), moved)).toEqual([
      'Bucket acme-drill-tmp is one of production.',
    ]);
  });

  it('empties nothing that nobody could look at', () => {
    expect(judgeSecondLook(undefined, buildPlace(), used)).toHaveLength(1);
    expect(judgeSecondLook(buildPlace(), undefined, used)).toHaveLength(1);
  });
});
