import { describe, expect, it } from 'vitest';
import { requiredRights, type SimulatedRight } from '../../../functions/backup/preflight/required-rights.ts';
import { cronTemplate } from '../../../functions/backup/preflight/rules/cron-template.ts';
import { oneClock } from '../../../functions/backup/preflight/rules/one-clock.ts';
import { podRoom } from '../../../functions/backup/preflight/rules/pod-room.ts';
import { probeAccess } from '../../../functions/backup/preflight/rules/probe-access.ts';
import { probeIdentity } from '../../../functions/backup/preflight/rules/probe-identity.ts';
import { roleRights } from '../../../functions/backup/preflight/rules/role-rights.ts';
import { valuesTraps } from '../../../functions/backup/preflight/rules/values-traps.ts';
import { bundledServices } from '../../../functions/backup/values/rules/bundled-services.ts';
import { gitalyVolumes } from '../../../functions/backup/values/rules/gitaly-volumes.ts';
import { postgresqlVersion } from '../../../functions/backup/values/rules/postgresql-version.ts';
import { ALL_RIGHTS, known, ORDINARY, outcomesOf, PLACES, UNKNOWN } from './preflight-facts.ts';

describe('the CronJob', () => {
  const cronJob = known({ suspended: true, containers: ['toolbox-backup'] });
  it.each([
    ['that is not there is refused', cronTemplate, known(undefined), 'refuse'],
    [
      'of another container is refused',
      cronTemplate,
      known({ suspended: true, containers: ['x'] }),
      'refuse',
    ],
    ['of the chart passes', cronTemplate, cronJob, 'pass'],
    [
      'that runs by itself is a second clock',
      oneClock,
      known({ suspended: false, containers: [] }),
      'refuse',
    ],
    ['that is suspended is none', oneClock, cronJob, 'pass'],
  ])('%s', (_title, rule, fact, outcome) => {
    expect(outcomesOf(rule, { cronJob: fact })).toBe(outcome);
  });
});

it('what the values linter finds is told by how bad it is, and notes are not', () => {
  const values = known(
    (['trap', 'risk', 'not-checked', 'note'] as const).map((severity) => ({
      code: 'c',
      severity,
      path: 'p',
      message: 'It bites.',
      remedy: 'Write something else.',
    })),
  );
  expect(outcomesOf(valuesTraps, { values })).toBe('refuse, warn, not-checked');
});

it.each([bundledServices, gitalyVolumes, postgresqlVersion])(
  'a trap that calls for a backup does not keep it from being made: $code',
  ({ code }) => {
    const finding = { code, severity: 'trap', path: 'p', message: 'It bites.', remedy: 'Move.' } as const;
    expect(outcomesOf(valuesTraps, { values: known([finding]) })).toBe('warn');
  },
);

it('each right is asked for once, those of the backup first', () => {
  const keys = requiredRights(PLACES).map(({ action, resource }) => `${action} ${resource}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.slice(0, 4)).toEqual([
    's3:ListBucket arn:aws:s3:::acme-uploads',
    's3:GetObject arn:aws:s3:::acme-uploads/*',
    's3:ListBucket arn:aws:s3:::acme-lfs',
    's3:GetObject arn:aws:s3:::acme-lfs/*',
  ]);
  expect(
    requiredRights({ ...PLACES, tmp: PLACES.backup }).filter(({ action }) => action === 's3:PutObject'),
  ).toContainEqual({ action: 's3:PutObject', resource: 'arn:aws:s3:::acme-backups/*', neededBy: 'backup' });
});

/** All rights, with another answer for one. */
const withAnswer = (action: string, bucket: string, change: Partial<SimulatedRight>) =>
  known(
    ALL_RIGHTS.map((right) =>
      right.action === action && right.resource.includes(bucket) ? { ...right, ...change } : right,
    ),
  );

describe('the role of the backup without', () => {
  it.each([
    ['s3:ListBucket', ':acme-uploads', 'refuse'],
    ['s3:GetObject', ':acme-lfs/', 'refuse'],
    ['s3:PutObject', ':acme-backups/', 'refuse'],
    ['s3:AbortMultipartUpload', ':acme-backups/', 'refuse'],
    ['kms:GenerateDataKey', 'key/archives', 'refuse'],
    ['kms:Decrypt', 'key/archives', 'refuse'],
    ['kms:Decrypt', 'key/data', 'refuse'],
    ['s3:PutObject', ':acme-tmp/', 'warn'],
    ['s3:ListBucket', ':acme-tmp', 'warn'],
    ['s3:DeleteObject', ':acme-uploads/', 'warn'],
  ])('%s on %s: %s', (action, bucket, outcome) => {
    expect(outcomesOf(roleRights, { rights: withAnswer(action, bucket, { decision: 'implicitDeny' }) })).toBe(
      outcome,
    );
  });

  it('a condition that the simulation was not told is not checked, allowed or denied', () => {
    for (const decision of ['allowed', 'implicitDeny'] as const) {
      const change = { decision, missingContext: ['aws:SourceVpce'] };
      const rights = withAnswer('s3:ListBucket', ':acme-uploads', change);
      expect(outcomesOf(roleRights, { rights })).toBe('not-checked');
    }
  });

  it.each([
    ['buckets', { unknownSources: 'the values name no bucket of lfs' }],
    ['keys', { unknownKeys: ['S3 did not answer'] }],
  ])('%s that nobody knows is not checked, whatever is allowed of the others', (_, unknown) => {
    expect(outcomesOf(roleRights, { places: { ...PLACES, ...unknown } })).toBe('not-checked');
  });

  it('one answer of two for the same right is enough to refuse', () => {
    const [first] = ALL_RIGHTS;
    const rights = known([
      ...ALL_RIGHTS,
      ...(first ? [{ ...first, decision: 'explicitDeny' as const }] : []),
    ]);
    expect(outcomesOf(roleRights, { rights })).toBe('refuse');
  });

  it('a bucket that it may not list says that the tool would say nothing', () => {
    const rights = withAnswer('s3:ListBucket', ':acme-uploads', { decision: 'implicitDeny' });
    expect(roleRights.judge({ ...ORDINARY, rights })[0]?.message).toContain(
      'skip the bucket and say nothing',
    );
  });
});

describe('the probe', () => {
  const probe = (change: object) =>
    known({ identity: 'arn:aws:sts::111122223333:assumed-role/backup/x', listed: {}, ...change });
  const listed = { 'acme-uploads': 'listed', 'acme-lfs': 'listed', 'acme-backups': 'listed' } as const;
  it.each([
    ['that lists all', listed, 'pass'],
    ['that is denied one', { ...listed, 'acme-lfs': 'denied' as const }, 'refuse'],
    ['that does not find one', { ...listed, 'acme-backups': 'absent' as const }, 'refuse'],
    ['that got no answer', { ...listed, 'acme-lfs': 'failed' as const }, 'not-checked'],
    ['that was not asked', {}, 'not-checked, not-checked, not-checked'],
  ])('%s', (_title, seen, outcomes) => {
    expect(outcomesOf(probeAccess, { probe: probe({ listed: seen }) })).toBe(outcomes);
  });

  it.each([
    ['a session of the role', 'arn:aws:sts::111122223333:assumed-role/backup/botocore-1', 'pass'],
    ['the node', 'arn:aws:sts::111122223333:assumed-role/node/i-0123', 'refuse'],
    ['a role of that name in another account', 'arn:aws:sts::999922223333:assumed-role/backup/x', 'refuse'],
    ['a user', 'arn:aws:iam::111122223333:user/backup', 'refuse'],
    ['nothing that STS says', '', 'refuse'],
  ])('that is %s', (_title, identity, outcome) => {
    expect(outcomesOf(probeIdentity, { probe: probe({ identity }) })).toBe(outcome);
  });

  it('that lists all it was asked for, and others are not known, is not checked', () => {
    const places = { ...PLACES, unknownSources: 'the Helm release was not read' };
    expect(outcomesOf(probeAccess, { places, probe: probe({ listed }) })).toBe('not-checked');
  });

  it('that could not say who it is, is not checked', () => {
    const facts = { probe: known({ unknown: 'its image has no aws', listed: {} }) };
    expect(outcomesOf(probeIdentity, facts)).toBe('not-checked');
  });
});

describe('room for the pod', () => {
  const room = (free: number, grows: boolean) =>
    known([{ resource: 'pods', free, needed: 1, limitedBy: 'the nodes', grows }]);
  it.each([
    ['is there', room(1, false), 'pass'],
    ['is not there', room(0, false), 'refuse'],
    ['comes when it is waited for', room(0, true), 'warn'],
  ])('%s', (_title, fact, outcome) => {
    expect(outcomesOf(podRoom, { room: fact })).toBe(outcome);
  });

  it.each([
    ['is there when a pod of that size just found a node', ORDINARY.probe, 'pass'],
    ['is not known when none did', UNKNOWN, 'not-checked'],
  ])('that no quota limits %s', (_title, probe, outcome) => {
    expect(outcomesOf(podRoom, { room: known([]), probe })).toBe(outcome);
  });
});
