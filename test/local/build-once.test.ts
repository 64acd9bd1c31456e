import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { buildOnce } from '../../infra/local/build-once.ts';

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'build-once-'));
});
afterEach(() => rm(place, { recursive: true, force: true }));

const builder = (folder: string, lines: string[] = []) => {
  let times = 0;
  const build = async (into: string): Promise<void> => {
    times += 1;
    await writeFile(join(into, 'result'), `built ${times}`);
  };
  const run = () => buildOnce({ what: 'the part', folder, report: (line) => lines.push(line), build });
  return { run, times: () => times };
};

test('a second call finds what the first built', async () => {
  const { run, times } = builder(join(place, 'part'));
  expect(await run()).toEqual({ built: true });
  expect(await run()).toEqual({ built: false });
  expect(times()).toBe(1);
});

test('eight callers at once build once', async () => {
  const { run, times } = builder(join(place, 'part'));
  const answers = await Promise.all(Array.from({ length: 8 }, run));
  expect(answers.filter(({ built }) => built)).toHaveLength(1);
  expect(times()).toBe(1);
});

test('a build that failed half-way is built again from an empty folder', async () => {
  const folder = join(place, 'part');
  const failing = buildOnce({
    what: 'the part',
    folder,
    report: () => undefined,
    build: async (into) => {
      await writeFile(join(into, 'half'), '');
      throw new Error('the disk is full');
    },
  });
  await expect(failing).rejects.toThrow('the disk is full');
  expect(await builder(folder).run()).toEqual({ built: true });
  await expect(readFile(join(folder, 'half'))).rejects.toThrow('ENOENT');
});

test.for([
  ['of a process that is no more', JSON.stringify({ pid: 4_000_000, startedAt: '1' })],
  ['whose pid was given to another process', JSON.stringify({ pid: process.pid, startedAt: '1' })],
  ['that holds nothing readable', 'pid'],
])('a lock %s is taken over', async ([, content]) => {
  const folder = join(place, 'part');
  await writeFile(`${folder}.lock`, content ?? '');
  expect(await builder(folder).run()).toEqual({ built: true });
});
