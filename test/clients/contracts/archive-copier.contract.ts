import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { openArchiveCopier } from '../../../functions/clients/archive-copy.ts';
import { openArchiveStore } from '../../../functions/clients/archive-store.ts';
import type { ArchivePlan } from '../../../infra/local/large-objects/virtual-archive.ts';

/** What every S3 that archives are copied within must do. */

export interface CopyingS3 {
  readonly client: S3Client;
  /** With versions. */
  readonly source: string;
  readonly target: string;
  readonly put: (bucket: string, key: string, plan: ArchivePlan) => Promise<void>;
}

const MIB = 1024 ** 2;
/** A little more than two parts of the smallest size that S3 takes. */
const ARCHIVE: ArchivePlan = { seed: 'copy', bytes: 11.5 * MIB, members: 30, databaseBytes: 100_000 };
const CHECKSUM = { algorithm: 'CRC64NVME', type: 'full-object' } as const;
/** Of an archive so large. */
const rangeOf = (number: number, size: number) => {
  const start = (number - 1) * 5 * MIB;
  return { number, start, end: Math.min(start + 5 * MIB, size) - 1 };
};

export const describeArchiveCopier = (name: string, connect: () => CopyingS3): void => {
  describe(`an archive copier on ${name}`, () => {
    let copies = 0;
    const prepare = async () => {
      const { client, source: from, target, put } = connect();
      copies += 1;
      const key = `a folder/copy ${copies}+?.tar`;
      await put(from, key, ARCHIVE);
      const patience = { attempts: 3, attemptMs: 20_000, pauseMs: 1 };
      const store = (bucket: string) => openArchiveStore({ bucket, key, client, patience });
      const source = await store(from).describe();
      const copier = openArchiveCopier({ region: 'eu-central-1', bucket: target, key, client, patience });
      /** At the beginning, across the ends of the parts, and at the end. */
      const isEqual = async (): Promise<boolean> => {
        const copy = await store(target).describe();
        const reads = [0, 5 * MIB - 700, 10 * MIB - 700, source.size - 900].map(async (start) => {
          const one = await store(from).open(source).read(start, 1_400);
          const other = await store(target).open(copy).read(start, 1_400);
          return Buffer.from(one).equals(Buffer.from(other));
        });
        return copy.size === source.size && (await Promise.all(reads)).every(Boolean);
      };
      return {
        source,
        copier,
        store,
        isEqual,
        overwrite: () => put(from, key, { ...ARCHIVE, seed: 'x' }),
      };
    };

    it('copies in one request', async () => {
      const { source, copier, isEqual } = await prepare();
      await copier.copyWhole(source, CHECKSUM);
      expect(await isEqual()).toBe(true);
    });

    it('copies in parts, in any order and some of them twice', async () => {
      const { source, copier, store, isEqual } = await prepare();
      const uploadId = await copier.begin(source, CHECKSUM);
      expect((await copier.listUploads()).map((upload) => upload.uploadId)).toEqual([uploadId]);
      for (const number of [3, 1, 2, 1]) {
        expect(await copier.copyPart(source, { uploadId, ...rangeOf(number, source.size) })).toBe('copied');
      }
      const parts = await copier.listParts(uploadId);
      expect(parts).toMatchObject([
        { PartNumber: 1, Size: 5 * MIB },
        { PartNumber: 2, Size: 5 * MIB },
        { PartNumber: 3, Size: source.size - 10 * MIB },
      ]);
      if (parts === 'gone') throw new Error('The upload is gone.');
      expect(await copier.complete(uploadId, CHECKSUM, { parts, size: source.size })).toBe('completed');
      expect(await isEqual()).toBe(true);
      expect(await copier.listUploads()).toEqual([]);
      const { etag } = await store(connect().target).describe();
      expect(etag).toMatch(/-3"$/);
    });

    it('says of an upload that was aborted that it is gone', async () => {
      const { source, copier } = await prepare();
      const uploadId = await copier.begin(source, CHECKSUM);
      await copier.abort(uploadId);
      await copier.abort(uploadId);
      expect([
        await copier.listParts(uploadId),
        await copier.copyPart(source, { uploadId, ...rangeOf(1, source.size) }),
        await copier.complete(uploadId, CHECKSUM, { parts: [{ PartNumber: 1, ETag: '"1"' }], size: 1 }),
      ]).toEqual(['gone', 'gone', 'gone']);
      expect(await copier.listUploads()).toEqual([]);
    });

    it('copies the version that was named, whatever was written over it', async () => {
      const { source, copier, overwrite, isEqual } = await prepare();
      await overwrite();
      await copier.copyWhole(source, CHECKSUM);
      expect(await isEqual()).toBe(true);
    });

    it('refuses another object under the same name', async () => {
      const { source, copier, overwrite } = await prepare();
      const { versionId: _, ...unversioned } = source;
      await overwrite();
      const changed = { name: 'RefusedError', code: 'archive.changed' };
      await expect(copier.copyWhole(unversioned, CHECKSUM)).rejects.toMatchObject(changed);
      const uploadId = await copier.begin(unversioned, CHECKSUM);
      await expect(
        copier.copyPart(unversioned, { uploadId, ...rangeOf(1, source.size) }),
      ).rejects.toMatchObject(changed);
      await copier.abort(uploadId);
    });

    it('says of an archive that is not there that it is gone', async () => {
      const { source, copier } = await prepare();
      const { versionId: _, ...other } = { ...source, key: 'nowhere.tar' };
      await expect(copier.copyWhole(other, CHECKSUM)).rejects.toMatchObject({ code: 'archive.gone' });
    });
  });
};
