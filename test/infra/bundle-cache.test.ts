import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cache = () => path.join(folder, 'cache');
const run = (settings: unknown = {}): string => {
  const build = () => ({
    inputs: [source],
    outputs: new Map([['index.mjs', Buffer.from(`build ${++builds}`)]]),
  });
  const outputs = buildOnce(['a'], settings, () => new Map([['a', build()]]), cache());
  return Buffer.from(outputs.get('a')?.get('index.mjs') ?? '').toString();
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

test('an input of one of several changed: that one is built anew', () => {
  const other = path.join(folder, 'other.ts');
  writeFileSync(other, 'one');
  const asked: (readonly string[])[] = [];
  const runBoth = () =>
    buildOnce(
      ['a', 'b'],
      {},
      (names) => {
        asked.push(names);
        const buildOne = (name: string) => ({
          inputs: [name === 'a' ? source : other],
          outputs: new Map([['index.mjs', Buffer.from(`${name} ${asked.length}`)]]),
        });
        return new Map(names.map((name) => [name, buildOne(name)]));
      },
      cache(),
    );
  runBoth();
  writeFileSync(other, 'three');
  const texts = [...runBoth()].map(([, outputs]) => Buffer.from(outputs.get('index.mjs') ?? '').toString());
  expect(asked).toEqual([['a', 'b'], ['b']]);
  expect(texts).toEqual(['a 1', 'b 2']);
});

test('another process builds: waited for, and its build is taken', async () => {
  const program = `
    import { buildOnce } from ${JSON.stringify(new URL('../../infra/constructs/bundle-cache.ts', import.meta.url))};
    import { appendFileSync } from 'node:fs';
    const [source, log, cache] = process.argv.slice(1);
    buildOnce(['a'], {}, () => {
      appendFileSync(log, 'built ');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      return new Map([['a', { inputs: [source], outputs: new Map([['index.mjs', Buffer.from('theirs')]]) }]]);
    }, cache);`;
  const log = path.join(folder, 'log');
  const start = () => execa(process.execPath, ['--input-type=module', '-e', program, source, log, cache()]);
  await Promise.all([start(), start()]);
  expect(readFileSync(log, 'utf8')).toBe('built ');
  expect(run()).toBe('theirs');
});

test('a build that fails leaves the way free for the next', () => {
  const fail = () => {
    throw new Error('does not compile');
  };
  expect(() => buildOnce(['a'], {}, fail, cache())).toThrow('does not compile');
  expect(run()).toBe('build 1');
});

const lockFor = (pid: number | undefined, ageMs: number): string => {
  const lock = path.join(cache(), `${createHash('sha256').update('{}').digest('hex')}.lock`);
  mkdirSync(lock, { recursive: true });
  if (pid !== undefined) writeFileSync(path.join(lock, 'pid'), String(pid));
  utimesSync(lock, new Date(), new Date(Date.now() - ageMs));
  return lock;
};

/** Of a process that has ended. */
const pidOfNobody = async (): Promise<number> =>
  Number((await execa(process.execPath, ['-p', 'process.pid'])).stdout);

test.each([
  ['before it said who it is', undefined, 61_000],
  ['so long ago that its pid is that of somebody else', process.pid, 901_000],
])('a builder that was killed %s holds nobody up', (_, pid, ageMs) => {
  lockFor(pid, ageMs);
  expect(run()).toBe('build 1');
});

test('a builder that was killed in the middle holds nobody up', async () => {
  lockFor(await pidOfNobody(), 61_000);
  expect(run()).toBe('build 1');
});

test('a builder that is slow and lives is waited for', async () => {
  const lock = lockFor(process.pid, 61_000);
  const program = `
    import { buildOnce } from ${JSON.stringify(new URL('../../infra/constructs/bundle-cache.ts', import.meta.url))};
    const [source, cache] = process.argv.slice(1);
    buildOnce(['a'], {}, () => new Map([['a', { inputs: [source], outputs: new Map() }]]), cache);`;
  const waits = execa(process.execPath, ['--input-type=module', '-e', program, source, cache()]);
  const first = await Promise.race([waits.then(() => 'built'), delay(1_500, 'waits')]);
  rmSync(lock, { recursive: true });
  await waits;
  expect(first).toBe('waits');
});
