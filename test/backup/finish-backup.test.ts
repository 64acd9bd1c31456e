import { describe, expect, it } from 'vitest';
import { jobFactKind } from '../../functions/backup/run/job-fact.ts';
import { backupSetKey } from '../../functions/records/backup/set.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { createBackupWorld, executeBackup, isFree } from '../support/backup-world.ts';

const made = async () => {
  const world = createBackupWorld();
  const backup = executeBackup(world);
  await backup.begin();
  await backup.start();
  await backup.follow();
  return { world, backup };
};

const ENDS = {
  begin: '2026-11-21T03:00:00.000Z',
  preflight: '2026-11-21T03:01:00.000Z',
  marks: '2026-11-21T03:02:00.000Z',
  job: '2026-11-21T04:02:00.000Z',
  secrets: '2026-11-21T04:02:10.000Z',
  verification: '2026-11-21T04:32:10.000Z',
};
/** An archive as the one that reads sets notes it. */
const archive = (size: number) => ({
  kind: 'archive' as const,
  takenAt: '2026-11-21T03:02:00.000Z',
  object: {
    bucket: 'acme-backups',
    key: 'x_gitlab_backup.tar',
    etag: 'e',
    size,
    lastModified: '2026-11-21T04:00:00.000Z',
  },
  contents: [],
});

describe('the end of a backup that was read and found whole', () => {
  it('has its end, its size and what each step took, frees the environment, and is told with all of that', async () => {
    const { world, backup } = await made();
    await world.deps.sets.change(backup.set(), (set) => ({ ...set, parts: [archive(104_000_000_000)] }));
    await backup.verify('verified');
    world.clock.advance(92 * 60_000);
    const end = await backup.finish({ ends: ENDS, concerns: ['The scratch disk is slow.'] });
    expect(end).toMatchObject({ outcome: 'verified', set: backup.set().id });
    expect(await backup.manifest()).toMatchObject({
      endedAt: world.clock.now().toISOString(),
      size: 104_000_000_000,
      timings: { job: { startedAt: ENDS.marks, endedAt: ENDS.job } },
    });
    expect(await isFree(world)).toBe(true);
    const [notice] = world.notifier.published;
    expect(notice).toMatchObject({
      outcome: 'verified',
      severity: 'info',
      next: expect.stringContaining('See to the reasons'),
    });
    expect(notice?.happened).toMatch(/^Backup daily of production is verified: 104 GB in 1 h 32 min\.$/);
    const text = notice?.reasons.join('\n');
    expect(text).toMatch(/there is none before it to compare/);
    expect(text).toMatch(/preflight 1 min, marks 1 min, job 1 h, secrets 10 s, verification 30 min/);
    expect(text).toMatch(/The scratch disk is slow\./);
  });

  it('tells how much it grew against the one before', async () => {
    const { world, backup } = await made();
    await world.deps.sets.change(backup.set(), (set) => ({ ...set, parts: [archive(100_000_000_000)] }));
    await backup.verify('verified');
    await backup.finish();
    world.clock.advance(24 * 3_600_000);
    const next = executeBackup(world, 'backup-2');
    await next.begin();
    await next.start();
    await next.follow();
    await world.deps.sets.change(next.set(), (set) => ({ ...set, parts: [archive(103_000_000_000)] }));
    await next.verify('verified');
    await next.finish();
    const text = world.notifier.published.at(-1)?.reasons.join('\n');
    expect(text).toContain(`3.00 GB (3.0 %) more than the one before, ${backup.set().id}.`);
  });

  it('compares it with none of another kind', async () => {
    const { world, backup } = await made();
    await world.deps.sets.change(backup.set(), (set) => ({ ...set, size: 7, kind: 'native' }));
    await backup.verify('verified');
    await backup.finish();
    world.clock.advance(24 * 3_600_000);
    const next = executeBackup(world, 'backup-2');
    await next.begin();
    await next.start();
    await next.follow();
    await world.deps.sets.change(next.set(), (set) => ({ ...set, parts: [archive(103_000_000_000)] }));
    await next.verify('verified');
    await next.finish();
    expect(world.notifier.published.at(-1)?.reasons.join('\n')).toContain('there is none before it');
  });
});

describe('the end of a backup that is none', () => {
  it('which was refused before its Job leaves a failed set, and wrote nothing', async () => {
    const world = createBackupWorld();
    const backup = executeBackup(world);
    await backup.begin();
    const reasons = ['gl-uploads can not be listed. Give the role s3:ListBucket.'];
    expect(await backup.finish({ outcome: 'refused', reasons })).toMatchObject({ outcome: 'refused' });
    expect(await backup.manifest()).toMatchObject({
      state: 'failed',
      failure: { code: 'refused', message: reasons[0] },
    });
    expect(world.notifier.published).toMatchObject([
      { outcome: 'refused', did: expect.stringContaining('Wrote nothing'), reasons },
    ]);
    expect(await isFree(world)).toBe(true);
  });

  it('which broke off before it had a set says that', async () => {
    const world = createBackupWorld();
    const end = await executeBackup(world).finish({ outcome: 'failed', reasons: ['shop does not answer.'] });
    expect(end).toMatchObject({ outcome: 'not-begun' });
    expect(world.notifier.published).toMatchObject([
      { happened: expect.stringContaining('broke off at its beginning'), reasons: ['shop does not answer.'] },
    ]);
  });

  it('whose Job was not seen to end names it, the command that ends it, and where its log is', async () => {
    const { world, backup } = await made();
    const fact = await backup.fact();
    await world.deps.sets.change(backup.set(), (set) => ({ ...set, state: 'running' }));
    const key = `backup/runs/production/${backup.set().id}/job.json`;
    await world.ledger.remove(key);
    if (!fact) throw new Error('There is a Job.');
    const { end: _, ...unended } = fact;
    await world.ledger.claim(jobFactKind, key, unended);
    await backup.finish({ outcome: 'failed', reasons: ['S3 did not answer.'] });
    const [notice] = world.notifier.published;
    expect(notice?.command).toBe(`kubectl --namespace gitlab delete job ${fact.name}`);
    expect(notice?.reasons.join('\n')).toMatch(
      /If it is still there, it goes on.*\n.*backup\/logs\/production\//,
    );
  });

  it('whose manifest was deleted under it does not say that nothing was written, and ends its Job', async () => {
    const world = createBackupWorld();
    const backup = executeBackup(world);
    await backup.begin();
    await backup.start();
    const fact = await backup.fact();
    await world.ledger.remove(backupSetKey('production', backup.set().id));
    expect(await backup.finish({ outcome: 'failed', reasons: ['There is no such set.'] })).toMatchObject({
      outcome: 'lost',
    });
    const [notice] = world.notifier.published;
    expect(notice).toMatchObject({
      severity: 'critical',
      happened: expect.stringContaining('its manifest was deleted while it was made'),
      command: `kubectl --namespace gitlab delete job ${fact?.name}`,
      reasons: ['There is no such set.'],
    });
    expect(notice?.did).not.toContain('Wrote nothing');
    expect(await isFree(world)).toBe(true);
  });

  it('which was written and not read says why nobody read it', async () => {
    const { world, backup } = await made();
    await backup.finish({ concerns: ['It was not read: States.Timeout'] });
    expect(world.notifier.published).toMatchObject([
      {
        outcome: 'unverified',
        severity: 'warning',
        reasons: expect.arrayContaining(['It was not read: States.Timeout']),
      },
    ]);
  });
});

describe('a second end', () => {
  it('of a redriven execution changes and tells nothing, whatever became of the set since', async () => {
    const { world, backup } = await made();
    await backup.finish({ ends: ENDS });
    await backup.verify('verified');
    const before = await backup.manifest();
    world.clock.advance(60_000);
    expect(await backup.finish({ outcome: 'failed', reasons: ['later'] })).toMatchObject({
      outcome: 'unverified',
    });
    expect(await backup.manifest()).toEqual(before);
    expect(world.notifier.published).toHaveLength(1);
  });

  it('after a topic that refused tells what was not told', async () => {
    const { world, backup } = await made();
    await backup.verify('verified');
    world.notifier.failing = new RefusedError('topic.forbidden', 'No.');
    await expect(backup.finish()).rejects.toThrow('No.');
    expect(await isFree(world)).toBe(true);
    world.notifier.failing = undefined;
    await backup.finish();
    expect(world.notifier.published).toMatchObject([{ outcome: 'verified' }]);
  });

  it('frees no lock that has gone to somebody else', async () => {
    const { world, backup } = await made();
    await backup.finish();
    await executeBackup(world, 'backup-2').begin();
    await backup.finish();
    expect(await isFree(world)).toBe(false);
  });
});
