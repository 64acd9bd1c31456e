import { describe, expect, it } from 'vitest';
import { readReleaseValues } from '../../../functions/backup/release/release-values.ts';
import { type ReadRelease, ReleaseFacts } from '../../../functions/records/backup/release-facts.ts';
import { content } from '../secrets/secret-builders.ts';
import { args, cron } from '../values/ordinary-values.ts';
import { buildRelease, describeOf } from './release-builder.ts';

/** What others may know of a release: a table of values, and what is written down of them. */

const SECRETS = new Map([
  [
    'gitlab-object-storage',
    content({ connection: 'provider: AWS\nregion: eu-central-1\nuse_iam_profile: true\n' }),
  ],
  [
    'gitlab-registry-storage',
    content({ config: 's3: { bucket: acme-registry, region: eu-central-1, v4auth: true }' }),
  ],
  ['gitlab-s3cfg', content({ config: '[default]\nmultipart_chunk_size_mb = 64\n' })],
]);

const describeYaml = (yaml: string): ReadRelease => describeOf(buildRelease(yaml), SECRETS);

describe('a release', () => {
  it('is written down as a record that everybody reads', () => {
    const facts = describeYaml('');
    expect(ReleaseFacts.parse(facts)).toEqual(facts);
    expect(facts).toMatchObject({
      release: 'gitlab',
      revision: 7,
      chartVersion: '9.10.0',
      appVersion: '18.10.0',
      backupBucket: 'acme-backups',
      tmpBucket: 'acme-tmp',
      unread: [],
    });
  });

  it('says of every component whether it is on, and where it lies', () => {
    const rows = describeYaml('global: { pages: { enabled: true } }').components.map(
      ({ component, on, bucket }) => `${component} ${on} ${bucket}`,
    );
    expect(rows).toEqual([
      'registry true acme-registry',
      'uploads true acme-uploads',
      'artifacts true acme-artifacts',
      'lfs true acme-lfs',
      'packages true acme-packages',
      'external_diffs false gitlab-mr-diffs',
      'terraform_state false gitlab-terraform-state',
      'pages true gitlab-pages',
      'ci_secure_files false gitlab-ci-secure-files',
    ]);
  });

  it.each<[string, string, Partial<ReadRelease>]>([
    ['uploads by awscli', '', { upload: { tool: 'awscli', known: true, partBytes: 64 * 1024 ** 2 } }],
    [
      'uploads by s3cmd when nothing is said',
      args(''),
      { upload: expect.objectContaining({ tool: 's3cmd' }) },
    ],
    [
      'uploads by the tool for backups alone, when that is named',
      args('--s3tool awscli --s3tool-backup s3cmd'),
      { upload: expect.objectContaining({ tool: 's3cmd' }) },
    ],
    ['has a volume of its own', '', { scratch: { kind: 'persistent', bytes: 400 * 1024 ** 3 } }],
    [
      'has a volume that comes and goes with the pod',
      cron('persistence: { useGenericEphemeralVolume: true }'),
      { scratch: { kind: 'generic-ephemeral', bytes: 400 * 1024 ** 3 } },
    ],
    ['has the disk of a node', cron('persistence: { enabled: false }'), { scratch: { kind: 'node-disk' } }],
    ['keeps archives elsewhere than in S3', args('--backend gcs'), { backend: 'other' }],
    ['skips what its CronJob skips', args('--skip artifacts'), { skipped: ['artifacts'] }],
    [
      'has one database',
      'global: { psql: { ci: { } } }',
      { databases: [{ name: 'main', host: 'db.example.com', database: 'gitlabhq_production' }] },
    ],
    [
      'has one database although ci is named, since nothing of it differs',
      'global: { psql: { ci: { applicationName: ci } } }',
      { databases: [expect.objectContaining({ name: 'main' })] },
    ],
    [
      'has a database of its own for ci',
      'global: { psql: { ci: { database: gitlab_ci } } }',
      {
        databases: [
          expect.objectContaining({ name: 'main' }),
          { name: 'ci', host: 'db.example.com', database: 'gitlab_ci' },
        ],
      },
    ],
    [
      'has none for sec that is switched off',
      'global: { psql: { sec: { enabled: false, host: other.example.com } } }',
      { databases: [expect.objectContaining({ name: 'main' })] },
    ],
    [
      'has repositories in its archive',
      '',
      { gitaly: { serverSide: false, external: false, praefect: false, storages: ['default'] } },
    ],
    [
      'has repositories in a bucket of Gitaly',
      `${args('--repositories-server-side')}\n`.replace(
        'gitlab: {',
        'gitlab: { gitaly: { backup: { goCloudUrl: "s3://acme-gitaly?region=eu-central-1" } },',
      ),
      { gitaly: expect.objectContaining({ serverSide: true, bucket: 'acme-gitaly' }) },
    ],
    [
      'has no repositories in a bucket of Gitaly when they are skipped',
      args('--repositories-server-side --skip repositories'),
      { gitaly: expect.objectContaining({ serverSide: false }) },
    ],
    [
      'has virtual storages behind Praefect',
      'global: { praefect: { enabled: true, virtualStorages: [{ name: fast }] } }',
      { gitaly: expect.objectContaining({ praefect: true, storages: ['fast'] }) },
    ],
    [
      'has a Gitaly outside',
      'global: { gitaly: { enabled: false, external: [{ name: storage1, hostname: g.example.com }] } }',
      { gitaly: expect.objectContaining({ external: true, storages: ['storage1'] }) },
    ],
    [
      'reaches its buckets by a role',
      '',
      { store: { provider: 'AWS', region: 'eu-central-1', credentials: 'role' } },
    ],
    [
      'has a registry with a bucket of its own',
      '',
      {
        registryStore: {
          provider: 'AWS',
          region: 'eu-central-1',
          bucket: 'acme-registry',
          credentials: 'role',
        },
      },
    ],
  ])('%s', (_, yaml, expected) => {
    expect(describeYaml(yaml)).toMatchObject(expected);
  });

  it('carries what the linter finds', () => {
    const { findings } = describeYaml(args('--repositories-server-side --skip repositories'));
    expect(findings).toContainEqual(
      expect.objectContaining({ code: 'skipped-repositories', severity: 'trap' }),
    );
  });

  it('says which secrets told nothing, and why', () => {
    const contents = new Map([
      ['gitlab-object-storage', { state: 'unreadable', why: 'no right to get it' } as const],
      ['gitlab-registry-storage', content({ one: 'x', other: 'y' })],
    ]);
    const facts = describeOf(buildRelease(), contents);
    expect(facts.unread).toEqual([
      { secret: 'gitlab-object-storage', why: 'no right to get it' },
      { secret: 'gitlab-registry-storage', why: 'it has no key config' },
      { secret: 'gitlab-s3cfg', why: 'it was not asked for' },
    ]);
    expect(facts).not.toHaveProperty('store');
    expect(facts.upload.known).toBe(false);
  });
});

describe('a release that is not one of GitLab', () => {
  it.each<[string, Parameters<typeof buildRelease>, RegExp]>([
    ['is named by its chart', ['', { chart: 'nextcloud' }], /a chart called nextcloud/],
    ['is no map', ['', { values: ['a'] }], /can not be read/],
    ['has values of another chart', ['', { values: { image: 'nginx' } }], /no values of the GitLab chart/],
  ])('%s', (_, given, reason) => {
    expect(readReleaseValues(buildRelease(...given))).toEqual({
      ok: false,
      reason: expect.stringMatching(reason),
    });
  });
});
