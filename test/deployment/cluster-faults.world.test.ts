import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { itKeepsItsSecrets } from '../support/world/find-secrets.ts';
import { waitForImage, waitForNotices, waitUntilFree } from '../support/world/rollouts.ts';
import { useFaultyWorld } from '../support/world/use-faulty-world.ts';
import { target } from '../support/world/use-world.ts';
import { waitFor } from '../support/world/wait-for.ts';

const NAMES = ['refuse', 'hang', 'late', 'token', 'ahead', 'behind', 'deleted', 'edited', 'paused'];

const world = useFaultyWorld((host) => Object.fromEntries(NAMES.map((name) => [name, target(host, name)])), {
  waitScale: 0.2,
});

const MINUTE_MS = 60_000;

/** Begins a rollout that takes 5 s until its pods are ready, and comes back as soon as the image is set. */
const beginSlowRollout = async (name: string): Promise<{ digest: string }> => {
  await world().run(name, '1.0.0');
  // A late decision about the first image would rightly tell of a workload that is gone by then.
  await waitFor('the first push is decided', async () =>
    (await world().history(name)).some(({ tag }) => tag === '1.0.0'),
  );
  const pushed = await world().push(name, '1.1.0-slow');
  await waitForImage(world(), name, '1.1.0-slow', pushed);
  return pushed;
};

const edit = (name: string, op: { op: 'add' | 'replace'; path: string; value: unknown }) =>
  world().apps.patchNamespacedDeployment({ namespace: 'shop', name, body: [op] });

describe('an API server that', () => {
  it('refuses connections in the middle of a rollout is waited for, and the rollout ends well', async () => {
    const { faults } = world();
    const pushed = await beginSlowRollout('refuse');
    await faults.apiServer.down();
    await delay(3_000);
    await faults.apiServer.up();
    expect(await waitForNotices(world(), 'refuse')).toMatchObject([{ outcome: 'rolled-out' }]);
    await waitForImage(world(), 'refuse', '1.1.0-slow', pushed);
    await waitUntilFree(world(), 'refuse');
  });

  it('hangs in the middle of a rollout is waited for, and the rollout ends well', async () => {
    const { faults } = world();
    await beginSlowRollout('hang');
    faults.apiServer.freeze();
    await delay(3_000);
    faults.apiServer.thaw();
    expect(await waitForNotices(world(), 'hang')).toMatchObject([{ outcome: 'rolled-out' }]);
    await waitUntilFree(world(), 'hang');
  });

  it('is away when the event comes loses no event: the sweep rolls it out once it is back', async () => {
    await world().run('late', '1.0.0');
    const { faults, executions, site } = world();
    await faults.apiServer.down();
    const pushed = await world().push('late', '1.1.0');
    await waitFor('the decision is written', async () => {
      const entries = await world().history('late');
      return entries.some(
        ({ outcome, code }) => outcome === 'not-checked' && code === 'kubernetes.unreachable',
      );
    });
    await faults.apiServer.up();
    await executions.start(site.machines.sweep, {});
    expect(await waitForNotices(world(), 'late')).toMatchObject([{ outcome: 'rolled-out' }]);
    await waitForImage(world(), 'late', '1.1.0', pushed);
  });
});

describe('a token', () => {
  it('that expires during the watch is renewed, and the watch goes on', async () => {
    const { faults } = world();
    await beginSlowRollout('token');
    Object.assign(faults.clock, { offMs: 16 * MINUTE_MS, times: 1 });
    faults.apiServer.cut();
    expect(await waitForNotices(world(), 'token')).toMatchObject([{ outcome: 'rolled-out' }]);
    expect(faults.clock.times).toBeLessThan(1);
  });

  it.each([
    ['ahead', 4],
    ['behind', -4],
  ])('is good for a cluster whose clock is 4 minutes %s', async (name, minutes) => {
    const { faults } = world();
    await world().run(name, '1.0.0');
    Object.assign(faults.clock, { offMs: minutes * MINUTE_MS, times: Number.POSITIVE_INFINITY });
    await world().push(name, '1.1.0');
    expect(await waitForNotices(world(), name)).toMatchObject([{ outcome: 'rolled-out' }]);
    Object.assign(faults.clock, { offMs: 0, times: 0 });
  });
});

describe.concurrent('a workload that, during the rollout,', () => {
  it('is deleted ends the rollout as gone, told once, nothing left behind', async () => {
    await beginSlowRollout('deleted');
    await world().apps.deleteNamespacedDeployment({ namespace: 'shop', name: 'deleted' });
    expect(await waitForNotices(world(), 'deleted')).toMatchObject([{ outcome: 'gone' }]);
    await waitUntilFree(world(), 'deleted');
  });

  it('gets another image from a person keeps it: the later change wins', async () => {
    await beginSlowRollout('edited');
    const theirs = `${world().registry.host}/shop/edited:1.0.0`;
    await edit('edited', { op: 'replace', path: '/spec/template/spec/containers/0/image', value: theirs });
    expect(await waitForNotices(world(), 'edited')).toMatchObject([{ outcome: 'overtaken' }]);
    expect(await world().image('edited')).toBe(theirs);
    expect((await world().state('edited'))?.holds).toEqual([]);
    await waitUntilFree(world(), 'edited');
  });

  it('is paused by a person is left as it is, and the message says how to go on', async () => {
    const pushed = await beginSlowRollout('paused');
    await edit('paused', { op: 'add', path: '/spec/paused', value: true });
    const [end, ...more] = await waitForNotices(world(), 'paused');
    expect(more).toEqual([]);
    expect(end?.outcome).toBe('overtaken');
    expect(end?.Message).toContain('kubectl -n shop rollout resume deployment/paused');
    await waitForImage(world(), 'paused', '1.1.0-slow', pushed);
    await waitUntilFree(world(), 'paused');
  });
});

itKeepsItsSecrets(world);
