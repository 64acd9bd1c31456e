import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { ByteSource } from '../archive/byte-source.ts';
import type { InnerFile } from './contents.ts';
import { countDump, MAIN_DUMP } from './dump-count.ts';
import { scanDump } from './dump-scan.ts';
import type { InnerEvidence } from './inner-evidence.ts';

/** Bytes of one read: large enough that its time goes into its content, and not into its latency. */
const READ_BYTES = 4 * 1024 ** 2;
/** Reads under way beside the piece that is inflated: one connection of S3 is slower than inflating. */
const READ_AHEAD = 2;
/** Dumps deflate to a fifth or a tenth. Zeros deflate to a thousandth: a small file could keep a Lambda busy for hours. */
const MAX_RATIO = 200;
/**
 * Compressed bytes below which a dump is none. That of an empty database has 391 by pg_dump 15.18, that of one table with
 * its key and one row 602; GitLab has about a thousand tables.
 */
const SMALLEST_DUMP = 500;

/** Says how far a long reading is. */
export type Advance = (bytes: number) => void;

interface DumpReading {
  readonly signal?: AbortSignal | undefined;
  readonly onAdvance?: Advance | undefined;
}

/**
 * Reads a database dump from its first byte to its last, a piece at a time, and says whether pg_dump came to its end.
 *
 * @param compression `sql` when it is not compressed at all.
 * @throws what the source throws; a dump that can not be inflated is evidence, no error.
 */
export const readDump = async (
  source: ByteSource,
  file: InnerFile,
  compression: 'gzip' | 'sql',
  { signal, onAdvance }: DumpReading = {},
): Promise<InnerEvidence> => {
  const scan = scanDump();
  const count = countDump();
  const limit = Math.max(file.size, 1024) * MAX_RATIO;
  const inflate = compression === 'gzip' ? createGunzip({ chunkSize: 256 * 1024 }) : new PassThrough();
  const pieces = Readable.from(readPieces(source, file, { signal, onAdvance }), {
    objectMode: false,
    highWaterMark: READ_BYTES,
  });
  try {
    await pipeline(
      pieces,
      inflate,
      async (text: AsyncIterable<Uint8Array>) => {
        for await (const chunk of text) {
          scan.add(chunk);
          count.add(chunk);
          if (scan.bytes > limit) throw new InflatesTooFar();
        }
      },
      ...(signal ? [{ signal }] : []),
    );
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof InflatesTooFar) {
      const detail = `it inflates to more than ${MAX_RATIO} times its size, as no dump does`;
      return { ...file, state: 'not-read', detail };
    }
    if (isInflateError(error)) return { ...file, state: 'damaged', detail: error.message };
    throw error;
  }
  const { tables, projects, elsewhere } = count;
  const seen = { tables, inflated: scan.bytes };
  if (!scan.isComplete) {
    // An error before the first byte leaves a gzip file of nothing at all.
    return scan.bytes === 0
      ? { ...file, state: 'empty', ...seen }
      : { ...file, state: 'unfinished', ...seen };
  }
  const isNone = tables === 0 || file.size < SMALLEST_DUMP;
  if (isNone) return { ...file, state: 'empty', ...seen };
  const told = file.name === MAIN_DUMP ? { ...(projects && { projects }), elsewhere } : {};
  return { ...file, state: 'complete', ...seen, ...told };
};

class InflatesTooFar extends Error {
  override readonly name = 'InflatesTooFar';
}

/** Errors of zlib have a code such as Z_DATA_ERROR; Z_BUF_ERROR is an end that came too early. */
const isInflateError = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');

/** The file in pieces; the next ones are asked for before the one before them is inflated. */
async function* readPieces(
  source: ByteSource,
  { start, size }: InnerFile,
  { signal, onAdvance }: DumpReading,
): AsyncGenerator<Uint8Array> {
  const asked: Promise<Uint8Array>[] = [];
  let at = 0;
  const askAhead = (): void => {
    for (; asked.length <= READ_AHEAD && at < size; at += READ_BYTES) {
      const piece = source.read(start + at, Math.min(READ_BYTES, size - at), signal);
      // It is awaited in its turn; if that never comes, its failure is nobody's.
      piece.catch(() => undefined);
      asked.push(piece);
    }
  };
  askAhead();
  for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
    const piece = await next;
    askAhead();
    onAdvance?.(piece.length);
    yield piece;
  }
}
