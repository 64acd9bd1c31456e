import { describe, expect, it } from 'vitest';
import { MAX_JOB_LOOKS } from '../../functions/records/backup/run-limits.ts';
import type { Job } from '../../functions/records/kubernetes-job.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { watchWith } from '../support/backup-watch.ts';
import { createBackupWorld, DONE, executeBackup, isFree, logLine } from '../support/backup-world.ts';
import { buildJob, buildJobPod, endedState } from '../support/job-builders.ts';

/** A Job that was made, and runs until a test says otherwise. */
const started = async (policy: object = {}, more: object = {}) => {
  const world = createBackupWorld(policy, more);
  const backup = executeBackup(world);
  await backup.begin();
  await backup.start();
  const made = await world.cluster.observeJob({
    namespace: 'gitlab',
    name: world.cluster.made[0]?.metadata.name ?? '',
  });
  if (!made.job) throw new Error('There is a Job.');
  const job: Job = { ...made.job, conditions: [] };
  const pod = (changes: Parameters<typeof buildJobPod>[0] = {}) =>
    buildJobPod({ name: `${job.name}-x7k2p`, createdAt: job.createdAt, ...changes });
  const see = (pods = [pod()], changes: Partial<Job> = {}) =>
    world.cluster.putJob({ ...job, ...changes }, pods);
  const failed = (reason = 'BackoffLimitExceeded') => ({
    conditions: [{ type: 'Failed', status: 'True' as const, reason, message: '', at: job.createdAt }],
  });
  see();
  return { world, backup, job, pod, see, failed };
};

describe('a Job that comes to a good end', () => {
  it('is looked at often at first and then less, and its set is written', async () => {
    const { world, backup, job } = await started();
    const waits: number[] = [];
    for (let looks = 0; looks < 8; looks++) {
      const seen = await backup.watch(looks);
      waits.push(seen.waitSeconds);
      world.clock.advance(seen.waitSeconds * 1_000 + 300_000 * looks);
    }
    expect(waits[0]).toBe(2);
    expect(waits.at(-1)).toBe(180);
    expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
    world.cluster.putJob(
      { ...job, conditions: [{ type: 'Complete', status: 'True', reason: '', message: '' }] },
      [buildJobPod({ name: `${job.name}-x7k2p`, phase: 'Succeeded', state: endedState(0, 'Completed') })],
    );
    expect(await backup.watch(8)).toMatchObject({ outcome: 'succeeded', looks: 9 });
    expect(await backup.manifest()).toMatchObject({ state: 'unverified', takenAt: job.startedAt });
    expect(await backup.fact()).toMatchObject({
      startedAt: job.startedAt,
      end: { outcome: 'succeeded', isLeft: false },
      log: { complete: true, evidence: { done: expect.stringContaining('s3://acme-backups') } },
    });
  });

  it('has its log copied piece by piece below the prefix of its set, no line twice', async () => {
    const { world, backup } = await started();
    const lines = ['Dumping uploads ...', 'empty', 'Dumping lfs ...', DONE];
    for (let count = 1; count <= lines.length; count++) {
      world.cluster.writeLog(lines.slice(0, count).map((line, index) => logLine(index, line)));
      await backup.watch(count);
    }
    expect([...world.texts]).toEqual(
      lines.map((line, index) => [
        `backup/logs/production/${backup.set().id}/0000${index + 1}.log`,
        `${line}\n`,
      ]),
    );
    expect((await backup.fact())?.log).toMatchObject({
      objects: 4,
      // More may come: only what ended proves that a line is not there.
      complete: false,
      evidence: { emptyParts: ['uploads'] },
    });
  });

  it('with containers beside it that never end is deleted, and counts as it ended', async () => {
    const { world, backup, see, pod } = await started();
    see([pod({ phase: 'Running', state: { ...endedState(0), finishedAt: '2026-11-21T03:01:00.000Z' } })]);
    world.clock.advance(200_000);
    expect(await backup.watch()).toMatchObject({ outcome: 'succeeded' });
    expect(await world.cluster.listJobs('gitlab', '')).toEqual([]);
    // The answer was lost: what is gone now must not become a Job that somebody deleted.
    expect(await backup.watch()).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('a Job that takes long', () => {
  it('keeps its environment from others for as long as somebody looks', async () => {
    const { world, backup } = await started();
    const end = world.clock.now().getTime() + 2 * 3_600_000;
    for (let looks = 0; world.clock.now().getTime() < end; looks++) {
      const { waitSeconds } = await backup.watch(looks);
      world.clock.advance(waitSeconds * 1_000);
      expect(await isFree(world)).toBe(false);
    }
  });

  it('is over with the last look that the history of its execution holds', async () => {
    const { world, backup } = await started();
    expect(await backup.watch(MAX_JOB_LOOKS - 2)).toMatchObject({ outcome: 'running' });
    expect(await backup.watch(MAX_JOB_LOOKS - 1)).toMatchObject({ outcome: 'failed' });
    expect(await world.cluster.listJobs('gitlab', '')).toEqual([]);
  });

  it('makes a set of the moment in which it began, and not in which it was made', async () => {
    const { backup, see } = await started();
    const startedAt = '2026-11-21T03:20:00.000Z';
    see(undefined, {
      startedAt,
      conditions: [{ type: 'Complete', status: 'True', reason: '', message: '' }],
    });
    await backup.watch();
    expect(await backup.manifest()).toMatchObject({ state: 'unverified', takenAt: startedAt });
  });
});

describe('a Job that fails', () => {
  type Started = Awaited<ReturnType<typeof started>>;
  it.each<[string, number, (given: Started) => void, RegExp]>([
    [
      'evicted',
      0,
      ({ see, pod, failed }) =>
        see([pod({ phase: 'Failed', reason: 'Evicted', message: 'ephemeral storage limit 10Gi' })], failed()),
      /evicted: its ephemeral storage ran out.*useGenericEphemeralVolume/,
    ],
    [
      'out of memory',
      0,
      ({ see, pod, failed }) =>
        see([pod({ phase: 'Failed', state: endedState(137, 'OOMKilled') })], failed()),
      /more memory than its limit.*Raise the memory/,
    ],
    [
      'killed with 137',
      0,
      ({ see, pod, failed }) => see([pod({ phase: 'Failed', state: endedState(137) })], failed()),
      /exit code 137/,
    ],
    [
      'past its deadline',
      0,
      ({ see, failed }) => see([], failed('DeadlineExceeded')),
      /longer than its deadline.*raise the deadline/,
    ],
    [
      'on no node for a quarter of an hour',
      901,
      ({ see, pod }) =>
        see([
          pod({
            phase: 'Pending',
            conditions: [
              { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' },
            ],
          }),
        ]),
      /No node takes its pod: 0\/3 nodes/,
    ],
    [
      'without its image',
      301,
      ({ see, pod }) =>
        see([pod({ phase: 'Pending', state: { type: 'waiting', reason: 'ImagePullBackOff', message: '' } })]),
      /its image can not be pulled \(ImagePullBackOff\)/,
    ],
    [
      'deleted by somebody',
      0,
      ({ world, job }) => void world.cluster.deleteJob(job),
      /Its Job was deleted.*audit log/,
    ],
    [
      'replaced by another of its name',
      0,
      ({ world, job }) => world.cluster.putJob(buildJob({ ...job, uid: 'other' })),
      /Its Job was deleted/,
    ],
    [
      'held back for longer than its deadline',
      12 * 3_600 + 901,
      ({ see }) => see([], { suspended: true }),
      /deadline is over: it is held back/,
    ],
  ])('%s says so, and what to do', async (_, seconds, happen, words) => {
    const given = await started();
    given.world.clock.advance(seconds * 1_000);
    happen(given);
    const seen = await given.backup.follow();
    expect(seen).toMatchObject({ outcome: 'failed', message: expect.stringMatching(words) });
    // One that would go on is gone, so that it is in nobody's way.
    const isLeft = (await given.backup.fact())?.end?.isLeft ?? false;
    const jobs = await given.world.cluster.listJobs('gitlab', '');
    expect(isLeft && jobs.some(({ uid }) => uid === given.job.uid)).toBe(false);
    expect(await given.backup.watch()).toEqual({ ...seen, looks: 1 });
    await given.backup.finish({ outcome: 'failed', reasons: [seen.message] });
    expect(await given.backup.manifest()).toMatchObject({
      state: 'failed',
      failure: { message: seen.message },
    });
    expect(given.world.notifier.published).toMatchObject([{ outcome: 'failed', severity: 'critical' }]);
  });
});

describe('a cluster that does not answer', () => {
  const away = new TransientError('kubernetes.unreachable', 'shop does not answer.');

  it('for a quarter of an hour fails nothing, and the Job is found where it is', async () => {
    const given = await started();
    const { world, backup, see, job } = given;
    for (let second = 0; second < 900; second += 30) {
      const seen = await watchWith(given, { observeJob: async () => Promise.reject(away) }, second / 30);
      expect(seen).toMatchObject({ outcome: 'running', message: expect.stringContaining('does not answer') });
      world.clock.advance(30_000);
    }
    expect(await backup.fact()).toMatchObject({ silentSince: '2026-11-21T03:00:00.000Z' });
    see(undefined, { conditions: [{ type: 'Complete', status: 'True', reason: '', message: '' }] });
    expect(await backup.watch()).toMatchObject({ outcome: 'succeeded' });
    expect((await backup.fact())?.silentSince).toBeUndefined();
    expect(world.cluster.made).toHaveLength(1);
    expect(job.uid).toBe((await backup.fact())?.uid);
  });

  it('until the deadline of the Job is long over is given up, with the command that ends the Job', async () => {
    const given = await started();
    given.world.clock.advance((12 * 3_600 + 901) * 1_000);
    const seen = await watchWith(given, { observeJob: async () => Promise.reject(away) });
    expect(seen).toMatchObject({ outcome: 'failed', message: expect.stringContaining('delete job') });
    await given.backup.finish({ outcome: 'failed', reasons: [seen.message] });
    expect(given.world.notifier.published[0]?.command).toBe(
      `kubectl --namespace gitlab delete job ${given.job.name}`,
    );
  });

  it('with a refusal is put up with for ten minutes', async () => {
    const given = await started();
    const forbidden = new RefusedError('kubernetes.forbidden', 'No right to get jobs.');
    const look = () => watchWith(given, { observeJob: async () => Promise.reject(forbidden) });
    expect((await look()).outcome).toBe('running');
    given.world.clock.advance(599_000);
    expect((await look()).outcome).toBe('running');
    given.world.clock.advance(2_000);
    expect((await look()).outcome).toBe('failed');
  });
});

describe('a log that can not be read', () => {
  const broken = async function* () {
    yield* [];
    throw new TransientError('kubernetes.unavailable', 'The node does not answer.');
  };

  it('while the Job is at work is read at the next look', async () => {
    const given = await started();
    expect(await watchWith(given, { streamLog: broken })).toMatchObject({ outcome: 'running' });
    await given.backup.watch();
    expect((await given.backup.fact())?.log.objects).toBe(1);
  });

  it('after its end is waited for ten minutes, and then it is said that it was not', async () => {
    const given = await started();
    given.see(undefined, { conditions: [{ type: 'Complete', status: 'True', reason: '', message: '' }] });
    expect(await watchWith(given, { streamLog: broken })).toMatchObject({ outcome: 'running' });
    given.world.clock.advance(601_000);
    expect(await watchWith(given, { streamLog: broken })).toMatchObject({ outcome: 'succeeded' });
    expect((await given.backup.fact())?.log).toMatchObject({
      complete: false,
      missing: expect.stringContaining('The node does not answer'),
    });
  });

  it('since its pod is gone is not waited for', async () => {
    const given = await started();
    given.see([], { conditions: [{ type: 'Complete', status: 'True', reason: '', message: '' }] });
    expect(await given.backup.watch()).toMatchObject({ outcome: 'succeeded' });
    expect((await given.backup.fact())?.log).toMatchObject({ complete: false, missing: expect.anything() });
  });

  it('of which there is much takes several looks, each bounded', async () => {
    const given = await started();
    given.see(undefined, { conditions: [{ type: 'Complete', status: 'True', reason: '', message: '' }] });
    const pieces = 5;
    const slow = async function* (_: unknown, { from }: { from?: { lines: number } }) {
      for (let piece = from?.lines ?? 0; piece < pieces; piece++) {
        given.world.clock.advance(25_000);
        yield { text: `piece ${piece}\n`, cursor: { at: 'x', lines: piece + 1 } };
      }
    };
    const outcomes: string[] = [];
    while (outcomes.at(-1) !== 'succeeded') {
      outcomes.push((await watchWith(given, { streamLog: slow })).outcome);
    }
    expect(outcomes).toEqual(['running', 'running', 'succeeded']);
    expect([...given.world.texts.values()]).toEqual(
      Array.from({ length: pieces }, (_, piece) => `piece ${piece}\n`),
    );
  });
});
