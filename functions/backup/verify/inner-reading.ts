import type { ByteSource } from '../archive/byte-source.ts';
import { readLargeArchive, readSmallArchive, SMALL_ARCHIVE } from './bucket-archive.ts';
import { type Compression, HEAD_BYTES, readCompression } from './compression.ts';
import { type InnerFile, isDump } from './contents.ts';
import { type Advance, readDump } from './dump-reading.ts';
import type { InnerEvidence } from './inner-evidence.ts';

interface InnerReading {
  /** Compressed bytes up to which a dump is read to its end. */
  readonly dumpReadLimit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onAdvance?: Advance | undefined;
}

/**
 * Looks into one file of the archive: two small reads, one for a small file, and the whole of a dump up to the limit.
 *
 * @throws what the source throws.
 */
export const readInner = async (
  source: ByteSource,
  file: InnerFile,
  { dumpReadLimit, signal, onAdvance }: InnerReading,
): Promise<InnerEvidence> => {
  // What is smaller than this is no gzip file at all, and has no last bytes beside its first ones.
  if (file.size < HEAD_BYTES) return { ...file, state: file.size === 0 ? 'empty' : 'no-gzip' };
  const isSmall = file.size <= SMALL_ARCHIVE && !isDump(file.name);
  const head = await source.read(file.start, isSmall ? file.size : HEAD_BYTES, signal);
  const compression = readCompression(head);
  if (!isReadable(compression, file)) {
    return compression === 'unknown'
      ? { ...file, state: 'no-gzip' }
      : { ...file, state: 'other-compression', detail: compression };
  }
  if (isSmall) return readSmallArchive(file, head);
  if (!isDump(file.name)) return readLargeArchive(file, source, signal);
  if (file.size > dumpReadLimit) return { ...file, state: 'not-read' };
  return readDump(source, file, compression, { signal, onAdvance });
};

const isReadable = (compression: Compression, { name }: InnerFile): compression is 'gzip' | 'sql' =>
  compression === 'gzip' || (compression === 'sql' && isDump(name));
