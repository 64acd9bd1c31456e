import type { S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { listArchives, openArchiveStore } from '../../../functions/clients/archive-store.ts';
import { type ArchivePlan, layOutArchive } from '../../../infra/local/large-objects/virtual-archive.ts';

/** An S3 that can be written to, with a bucket that keeps versions and one that does not. */
export interface WritableS3 {
  readonly client: S3Client;
  readonly versioned: string;
  readonly plain: string;
  put(bucket: string, key: string, plan: ArchivePlan): Promise<void>;
  delete(bucket: string, key: string): Promise<void>;
}

const PLAN = { seed: 'contract', bytes: 1_000_000, members: 30, databaseBytes: 100_000 };
const OTHER = { ...PLAN, seed: 'other' };
const KEY = '1795136400_2026_11_20_18.10.0-ee_gitlab_backup.tar';

/** What an archive store promises, whatever S3 lies behind it. */
export const describeArchiveStore = (name: string, open: () => WritableS3): void => {
  describe(`an archive store on ${name}`, () => {
    const archive = layOutArchive(PLAN);
    const whole = archive.read(0, archive.size);
    const slice = (start: number, end: number) => new Uint8Array(whole.subarray(start, end));
    let s3: WritableS3;
    const store = (bucket: string, key = KEY, versionId?: string) =>
      openArchiveStore({ bucket, key, versionId, client: s3.client });
    beforeAll(async () => {
      s3 = open();
      await s3.put(s3.versioned, KEY, PLAN);
      await s3.put(s3.plain, KEY, PLAN);
    });

    it('describes the object as it lies there', async () => {
      const described = await store(s3.versioned).describe();
      expect(described).toMatchObject({
        bucket: s3.versioned,
        key: KEY,
        size: archive.size,
        storageClass: 'STANDARD',
        etag: expect.stringMatching(/^"[0-9a-f]{32}(-\d+)?"$/),
        versionId: expect.any(String),
      });
      expect(Date.now() - Date.parse(described.lastModified)).toBeLessThan(600_000);
      expect(described.lockMode).toBeUndefined();
      expect((await store(s3.plain).describe()).versionId).toBeUndefined();
    });

    it.each([
      ['the beginning', 0, 512],
      ['one byte', 513, 1],
      ['the middle', 300_001, 100_003],
      ['what goes beyond the end', archive.size - 700, 5_000],
      ['everything', 0, archive.size],
      ['nothing', 400, 0],
      ['what lies behind the end', archive.size, 512],
    ])('reads %s', async (_, start, length) => {
      const opened = store(s3.versioned);
      const bytes = await opened.open(await opened.describe()).read(start, length);
      // Element by element a megabyte takes a second to compare.
      expect(Buffer.from(bytes).equals(slice(start, Math.min(start + length, archive.size)))).toBe(true);
    });

    it('reads many ranges side by side', async () => {
      const opened = store(s3.plain);
      const source = opened.open(await opened.describe());
      const starts = Array.from({ length: 48 }, (_, index) => index * 20_011);
      const read = await Promise.all(starts.map((start) => source.read(start, 1_500)));
      expect(read).toEqual(starts.map((start) => slice(start, start + 1_500)));
    });

    it('goes on with the version it described when another was written over it', async () => {
      const key = `overwritten/${KEY}`;
      await s3.put(s3.versioned, key, PLAN);
      const described = await store(s3.versioned, key).describe();
      await s3.put(s3.versioned, key, OTHER);
      expect(await store(s3.versioned).open(described).read(0, 4_096)).toEqual(slice(0, 4_096));
      const newest = await store(s3.versioned, key).describe();
      expect(newest.etag).not.toBe(described.etag);
      expect(await store(s3.versioned, key, described.versionId).describe()).toEqual(described);
    });

    it('refuses to go on when there are no versions and it was overwritten', async () => {
      const key = `overwritten/${KEY}`;
      await s3.put(s3.plain, key, PLAN);
      const source = store(s3.plain).open(await store(s3.plain, key).describe());
      await source.read(0, 512);
      await s3.put(s3.plain, key, OTHER);
      await expect(source.read(512, 512)).rejects.toMatchObject({
        name: 'RefusedError',
        code: 'archive.changed',
        message: expect.stringContaining(`s3://${s3.plain}/${key} was overwritten`),
      });
    });

    it('says that it is gone, before and after it was described', async () => {
      const key = `gone/${KEY}`;
      await s3.put(s3.versioned, key, PLAN);
      await s3.put(s3.plain, key, PLAN);
      const described = await store(s3.plain, key).describe();
      await s3.delete(s3.versioned, key);
      await s3.delete(s3.plain, key);
      const gone = { name: 'RefusedError', code: 'archive.gone' };
      await expect(store(s3.plain).open(described).read(0, 512)).rejects.toMatchObject(gone);
      await expect(store(s3.plain, key).describe()).rejects.toMatchObject(gone);
      await expect(store(s3.versioned, key).describe()).rejects.toMatchObject(gone);
      await expect(store(s3.plain, 'never-there').describe()).rejects.toMatchObject(gone);
      const noVersion = store(s3.versioned, KEY, '00000000000000000000000000000000');
      await expect(noVersion.describe()).rejects.toMatchObject(gone);
    });

    it('lists the archives directly under a prefix, newest first, and passes over the rest', async () => {
      const names = [
        '1700000000_2023_11_14_16.5.1-ee',
        '1795222800_2026_11_21_18.10.0-ee',
        '1600000000_2020_09_13_13.4.0',
      ];
      for (const name of names) await s3.put(s3.plain, `nightly/${name}_gitlab_backup.tar`, PLAN);
      await s3.put(s3.plain, 'nightly/readme.txt', PLAN);
      await s3.put(s3.plain, 'nightly/old/1790000000_2026_09_21_18.8.0-ee_gitlab_backup.tar', PLAN);
      const place = { bucket: s3.plain, prefix: 'nightly/', client: s3.client };
      const { archives, isCut } = await listArchives(place);
      expect(archives.map(({ backupId }) => backupId)).toEqual([names[1], names[0], names[2]]);
      expect(isCut).toBe(false);
      expect(archives[0]).toMatchObject({
        key: `nightly/${names[1]}_gitlab_backup.tar`,
        size: archive.size,
        version: '18.10.0-ee',
        startedAt: new Date(1_795_222_800_000),
        storageClass: 'STANDARD',
      });
      expect(await listArchives({ ...place, limit: 1 })).toEqual({
        archives: archives.slice(0, 1),
        isCut: true,
      });
      expect(await listArchives({ ...place, prefix: 'nothing/' })).toEqual({ archives: [], isCut: false });
    });
  });
};
