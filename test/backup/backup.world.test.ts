import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { BACKUP_BUCKETS } from '../../infra/local/gitlab-release/names.ts';
import type { ToolboxTroubles } from '../../infra/local/toolbox/troubles.ts';
import { ENVIRONMENT } from '../../infra/local/world/configuration.ts';
import { viewBackups } from '../support/world/backups.ts';
import { endSandboxes } from '../support/world/sandboxes.ts';
import { useWorld } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

/**
 * The machine of a backup on the local world: real Step Functions, real Lambdas under their roles, a real API server with
 * the chart's CronJob, and a toolbox that writes true archives of a real database. Waits are a sixteenth.
 */
const policies = {
  daily: { schedule: 'cron(0 3 * * ? *)', versions: [] },
  monthly: { schedule: 'cron(0 9 1 * ? *)', versions: [], freshnessHours: 24 * 33 },
};
const world = useWorld(() => ({}), { waitScale: 0.06, gitlabRelease: { backup: { policies } } });
const backups = viewBackups(world);

afterEach(() => backups.trouble({}));

describe('a backup that goes well', () => {
  it('is made by one Job, read and found whole, has its secrets elsewhere, and is told once', async () => {
    const arn = await backups.start();
    const end = await backups.end(arn);
    expect(end).toMatchObject({ outcome: 'verified' });
    const set = await backups.set(arn);
    expect(set).toMatchObject({ state: 'verified', gitlabVersion: '18.10.0-ee', size: expect.any(Number) });
    expect(set.parts).toContainEqual(
      expect.objectContaining({
        kind: 'archive',
        object: expect.objectContaining({
          bucket: BACKUP_BUCKETS.archives,
          key: `${set.id}_gitlab_backup.tar`,
        }),
      }),
    );
    expect(set.secrets?.object.bucket).toBe(BACKUP_BUCKETS.secrets);
    expect(Object.keys(set.timings)).toEqual([
      'preflight',
      'marks',
      'job',
      'secrets',
      'verification',
      'copy',
    ]);
    expect(await backups.jobs()).toEqual([set.id]);
    expect(await backups.isFree()).toBe(true);
    const told = await backups.told(arn);
    expect(told).toMatchObject([{ outcome: 'verified', severity: 'info' }]);
    expect(told[0]?.happened).toMatch(/^Backup daily of local is verified: [\d.]+ [kM]B in /);
  });

  it('left the log of its tool, to the last line, in the ledger and nowhere else', async () => {
    const [key = ''] = (await world().ledger.keys(`backup/logs/${ENVIRONMENT}/`)).slice(-1);
    const line = '[DONE] Backup can be found at s3://';
    expect(await world().ledger.read(key)).toContain(line);
    expect((await world().notices()).map(({ Message }) => Message).join('\n')).not.toContain(line);
  });
});

describe('a backup that ends with 0 and is none', () => {
  it.each<[string, z.input<typeof ToolboxTroubles>, string, RegExp]>([
    ['a bucket that was skipped', { skippedBuckets: ['uploads'] }, 'incomplete', /uploads/],
    ['a dump that broke off', { failedDump: true }, 'incomplete', /pg_dump|dump/],
    ['another version', { otherVersion: '18.9.0-ee' }, 'incomplete', /18\.9\.0-ee/],
    ['an upload of which the end is missing', { uploadedShare: 0.6 }, 'corrupt', /and the object only/],
    ['no zeros at its end', { withoutEnd: true }, 'corrupt', /archive/],
  ])(
    'for %s is caught, told as critical, and leaves the gate as it was',
    async (_, troubles, outcome, words) => {
      const before = await world().ledger.read(`backup/verified/${ENVIRONMENT}.json`);
      backups.trouble(troubles);
      const arn = await backups.start();
      expect((await backups.end(arn)).outcome).toBe(outcome);
      expect((await backups.job(arn)).end).toMatchObject({ outcome: 'succeeded' });
      const told = await backups.told(arn);
      expect(told).toMatchObject([{ outcome, severity: 'critical' }]);
      expect(told[0]?.reasons.join('\n')).toMatch(words);
      expect(await world().ledger.read(`backup/verified/${ENVIRONMENT}.json`)).toBe(before);
    },
  );
});

describe('two at once', () => {
  it('go one after the other, each with a Job of its own', async () => {
    backups.trouble({ slowMs: 150 });
    const arns = await Promise.all([backups.start('daily'), backups.start('monthly')]);
    const ends = await Promise.all(arns.map((arn) => backups.end(arn)));
    expect(ends.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
    const facts = await Promise.all(arns.map((arn) => backups.job(arn)));
    const [first, second] = facts.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    expect(Date.parse(second?.createdAt ?? '')).toBeGreaterThanOrEqual(Date.parse(first?.endedAt ?? ''));
  });
});

describe('a Job that comes to a bad end', () => {
  it.each<[string, z.input<typeof ToolboxTroubles>, RegExp]>([
    ['evicted', { end: { kind: 'evicted' } }, /evicted/],
    ['killed for its memory', { end: { kind: 'out-of-memory' } }, /OOMKilled/],
    ['failing at a step', { failsAt: 'upload' }, /exit code/],
  ])('%s, fails the backup in plain words, and frees the environment', async (_, troubles, words) => {
    backups.trouble(troubles);
    const arn = await backups.start();
    const end = await backups.end(arn);
    expect([end.outcome, end.reasons.join('\n')]).toEqual(['failed', expect.stringMatching(words)]);
    expect(await backups.set(arn)).toMatchObject({
      state: 'failed',
      failure: { message: expect.anything() },
    });
    expect(await backups.isFree()).toBe(true);
    expect(await backups.told(arn)).toMatchObject([{ outcome: 'failed', severity: 'critical' }]);
  });
});

describe('a Lambda that dies', () => {
  it('right behind the making of the Job, and while it is watched, makes no second Job and no second message', async () => {
    backups.trouble({ slowMs: 400 });
    const before = (await backups.jobs()).length;
    const arn = await backups.start();
    await waitFor('its Job is there', async () => (await backups.jobs()).length > before);
    const making = await endSandboxes(world(), 'StartBackupJob');
    await waitFor(
      'it was looked at',
      async () => (await backups.job(arn).catch(() => undefined))?.startedAt !== undefined,
    );
    const watching = await endSandboxes(world(), 'WatchBackupJob');
    expect([making, watching].every((count) => count > 0)).toBe(true);
    expect((await backups.end(arn)).outcome).toBe('verified');
    expect(await backups.jobs()).toHaveLength(before + 1);
    expect(await backups.told(arn)).toHaveLength(1);
  });
});

describe('an API server that is away', () => {
  it('while the Job is at work fails nothing, and no second Job is made', async () => {
    const { apiServer } = world().cluster;
    backups.trouble({ slowMs: 700 });
    const before = (await backups.jobs()).length;
    const arn = await backups.start();
    await backups.running(arn);
    apiServer?.pause();
    await waitFor('it is noticed', async () => (await backups.job(arn)).silentSince !== undefined);
    await delay(5_000);
    apiServer?.resume();
    expect((await backups.end(arn)).outcome).toBe('verified');
    expect(await backups.jobs()).toHaveLength(before + 1);
  });
});

describe('an execution that a person stops', () => {
  it('frees the environment, tells how to end the Job, which stands in the way of the next until then', async () => {
    backups.trouble({ hangsAt: 'uploads' });
    const arn = await backups.start();
    const job = await backups.running(arn);
    await backups.stop(arn);
    const told = await backups.told(arn);
    expect(told).toMatchObject([
      { outcome: 'failed', command: `kubectl --namespace gitlab delete job ${job.name}` },
    ]);
    expect(await backups.set(arn)).toMatchObject({ state: 'failed' });
    await waitFor('the environment is free', backups.isFree);

    backups.trouble({});
    const next = await backups.end(await backups.start());
    expect([next.outcome, next.reasons.join('\n')]).toEqual(['refused', expect.stringContaining(job.name)]);
    await backups.deleteJob(job);
    await waitFor(
      'the Job is gone',
      async () => !(await backups.jobs()).includes((await backups.set(arn)).id),
    );
    expect((await backups.end(await backups.start())).outcome).toBe('verified');
  });
});
