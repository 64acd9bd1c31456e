import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { joinCrc32, repeatCrc32 } from '../../infra/local/large-objects/crc32.ts';
import { startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { type ArchivePlan, layOutArchive } from '../../infra/local/large-objects/virtual-archive.ts';

/** The archives of the S3 stand-in, held against the tar and the gzip of this machine. */

const SMALL = { seed: 'small', bytes: 3_000_000, members: 60, databaseBytes: 200_000 };
const runFile = promisify(execFile);

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-large-objects-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const download = async (plan: ArchivePlan): Promise<string> => {
  const stand = await startLargeObjects();
  try {
    stand.put('backups', 'archive.tar', plan);
    const file = join(folder, `${++files}.tar`);
    await writeFile(file, Buffer.from(await (await fetch(`${stand.url}/backups/archive.tar`)).arrayBuffer()));
    return file;
  } finally {
    await stand.stop();
  }
};
const tar = async (...args: readonly string[]): Promise<Buffer> =>
  (await runFile('tar', args, { encoding: 'buffer', maxBuffer: 2 ** 28 })).stdout;
const listNames = async (file: string): Promise<string[]> =>
  (await tar('tf', file)).toString().trimEnd().split('\n');

describe('an archive of the stand-in', () => {
  it('has the members that were asked for, by the tar of this machine', async () => {
    const names = await listNames(await download(SMALL));
    expect(names).toHaveLength(SMALL.members);
    expect(new Set(names).size).toBe(SMALL.members);
    expect(names).toEqual(
      expect.arrayContaining(['./db/database.sql.gz', './uploads.tar.gz', './backup_information.yml']),
    );
    expect(names.find((name) => name.endsWith('001.bundle'))).toMatch(
      /^\.\/repositories\/@hashed\/(..)\/(..)\/\1\2[0-9a-f]{60}\/\d{10}_\d{4}_\d\d_\d\d_18\.10\.0-ee\/001\.bundle$/,
    );
  });

  it('holds a dump that gunzip finds right, with the last words of pg_dump', async () => {
    const dump = gunzipSync(await tar('xOf', await download(SMALL), './db/database.sql.gz')).toString();
    expect(dump).toMatch(/^--\n-- PostgreSQL database dump\n/);
    expect(dump.trimEnd()).toMatch(/\n-- PostgreSQL database dump complete\n--$/);
    expect(dump.split('\n').length).toBeGreaterThan(4_000);
  });

  it('holds a dump without them, when it is to be one that failed', async () => {
    const file = await download({ ...SMALL, unfinishedDump: true });
    expect(gunzipSync(await tar('xOf', file, './db/database.sql.gz')).toString()).not.toContain('complete');
  });

  it('holds buckets that gunzip and tar find right', async () => {
    const file = join(folder, 'bucket.tar');
    await writeFile(file, gunzipSync(await tar('xOf', await download(SMALL), './registry.tar.gz')));
    expect((await tar('tvf', file)).toString()).toMatch(/ 7[0-9]{5} .* \.\/noise\.bin\n$/);
  });

  it('lets a bucket be absent with a word about it, or without', async () => {
    const file = await download({ ...SMALL, skipped: ['uploads', 'lfs'], missing: ['registry'] });
    const names = await listNames(file);
    expect(names.filter((name) => /uploads|lfs|registry/.test(name))).toEqual([]);
    expect((await tar('xOf', file, './backup_information.yml')).toString()).toContain(
      ':skipped: uploads,lfs\n',
    );
  });

  it.each<[string, Partial<ArchivePlan>, RegExp]>([
    ['a damaged header', { damagedHeader: 7 }, /Skipping to next header/],
    ['an end that is cut off', { truncatedTo: 1_600_000 }, /Unexpected EOF/],
  ])('is refused by tar for %s', async (_, flaw, words) => {
    const file = await download({ ...SMALL, ...flaw });
    // Where it can seek, it jumps over contents, and does not notice that the last one is not there.
    const complaint = await tar('--no-seek', '-tf', file).catch((error: { stderr: Buffer }) => error.stderr);
    expect(complaint.toString()).toMatch(words);
  });

  it('ends with zeros up to a record of 20 blocks, and without them when told so', () => {
    const whole = layOutArchive(SMALL);
    expect(whole.size % 10_240).toBe(0);
    expect(whole.read(whole.size - 1_024, whole.size).every((byte) => byte === 0)).toBe(true);
    const without = layOutArchive({ ...SMALL, withoutEnd: true });
    expect(without.size).toBe(whole.startOf(whole.members));
  });

  it('has the same bytes however it is read', () => {
    const archive = layOutArchive({ ...SMALL, decoys: true });
    const whole = archive.read(0, archive.size);
    const place = fc.nat({ max: archive.size });
    fc.assert(
      fc.property(place, place, (a, b) => {
        const [start, end] = [Math.min(a, b), Math.max(a, b)];
        expect(archive.read(start, end).equals(whole.subarray(start, end))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is as large as a disk that nobody has, and right at its end', () => {
    const archive = layOutArchive({ seed: 'large', bytes: 5e12, members: 200, databaseBytes: 2e7 });
    expect(archive.size).toBeGreaterThan(4.9e12);
    const last = archive.startOf(archive.members - 1);
    expect(archive.read(last, last + 1_024).toString()).toMatch(
      /^\.\/backup_information\.yml\0.*\0---\n:db_version/s,
    );
  });

  it('names sizes beyond eight octal gigabytes as GNU tar does', async () => {
    const archive = layOutArchive({ seed: 'large', bytes: 1e11, members: 40 });
    const file = join(folder, 'head.tar');
    const header = archive.read(archive.startOf(1), archive.startOf(1) + 512);
    await writeFile(file, header);
    const listed = await tar('tvf', file).catch((error: { stdout: Buffer }) => error.stdout);
    expect(listed.toString()).toMatch(/ 1500\d{7} .* \.\/artifacts\.tar\.gz/);
  });
});

it('the CRC-32 of pieces behind each other is that of the whole', () => {
  const piece = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(piece, piece, (a, b) => {
      expect(joinCrc32(b.length)(crc32(a), crc32(b))).toBe(crc32(Buffer.concat([a, b])));
    }),
  );
  fc.assert(
    fc.property(piece, fc.nat({ max: 40 }), (a, times) => {
      const whole = Buffer.concat(Array.from({ length: times }, () => a));
      expect(repeatCrc32(crc32(a), a.length, times)).toBe(crc32(whole));
    }),
  );
});
