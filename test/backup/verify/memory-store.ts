import type { ArchiveStore } from '../../../functions/clients/archive-store.ts';
import type { ArchiveObject } from '../../../functions/records/backup/verification.ts';
import { ARCHIVE_NAME } from './gitlab-archive.ts';

/** An archive store that holds one archive in memory, and fails as told. */

export interface MemoryStore extends ArchiveStore {
  /** Ranges that were read. */
  readonly ranges: { readonly start: number; readonly length: number }[];
}

interface Ways {
  readonly object?: Partial<ArchiveObject>;
  /** Instead of describing. */
  readonly onDescribe?: () => Promise<never>;
  /** Before each read: throws to refuse it. */
  readonly onRead?: (start: number, length: number) => void;
}

export const describedObject = (size: number, given: Partial<ArchiveObject> = {}): ArchiveObject => ({
  bucket: 'backups',
  key: ARCHIVE_NAME,
  etag: '"e1"',
  size,
  lastModified: '2025-11-21T02:04:00.000Z',
  checksum: { algorithm: 'CRC64NVME', value: 'AAAA', type: 'full-object' },
  ...given,
});

export const memoryStore = (bytes: Uint8Array, { object, onDescribe, onRead }: Ways = {}): MemoryStore => {
  const ranges: { start: number; length: number }[] = [];
  return {
    ranges,
    describe: onDescribe ?? (async () => describedObject(bytes.length, object)),
    open: () => ({
      size: bytes.length,
      read: async (start, length, signal) => {
        signal?.throwIfAborted();
        ranges.push({ start, length });
        onRead?.(start, length);
        return bytes.slice(start, start + length);
      },
    }),
  };
};
