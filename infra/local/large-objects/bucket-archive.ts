import { createHash } from 'node:crypto';
import type { Content } from './content.ts';
import { makeGzip } from './gzip.ts';
import { BLOCK, padding, RECORD, writeHeader } from './tar-header.ts';

/** What repeats in a bucket: whole blocks, so that nothing is left to fill. */
const CHUNK_BYTES = 128 * BLOCK;

/** The objects of a bucket as the toolbox packs them, a tar as gzip of about `bytes`: here, one object of noise. */
export const makeBucketArchive = (seed: string, bytes: number, mtime: number): Content => {
  const name = './noise.bin';
  const end = (size: number): number => 2 * BLOCK + padding(size);
  return makeGzip(
    {
      before: (times) =>
        Buffer.concat([
          writeHeader({ name: './', size: 0, mtime }),
          writeHeader({ name, size: times * CHUNK_BYTES, mtime }),
        ]),
      middle: createHash('shake256', { outputLength: CHUNK_BYTES }).update(seed).digest(),
      after: (times) => {
        const written = 2 * BLOCK + times * CHUNK_BYTES + end(times * CHUNK_BYTES);
        return Buffer.alloc(end(times * CHUNK_BYTES) + ((RECORD - (written % RECORD)) % RECORD));
      },
    },
    bytes,
  );
};
