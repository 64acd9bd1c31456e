import { describe, expect, it } from 'vitest';
import { backupRunNoteKey, backupRunNoteKind } from '../../functions/records/backup/run-note.ts';
import { maintenanceKey, maintenanceKind } from '../../functions/records/maintenance.ts';
import { RUN_INPUT } from '../support/backup-step.ts';
import { buildJob } from '../support/job-builders.ts';
import { pauseBackups } from '../support/pause-backups.ts';
import { buildRelease } from '../support/release-facts.ts';
import { createPreflightWorld, cronJobBody, type PreflightWorld, SEEN } from './preflight/preflight-world.ts';

/** What a backup is not begun with. */

type Change = (world: PreflightWorld) => unknown;

const maintain = ({ ledger }: PreflightWorld) =>
  ledger.claim(maintenanceKind, maintenanceKey('shop'), {
    version: 1,
    cluster: 'shop',
    why: 'upgrade to 1.36',
    owner: 'arn:aws:states:eu-central-1:111122223333:execution:upgrade:1',
    since: '2026-11-21T02:00:00.000Z',
    until: '2026-11-21T04:00:00.000Z',
  });

describe('a backup is refused', () => {
  it.each<[string, Change, string]>([
    [
      'while backups are paused',
      ({ ledger, deps }) => pauseBackups({ ledger, clock: deps.clock }),
      'storage is moved',
    ],
    ['while the cluster is upgraded', maintain, 'upgrade to 1.36'],
    [
      'while another backup runs',
      ({ cluster }) => cluster.putJob(buildJob({ name: 'manual-1' })),
      'Job manual-1 makes a backup',
    ],
    [
      'when the chart has no CronJob',
      (world) => Object.assign(world.subject.settings, { release: 'other' }),
      'There is no CronJob gitlab/other-toolbox-backup',
    ],
    [
      'when the CronJob starts backups by itself',
      ({ cluster }) => cluster.putCronJob('gitlab', cronJobBody('400Gi', { suspend: false })),
      'not suspended',
    ],
    [
      'when the role may not list a bucket',
      ({ simulation }) =>
        simulation.answer('s3:ListBucket arn:aws:s3:::acme-lfs', { decision: 'implicitDeny' }),
      's3:ListBucket on arn:aws:s3:::acme-lfs',
    ],
    [
      'when the role may not use the key of archives',
      ({ simulation }) => simulation.answer('kms:GenerateDataKey', { decision: 'explicitDeny' }),
      'kms:GenerateDataKey on arn:aws:kms:eu-central-1:444455556666:key/archives',
    ],
    [
      'when its disk is too small for what lies in the buckets',
      ({ buckets }) =>
        buckets.put('acme-uploads', { size: { bytes: 2e12, countedAt: '2026-11-20T00:00:00.000Z' } }),
      'It takes about 2.1 TB',
    ],
    [
      'when a quota leaves no room for its pod',
      ({ quotas }) =>
        quotas.push({ name: 'compute', hard: { pods: '5' }, used: { pods: '5' }, scoped: false }),
      'ResourceQuota compute',
    ],
    [
      'when the database stops',
      ({ databases }) => databases.put({ identifier: 'gitlab-db', status: 'stopping' }),
      'gitlab-db is stopping',
    ],
    [
      'when RDS works on the database in that time',
      ({ databases }) =>
        databases.put({
          identifier: 'gitlab-db',
          // The run begins on a Saturday at 03:00.
          maintenanceWindow: 'sat:03:30-sat:04:00',
          pending: [{ action: 'system-update', appliesAt: '2026-11-21T03:30:00.000Z' }],
        }),
      'system-update',
    ],
  ])('%s', async (_, change, reason) => {
    const world = await createPreflightWorld();
    await change(world);
    const { outcome, reasons } = await world.check();
    expect(outcome).toBe('refused');
    expect(reasons).toEqual([expect.stringContaining(reason)]);
  });

  it('while a set before it is made by an execution that has not ended', async () => {
    const history = [[1, 0, { state: 'running' }]] as const;
    const world = await createPreflightWorld({ history });
    expect((await world.check()).reasons).toEqual([expect.stringContaining('is still being made')]);
  });

  it('not for a set before it whose execution has ended', async () => {
    const world = await createPreflightWorld({ history: [[1, 0, { state: 'running' }]] });
    const execution = { ...RUN_INPUT.execution, name: 'daily-1' };
    const ended = { at: '2026-11-20T04:00:00.000Z', outcome: 'failed', notice: 'n' };
    await world.ledger.claim(backupRunNoteKind, backupRunNoteKey('daily-1'), {
      version: 1,
      execution,
      ended,
    });
    expect((await world.check()).outcome).toBe('passed');
  });

  it('when its pod is somebody else, or does not find a bucket', async () => {
    const listed = { ...(SEEN.known && SEEN.listed), 'acme-lfs': 'absent' } as const;
    const probe = {
      known: true,
      identity: 'arn:aws:sts::111122223333:assumed-role/node/i-1',
      listed,
    } as const;
    const { reasons } = await (await createPreflightWorld({ probe })).check();
    expect(reasons).toEqual([
      expect.stringContaining('and not arn:aws:iam::111122223333:role/gitlab-toolbox'),
      expect.stringContaining('There is no bucket acme-lfs'),
    ]);
  });

  it('when the values hold a trap', async () => {
    const finding = { path: 'a.b', message: 'It loses data.', remedy: 'Write c.' } as const;
    const release = buildRelease({ findings: [{ code: 'x', severity: 'trap', ...finding }] });
    const { reasons } = await (await createPreflightWorld({ release })).check();
    expect(reasons).toEqual(['a.b: It loses data. Write c.']);
  });
});
