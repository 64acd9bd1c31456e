import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { Lock, lockKey } from '../../functions/records/lock.ts';
import { ROLLOUT_PREFIX, targetLock } from '../../functions/records/rollout.ts';
import { itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import {
  countChanges,
  findOverlap,
  listRollouts,
  waitForImage,
  waitForNotices,
  waitUntilFree,
} from '../support/world/rollouts.ts';
import { runMachine } from '../support/world/run-machine.ts';
import { endSandboxes } from '../support/world/sandboxes.ts';
import { useFaultyWorld } from '../support/world/use-faulty-world.ts';
import { target } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

const world = useFaultyWorld(
  (host) => ({
    killed: target(host, 'killed'),
    stopped: target(host, 'stopped'),
    early: target(host, 'early'),
    racing: target(host, 'racing'),
    fixed: target(host, 'fixed'),
    worse: target(host, 'worse'),
    halted: target(host, 'halted', { watch: { deadlineSeconds: 12 } }),
  }),
  { waitScale: 0.2 },
);

const outcomes = async (name: string) =>
  (await listRollouts(world(), name)).map(({ order, outcome }) => `${order.tag} ${outcome}`);

describe('a Lambda that is killed between the patch and its record', () => {
  it('is run again, patches no second time, and the record is whole', async () => {
    await world().run('killed', '1.0.0');
    const { faults } = world();
    const record = { method: 'PUT', path: `/${ROLLOUT_PREFIX}killed-`, headers: isChange };
    faults.aws.inject(record, { delayMs: 60_000 });
    const pushed = await world().push('killed', '1.1.0');
    await waitForImage(world(), 'killed', '1.1.0', pushed);
    await waitFor('it is about to write the record', async () => faults.aws.count(record) === 1);
    expect(await endSandboxes(world(), 'ApplyImage')).toBeGreaterThan(0);
    expect(await waitForNotices(world(), 'killed')).toMatchObject([{ outcome: 'rolled-out' }]);
    await waitUntilFree(world(), 'killed');
    expect(await listRollouts(world(), 'killed')).toMatchObject([
      { outcome: 'rolled-out', patchedAt: expect.any(String), endedAt: expect.any(String) },
    ]);
    expect(await countChanges(world(), 'killed')).toBe(1);
  });
});

describe('a rollout that a person stops', () => {
  it('frees its target and says so; what its Lambda writes late changes nothing', async () => {
    await world().run('stopped', '1.0.0');
    const { faults, executions, site } = world();
    // The Lambda has seen that it holds the lock, and sleeps before it patches.
    const look = { method: 'GET', path: `/${lockKey(targetLock('stopped'))}` };
    faults.aws.inject(look, { delayMs: 0 });
    faults.aws.inject(look, { delayAnswerMs: 20_000 });
    await world().push('stopped', '1.1.0');
    await waitFor('it has seen its lock', async () => faults.aws.count(look) === 2);
    const found = (await executions.summaries(site.machines.rollout)).find(({ name }) =>
      name?.startsWith('stopped-'),
    );
    await executions.sfn.send(new StopExecutionCommand({ executionArn: found?.executionArn }));
    const [end] = await waitForNotices(world(), 'stopped');
    expect(end).toMatchObject({
      outcome: 'aborted',
      Message: expect.stringContaining('stopped by a person'),
    });
    await waitUntilFree(world(), 'stopped');

    const newer = await world().push('stopped', '1.2.0');
    await waitForImage(world(), 'stopped', '1.2.0', newer);
    const late = await waitFor('the late Lambda has written its answer', async () =>
      (await world().history('stopped')).find(
        ({ execution, code }) => execution.name === found?.name && code === 'policy',
      ),
    );
    expect(late.outcome).toBe('not-wanted');
    await waitUntilFree(world(), 'stopped');
    await waitForImage(world(), 'stopped', '1.2.0', newer);
    expect(await countChanges(world(), 'stopped')).toBe(1);
    expect(await outcomes('stopped')).toEqual(['1.1.0 aborted', '1.2.0 rolled-out']);
  });
});

describe('a rollout that a person stops before its Lambda has the lock', () => {
  it('patches nothing that nobody would watch, keeps no lock, and the next sweep starts anew', async () => {
    const good = await world().run('early', '1.0.0');
    const { faults, executions, site } = world();
    const lock = { path: `/${lockKey(targetLock('early'))}` };
    // Its first look at the lock comes seconds late: a cold start, a slow S3.
    faults.aws.inject({ ...lock, method: 'GET' }, { delayMs: 4_000 });
    const pushed = await world().push('early', '1.1.0');
    await waitFor('it asks for its lock', async () => faults.aws.count(lock) === 1);
    const found = (await executions.summaries(site.machines.rollout)).find(({ name }) =>
      name?.startsWith('early-'),
    );
    await executions.sfn.send(new StopExecutionCommand({ executionArn: found?.executionArn }));
    expect(await waitForNotices(world(), 'early')).toMatchObject([{ outcome: 'aborted' }]);
    await waitFor('the late Lambda has taken and freed the lock', async () => {
      const [stored] = await world().ledger.records(Lock, lockKey(targetLock('early')));
      return stored?.owner === null;
    });
    await waitForImage(world(), 'early', '1.0.0', good);
    expect(await countChanges(world(), 'early')).toBe(0);
    await runMachine(world(), 'sweep');
    await waitForImage(world(), 'early', '1.1.0', pushed);
    await waitUntilFree(world(), 'early');
  });
});

describe('two pushes that race for one target', () => {
  it('end at the higher version, one after the other, with no update lost', async () => {
    await world().run('racing', '1.0.0');
    const [higher] = await Promise.all([
      world().push('racing', '1.2.0'),
      world().push('racing', '1.1.0-slow'),
    ]);
    await waitForImage(world(), 'racing', '1.2.0', higher);
    await waitUntilFree(world(), 'racing');
    await waitFor(
      '1.2.0 is seen healthy',
      async () => (await world().state('racing'))?.running?.tag === '1.2.0',
    );
    await waitForImage(world(), 'racing', '1.2.0', higher);
    const rollouts = await listRollouts(world(), 'racing');
    expect(findOverlap(rollouts)).toBeUndefined();
    expect(rollouts.at(-1)).toMatchObject({ order: { tag: '1.2.0' }, outcome: 'rolled-out' });
  });
});

describe('a newer release that comes while a bad one is still watched', () => {
  it('replaces it at once, with no rollback in between', async () => {
    await world().run('fixed', '1.0.0');
    const bad = await world().push('fixed', '1.1.0-unready');
    await waitForImage(world(), 'fixed', '1.1.0-unready', bad);
    const fix = await world().push('fixed', '1.2.0');
    await waitForImage(world(), 'fixed', '1.2.0', fix);
    expect(await waitForNotices(world(), 'fixed')).toMatchObject([{ outcome: 'rolled-out' }]);
    expect(await outcomes('fixed')).toEqual(['1.1.0-unready superseded', '1.2.0 rolled-out']);
    expect(await countChanges(world(), 'fixed')).toBe(2);
    expect(findOverlap(await listRollouts(world(), 'fixed'))).toBeUndefined();
  });

  it('and fails too, goes back to the last release that was seen healthy', async () => {
    const good = await world().run('worse', '1.0.0');
    const bad = await world().push('worse', '1.1.0-unready');
    await waitForImage(world(), 'worse', '1.1.0-unready', bad);
    await world().push('worse', '1.2.0-crash');
    expect(await waitForNotices(world(), 'worse')).toMatchObject([{ outcome: 'rolled-back' }]);
    await waitForImage(world(), 'worse', '1.0.0', good);
    expect(await outcomes('worse')).toEqual(['1.1.0-unready superseded', '1.2.0-crash rolled-back']);
  });
});

describe('the stop button, in the middle of a bad rollout,', () => {
  it('keeps Drydock from rolling back, and it says so; after it a fix goes out', async () => {
    await world().run('halted', '1.0.0');
    const who = { by: 'Ada', why: 'looking at it' };
    const bad = await world().push('halted', '1.1.0-unready');
    await waitForImage(world(), 'halted', '1.1.0-unready', bad);
    expect(await runMachine(world(), 'control', { pause: 'target/halted', ...who })).toMatchObject({
      status: 'SUCCEEDED',
    });
    const [end] = await waitForNotices(world(), 'halted');
    expect(end?.outcome).toBe('failed');
    expect(end?.Message).toContain('not rolled back: paused (target/halted) by Ada');
    await waitForImage(world(), 'halted', '1.1.0-unready', bad);

    const fix = await world().push('halted', '1.2.0');
    await waitFor('the fix is held back', async () =>
      (await world().history('halted')).some(({ tag, code }) => tag === '1.2.0' && code === 'paused'),
    );
    await runMachine(world(), 'control', { resume: 'target/halted', ...who });
    await waitForImage(world(), 'halted', '1.2.0', fix);
    await waitUntilFree(world(), 'halted');
    expect(await outcomes('halted')).toEqual(['1.1.0-unready failed', '1.2.0 rolled-out']);
    expect((await world().state('halted'))?.holds).toEqual([]);
  });
});

const isChange = (headers: Record<string, unknown>): boolean => headers['if-match'] !== undefined;

itKeepsItsSecrets(world);
