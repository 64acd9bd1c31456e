import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startCluster } from '../../infra/local/cluster/start-cluster.ts';
import { waitFor } from '../support/world/wait-for.ts';

/** A tour on a busy machine; on a quiet one it takes some three, most of them in the rehearsal of a restore. Minutes. */
const PATIENCE_MINUTES = 10;

const START = join(import.meta.dirname, '../../infra/local/start.ts');

let parent = '';
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'drydock-start-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** `npm start` in a process group of its own, as a terminal runs it. */
const start = (args: readonly string[], env: Record<string, string> = {}) =>
  execa(process.execPath, [START, '--folder', join(parent, 'run'), ...args], {
    reject: false,
    all: true,
    // The variables of the test runner are none of a user's.
    env: { DRYDOCK_KUBECONFIG: undefined, NODE_OPTIONS: undefined, ...env },
  });

/** Processes of the run, told by its folder in their arguments or environment: Linux only. */
const listProcesses = async (): Promise<string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const parts = await Promise.all(
        ['cmdline', 'environ'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      );
      return parts.some((text) => text.includes(parent)) ? [parts[0]?.replaceAll('\0', ' ') ?? pid] : [];
    }),
  );
  return found.flat();
};

describe('npm start', () => {
  it(
    'plays the whole tour, ends with exit code 0 and leaves no process behind',
    async () => {
      const { exitCode, all } = await start(['--once']);
      expect(all).toContain('The tour went as told');
      expect(exitCode).toBe(0);
      for (const scene of [
        'good release',
        'same event',
        'no policy',
        'bad release',
        'fix',
        'Pause',
        'next version',
        'before anything moves',
        'looks green',
        'rehearsed',
      ]) {
        expect(all).toMatch(new RegExp(`^\\d+\\. .*${scene}`, 'm'));
      }
      expect(all).not.toContain('Left out');
      expect(await listProcesses()).toEqual([]);
    },
    PATIENCE_MINUTES * 60_000,
  );

  it.each([
    ['SIGINT', 'AWS '],
    ['SIGTERM', 'EKS '],
  ] as const)('ends at %s in the middle of the start, and leaves no process behind', async (signal, seen) => {
    const run = start(['--once']);
    await new Promise<void>((resolve) => {
      run.all.on('data', (text: Buffer) => {
        if (text.toString().includes(seen)) resolve();
      });
    });
    await waitFor('parts run', async () => (await listProcesses()).length > 2);
    run.kill(signal);
    const { exitCode, all } = await run;
    expect(exitCode).toBe(130);
    expect(all).toContain('Stopping');
    expect(await listProcesses()).toEqual([]);
  });

  it('does not start twice in one folder, and names the one that runs', async () => {
    const first = start(['--no-tour']);
    await waitFor('the first one runs', async () => (await listProcesses()).length > 1);
    await waitFor(
      'the first one has the folder',
      async () => (await readdir(join(parent, 'run', 'processes'))).length > 0,
    );
    const second = await start(['--no-tour']);
    expect(second.exitCode).toBe(1);
    expect(second.all).toContain(`is in use: npm start (pid ${first.pid})`);
    first.kill('SIGTERM');
    await first;
  });

  it(
    'plays what it can on a cluster of the user, whose API server knows nothing of EKS tokens',
    async () => {
      const cluster = await startCluster({ folder: join(parent, 'own'), report: () => undefined });
      const { exitCode, all } = await start(['--once'], { DRYDOCK_KUBECONFIG: cluster.kubeconfig });
      await cluster.stop();
      expect(all).toContain('with EKS tokens at https://127.0.0.1:');
      expect(all).toContain('The tour went as told');
      // Pods that crash on demand twice, what belongs in nobody's cluster, and a GitLab on this machine twice.
      expect(all.match(/Left out/g)).toHaveLength(5);
      expect(exitCode).toBe(0);
    },
    PATIENCE_MINUTES * 60_000,
  );
});
