import { describe, expect, it } from 'vitest';
import { createBackupWorld, executeBackup } from '../support/backup-world.ts';
import { buildJobPod } from '../support/job-builders.ts';

const MINUTE = 60_000;

describe.each([
  ['ahead of', 10 * MINUTE],
  ['behind', -10 * MINUTE],
])('a cluster whose clock is ten minutes %s ours', (_, skewMs) => {
  it('has its backup watched to the end, and neither given up nor told of times that cannot be', async () => {
    const world = createBackupWorld({}, { job: { deadlineHours: 1 } }, skewMs);
    const backup = executeBackup(world);
    await backup.begin();
    await backup.start();
    const name = world.cluster.made[0]?.metadata.name ?? '';
    const { job, pods } = await world.cluster.observeJob({ namespace: 'gitlab', name });
    if (!job) throw new Error('There is a Job.');
    const running = buildJobPod({ name: `${name}-x7k2p`, createdAt: job.createdAt });
    world.cluster.putJob({ ...job, conditions: [] }, [running]);
    for (let minute = 0; minute < 59; minute += 10) {
      const seen = await backup.watch();
      expect(seen.outcome).toBe('running');
      expect(seen.waitSeconds).toBeGreaterThanOrEqual(2);
      world.clock.advance(10 * MINUTE);
    }
    world.cluster.putJob(job, pods);
    expect((await backup.watch()).outcome).toBe('succeeded');
    await backup.verify('verified');
    await backup.finish();
    expect(world.notifier.published[0]?.happened).toBe('Backup daily of production is verified: 1 h.');
    expect(await backup.manifest()).toMatchObject({ takenAt: job.startedAt });
  });
});
