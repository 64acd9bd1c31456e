import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shareArchives } from '../../infra/local/aws/asset-archives.ts';

let folder: string;
let archives: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-archives-'));
  archives = join(folder, 'archives');
});
afterEach(() => rm(folder, { recursive: true }));

test('what one assembly keeps is found in the next', async () => {
  await shareArchives(join(folder, 'one'), archives);
  await writeFile(join(folder, 'one/.cache/a.zip'), 'of a');
  await shareArchives(join(folder, 'two'), archives);
  expect(await readFile(join(folder, 'two/.cache/a.zip'), 'utf8')).toBe('of a');
});

test('a second deploy of one assembly finds its own', async () => {
  await shareArchives(join(folder, 'one'), archives);
  await writeFile(join(folder, 'one/.cache/a.zip'), 'of a');
  await shareArchives(join(folder, 'one'), archives);
  expect(await readdir(join(folder, 'one/.cache'))).toEqual(['a.zip']);
});

test('what is older than a day is removed, and nothing else', async () => {
  await shareArchives(join(folder, 'one'), archives);
  for (const [name, hours] of [
    ['old.zip', 25],
    ['young.zip', 23],
  ] as const) {
    const time = new Date(Date.now() - hours * 3_600_000);
    await writeFile(join(archives, name), '');
    await utimes(join(archives, name), time, time);
  }
  await shareArchives(join(folder, 'two'), archives);
  expect(await readdir(archives)).toEqual(['young.zip']);
});

test('to remove an assembly leaves the archives', async () => {
  await shareArchives(join(folder, 'one'), archives);
  await writeFile(join(folder, 'one/.cache/a.zip'), 'of a');
  await rm(join(folder, 'one'), { recursive: true });
  expect(await readdir(archives)).toEqual(['a.zip']);
});
