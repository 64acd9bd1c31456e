import { describe, expect, it } from 'vitest';
import { buildRelease } from '../../support/release-facts.ts';
import { createPreflightWorld, cronJobBody } from './preflight-world.ts';

type World = Awaited<ReturnType<typeof createPreflightWorld>>;

/** What the rule of a code says of a world. */
const resultOf = async (world: World, code: string): Promise<string> => {
  await world.check();
  const results = (await world.record())?.results.filter((result) => result.code === code) ?? [];
  return results.map(({ outcome, message }) => `${outcome}: ${message}`).join('\n');
};

describe('rights', () => {
  it('of a role are of no account where GitLab has keys of a user', async () => {
    const release = buildRelease({ store: { provider: 'AWS', credentials: 'keys' } });
    const world = await createPreflightWorld({ release });
    expect(await resultOf(world, 'role-rights')).toMatch(/^not-checked: .*by the keys of a user/);
    expect(world.simulation.asked).toEqual([]);
  });

  it('on a key are asked for by the ARN that drydock.yaml names, or that the bucket has', async () => {
    const world = await createPreflightWorld();
    const named = 'arn:aws:kms:eu-central-1:444455556666:key/0a1b2c3d-0000-4000-8000-000000000001';
    Object.assign(world.subject.settings.destination, { kmsKey: named });
    world.simulation.answer(`kms:GenerateDataKey ${named}`, { decision: 'implicitDeny' });
    expect(await resultOf(world, 'role-rights')).toContain(named);
  });

  it('on the keys of sources are asked for as well', async () => {
    const world = await createPreflightWorld();
    const kmsKey = 'arn:aws:kms:eu-central-1:111122223333:key/data';
    world.buckets.put('acme-lfs', { encryption: { algorithm: 'aws:kms', kmsKey } });
    world.simulation.answer(`kms:Decrypt ${kmsKey}`, { decision: 'implicitDeny' });
    expect(await resultOf(world, 'role-rights')).toContain(`may not kms:Decrypt on ${kmsKey}`);
  });

  it('in another partition have its ARNs', async () => {
    const world = await createPreflightWorld();
    Object.assign(world.subject.settings, { role: 'arn:aws-cn:iam::111122223333:role/gitlab-toolbox' });
    world.simulation.answer('arn:aws-cn:s3:::acme-lfs', { decision: 'implicitDeny' });
    expect(await resultOf(world, 'role-rights')).toContain('s3:ListBucket on arn:aws-cn:s3:::acme-lfs');
  });
});

describe('maintenance of RDS', () => {
  it.each([
    ['that begins in the longest run counts', '2026-11-21T14:59:00.000Z', 'refuse'],
    ['that begins behind it does not', '2026-11-21T15:01:00.000Z', 'warn'],
  ])('%s', async (_, appliesAt, outcome) => {
    const world = await createPreflightWorld();
    world.databases.put({
      identifier: 'gitlab-db',
      maintenanceWindow: 'sat:03:30-sat:04:00',
      pending: [{ action: 'system-update', appliesAt }],
    });
    expect(await resultOf(world, 'database-window')).toMatch(new RegExp(`^${outcome}`));
  });
});

describe('the version of a server outside of the chart', () => {
  const open = {
    code: 'postgresql-version',
    severity: 'not-checked',
    path: 'global.psql.host',
    message: 'The database is outside of the chart, and the values do not say its version.',
    remedy: 'Give the version.',
  } as const;
  it.each([
    ['9.10.0', '17.4', 'pass: The values hold no known trap.'],
    ['9.10.0', '15.9', 'warn: global.psql.host: PostgreSQL is "15.9", and GitLab 18'],
    ['10.0.1', '16.9', 'warn: global.psql.host: PostgreSQL is "16.9", and GitLab 19'],
    ['9.10.0', '16.9', 'pass: The values hold no known trap.'],
    ['9.10.0', '', 'not-checked: global.psql.host: The database is outside'],
  ])('of chart %s is judged by what RDS tells: %s', async (chartVersion, engineVersion, said) => {
    const world = await createPreflightWorld({ release: buildRelease({ chartVersion, findings: [open] }) });
    world.databases.put({ identifier: 'gitlab-db', engineVersion });
    expect(await resultOf(world, 'values-traps')).toContain(said);
  });

  it('does not speak for the server that the chart brings along', async () => {
    const bundled = { ...open, severity: 'trap', path: 'postgresql.image.tag', message: 'Too old.' } as const;
    const world = await createPreflightWorld({ release: buildRelease({ findings: [bundled] }) });
    expect(await resultOf(world, 'values-traps')).toBe('warn: postgresql.image.tag: Too old.');
  });

  it('leaves all other findings as they are, and this one where no database of RDS is named', async () => {
    const other = { ...open, code: 'other', severity: 'trap', message: 'Another.' } as const;
    const world = await createPreflightWorld({ release: buildRelease({ findings: [other, open] }) });
    expect(await resultOf(world, 'values-traps')).toBe('refuse: global.psql.host: Another.');
    Object.assign(world.subject.settings, { database: undefined });
    expect(await resultOf(world, 'values-traps')).toContain('not-checked: global.psql.host');
  });
});

describe('the ceiling of an upload', () => {
  const S3CMD = { extraArgs: '--s3tool s3cmd' };
  it.each([
    ['is that of awscli', {}, buildRelease(), 'pass: .* awscli carries up to 54 TB'],
    [
      'is the part size of .s3cfg',
      S3CMD,
      buildRelease({ upload: { tool: 's3cmd', known: true, partBytes: 2 ** 27 } }),
      's3cmd carries up to 1.3 TB',
    ],
    [
      'is the default of s3cmd, where .s3cfg sets none',
      { extraArgs: '' },
      buildRelease({ upload: { tool: 's3cmd', known: true } }),
      's3cmd carries up to 157 GB',
    ],
    [
      'is not known where .s3cfg was not read',
      S3CMD,
      buildRelease({ upload: { tool: 's3cmd', known: false } }),
      '^not-checked: .*which was not read',
    ],
    [
      'is asked for by the flag of the archive',
      { extraArgs: '--s3tool-backup awscli --s3tool-data s3cmd' },
      buildRelease({ upload: { tool: 's3cmd', known: false } }),
      'awscli carries',
    ],
  ] as const)('%s', async (_, overrides, release, said) => {
    const world = await createPreflightWorld({ release });
    world.cluster.putCronJob('gitlab', cronJobBody('400Gi', overrides));
    expect(await resultOf(world, 'upload-ceiling')).toMatch(new RegExp(said));
  });
});

describe('the disk', () => {
  const CLAIM = { persistentVolumeClaim: { claimName: 'gitlab-toolbox-backup-tmp' } };
  const withVolume = (volume: object) => {
    const body = cronJobBody();
    const { template } = body.spec.jobTemplate.spec;
    const spec = { ...template.spec, volumes: [{ name: 'toolbox-tmp', ...volume }] };
    return { ...body, spec: { ...body.spec, jobTemplate: { spec: { template: { ...template, spec } } } } };
  };

  it.each([
    ['of a claim is as large as the release asked for', CLAIM, { kind: 'persistent', bytes: 4e11 }, '^pass'],
    [
      'of a claim is not known when the release says another',
      CLAIM,
      { kind: 'node-disk' },
      '^not-checked: .*stands nowhere',
    ],
    ['of a node is not known', { emptyDir: {} }, { kind: 'node-disk' }, '^not-checked: .*the disk of a node'],
  ] as const)('%s', async (_, volume, scratch, said) => {
    const world = await createPreflightWorld({ release: buildRelease({ scratch }) });
    world.cluster.putCronJob('gitlab', withVolume(volume));
    expect(await resultOf(world, 'scratch-space')).toMatch(new RegExp(said));
  });
});

describe('what lies in the buckets', () => {
  it('is counted together, an empty one as nothing', async () => {
    const world = await createPreflightWorld();
    world.buckets.put('acme-lfs', { size: undefined });
    expect(await resultOf(world, 'scratch-space')).toContain('The buckets hold 10 GB');
  });
});
