import { describe, expect, it } from 'vitest';
import { run } from '../../functions/backup/check-preflight.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { RUN_INPUT } from '../support/backup-step.ts';
import { createPreflightWorld, type PreflightWorld } from './preflight/preflight-world.ts';

/** A preflight for which not everything can be learned. */

const FORBIDDEN = new RefusedError('aws.forbidden', 'No right to look.');
const AWAY = new TransientError('kubernetes.unreachable', 'No answer.');

type Change = (world: PreflightWorld) => unknown;

describe('what can not be learned', () => {
  it.each<[string, Change, string]>([
    ['rights', ({ simulation }) => simulation.fail(FORBIDDEN), 'since No right to look.'],
    ['keys', ({ buckets }) => buckets.fail('readEncryption', FORBIDDEN), 'bucket and key'],
    ['the lock', ({ buckets }) => buckets.fail('readLock', FORBIDDEN), 'locked from the moment'],
    [
      'the database',
      ({ subject }) => Object.assign(subject.settings, { database: { instance: 'gone' } }),
      'RDS has no database gone',
    ],
    [
      'a database outside of RDS',
      ({ subject }) => Object.assign(subject.settings, { database: undefined }),
      'not one of RDS',
    ],
  ])('does not stop a backup, and is said: %s', async (_, change, warning) => {
    const world = await createPreflightWorld();
    await change(world);
    const { outcome, warnings } = await world.check();
    expect(outcome).toBe('passed');
    expect(warnings.join('\n')).toContain(warning);
    expect((await world.record())?.outcome).toBe('not-checked');
  });

  it.each([
    ['AWS', (world: PreflightWorld) => world.simulation.fail(new TransientError('iam.unreachable', 'Away.'))],
    [
      'CloudWatch',
      (world: PreflightWorld) =>
        world.buckets.fail('readSize', new TransientError('bucket.throttled', 'Slow.')),
    ],
  ])('does not stop a backup while %s is away', async (_, change) => {
    const world = await createPreflightWorld();
    change(world);
    expect((await world.check()).outcome).toBe('passed');
  });

  it('stops a backup where starting could do harm', async () => {
    const world = await createPreflightWorld();
    const listJobs = () => Promise.reject(FORBIDDEN);
    const jobs = () => ({ ...world.cluster, listJobs });
    const { outcome, reasons } = await world.check({ jobs });
    expect(outcome).toBe('refused');
    expect(reasons).toEqual([expect.stringContaining('No other backup of this GitLab runs')]);
  });

  it('is asked again while the cluster is away, and no backup is refused for it', async () => {
    const world = await createPreflightWorld();
    const jobs = () => ({ ...world.cluster, readCronJob: () => Promise.reject(AWAY) });
    await expect(world.check({ jobs })).rejects.toThrow(AWAY);
    expect(await world.record()).toBeUndefined();
  });

  it('is asked again while the ledger is away', async () => {
    const world = await createPreflightWorld();
    const away = new TransientError('ledger.unavailable', 'S3 did not answer.');
    const sets = { ...world.sets, list: () => Promise.reject(away) };
    await expect(world.check({ sets })).rejects.toThrow(away);
  });

  it('is nothing that ends with the time of the Lambda', async () => {
    const world = await createPreflightWorld();
    const stop = new AbortController();
    stop.abort(new Error('out of time'));
    world.simulation.fail(new TransientError('iam.unreachable', 'Aborted.'));
    await expect(run(RUN_INPUT, world.deps, { signal: stop.signal })).rejects.toThrow('out of time');
  });

  it('is no bug of ours', async () => {
    const world = await createPreflightWorld();
    world.simulation.fail(new TypeError('undefined is not a function'));
    await expect(world.check()).rejects.toThrow(TypeError);
  });

  it('of the release leaves buckets and sizes unchecked, and says so', async () => {
    const release = { state: 'unknown', version: 1, readAt: '2026-11-21T03:00:06.000Z' } as const;
    const problem = 'There is no Helm release gitlab/gitlab.';
    const { outcome, warnings } = await (
      await createPreflightWorld({ release: { ...release, problem } })
    ).check();
    expect(outcome).toBe('passed');
    expect(warnings.filter((warning) => warning.includes('There is no Helm release')).length).toBe(3);
  });

  it('of a first backup is its size alone', async () => {
    const { outcome, warnings } = await (await createPreflightWorld({ history: [] })).check();
    expect(outcome).toBe('passed');
    expect(warnings).toHaveLength(2);
  });
});
