import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { startChild } from '../../infra/local/child-processes.ts';
import { identifyProcess, isRunning } from '../../infra/local/process-identity.ts';
import { endStaleChildren, recordChild } from '../../infra/local/stale-children.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'children-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sh = (name: string, script: string, isReady = async () => true, readyTimeoutMs = 300) =>
  startChild({ name, command: 'sh', args: ['-c', script], folder, isReady, readyTimeoutMs });

const isGone = async (pid: number): Promise<boolean> => (await identifyProcess(pid)) === undefined;

test('a stopped part is gone, with what it started itself, and its record too', async () => {
  const child = await sh('part', 'sleep 60 & echo $! > grandchild; wait');
  const grandchild = await vi.waitFor(async () => {
    const pid = Number(await readFile(join(folder, 'grandchild'), 'utf8'));
    expect(pid).toBeGreaterThan(0);
    return pid;
  });
  await child.stop();
  expect(await isGone(child.pid)).toBe(true);
  await vi.waitFor(async () => expect(await isGone(grandchild)).toBe(true));
  expect(await readdir(join(folder, 'processes'))).toEqual([]);
});

test('stopping twice is harmless', async () => {
  const child = await sh('part', 'exec sleep 60');
  await Promise.all([child.stop(), child.stop()]);
  await child.stop();
  expect(await isGone(child.pid)).toBe(true);
});

test('a part that ends instead of getting ready is reported with the end of its log', async () => {
  const failing = sh('part', 'echo the port is taken; exit 3', async () => false, 30_000);
  await expect(failing).rejects.toThrow(/part ended .*exit code 3.*the port is taken/s);
});

test('a part that never gets ready is ended and reported', async () => {
  const silent = sh('part', 'echo thinking; exec sleep 60', async () => false);
  await expect(silent).rejects.toThrow(/part runs but does not get ready.*thinking/s);
  expect(await readdir(join(folder, 'processes'))).toEqual([]);
});

test('a command that is not there is named', async () => {
  const missing = startChild({
    name: 'part',
    command: '/nowhere/part',
    args: [],
    folder,
    isReady: async () => true,
  });
  await expect(missing).rejects.toThrow('part cannot be started: /nowhere/part');
});

test('a part ends when the process that started it is killed', async () => {
  const module = fileURLToPath(new URL('../../infra/local/child-processes.ts', import.meta.url));
  const script = join(folder, 'parent.ts');
  await writeFile(
    script,
    `const { startChild } = await import(${JSON.stringify(module)});
     const child = await startChild({ name: 'part', command: 'sleep', args: ['60'],
       folder: ${JSON.stringify(folder)}, isReady: async () => true });
     console.log(child.pid); setInterval(() => undefined, 1000);`,
  );
  const parent = spawn(process.execPath, ['--no-warnings', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk]: unknown[] = await once(parent.stdout, 'data');
  const pid = Number(String(chunk));
  expect(await isGone(pid)).toBe(false);
  parent.kill('SIGKILL');
  await vi.waitFor(async () => expect(await isGone(pid)).toBe(true), { timeout: 30_000 });
}, 60_000);

test('what an earlier run left behind is ended, and said', async () => {
  const left = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  await once(left, 'spawn');
  const pid = left.pid ?? 0;
  await recordChild(folder, 'part', pid);
  const lines: string[] = [];
  const gone = once(left, 'exit');
  await endStaleChildren(folder, (line) => lines.push(line));
  await gone;
  expect(lines).toEqual([`part: ending pid ${pid}, left behind by an earlier run`]);
});

test('a process that only has the same pid as a recorded one is left alone', async () => {
  const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
  await once(stranger, 'spawn');
  const pid = stranger.pid ?? 0;
  await recordChild(folder, 'part', pid);
  const path = join(folder, 'processes', 'part.json');
  const record: unknown = JSON.parse(await readFile(path, 'utf8'));
  await writeFile(path, JSON.stringify({ ...Object(record), child: { pid, startedAt: '1' } }));
  await endStaleChildren(folder, () => undefined);
  expect(await identifyProcess(pid)).toBeDefined();
  stranger.kill('SIGKILL');
});

test('a folder that a living run uses is refused', async () => {
  const self = await identifyProcess(process.pid);
  const parent = await identifyProcess(process.ppid);
  expect(parent && (await isRunning(parent))).toBe(true);
  await recordChild(folder, 'part', process.pid);
  await writeFile(
    join(folder, 'processes', 'part.json'),
    JSON.stringify({ name: 'part', child: self, parent }),
  );
  await expect(endStaleChildren(folder, () => undefined)).rejects.toThrow(/is in use: part .*Stop that one/);
});
