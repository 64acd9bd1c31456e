import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { buildOnce } from '../../infra/constructs/bundle-cache.ts';

let folder: string;
let source: string;
let builds: number;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'drydock-cache-'));
  source = path.join(folder, 'source.ts');
  writeFileSync(source, 'one');
  builds = 0;
});

const cache = () => path.join(folder, 'cache');
const run = (settings: unknown = {}): string => {
  const outputs = buildOnce(
    settings,
    () => ({ inputs: [source], outputs: new Map([['a/index.mjs', Buffer.from(`build ${++builds}`)]]) }),
    cache(),
  );
  return Buffer.from(outputs.get('a/index.mjs') ?? '').toString();
};

test('nothing changed: the first build is given again', () => {
  expect([run(), run()]).toEqual(['build 1', 'build 1']);
});

test('an input changed: built anew, and that is kept', () => {
  run();
  writeFileSync(source, 'three');
  expect([run(), run()]).toEqual(['build 2', 'build 2']);
});

test('an input touched without a change of size: built anew', () => {
  run();
  utimesSync(source, new Date(), new Date(Date.now() + 5_000));
  expect(run()).toBe('build 2');
});

test('an input is gone: built anew', () => {
  run();
  rmSync(source);
  expect(run()).toBe('build 2');
});

test('other settings: a build of their own', () => {
  expect([run({ minify: true }), run({ minify: false }), run({ minify: true })]).toEqual([
    'build 1',
    'build 2',
    'build 1',
  ]);
});

test('a kept build that is half gone: built anew', () => {
  run();
  const [key = ''] = readdirSync(cache());
  rmSync(path.join(cache(), key, '0'));
  expect(run()).toBe('build 2');
});

test('no draft is left behind', () => {
  run();
  expect(readdirSync(cache()).filter((name) => name.includes('.'))).toEqual([]);
});
