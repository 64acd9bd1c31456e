import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../functions/backup/archive/byte-source.ts';
import { readMember, streamMember } from '../../../functions/backup/archive/member-content.ts';
import { TransientError } from '../../../functions/runtime/errors.ts';
import { memorySource } from './member-folds.ts';

const archive = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
const source = memorySource(archive);

/** Counts reads that are under way, and which signal each has. */
const watched = () => {
  const seen = { requests: 0, underWay: 0, atOnce: 0, aborted: 0 };
  const watchedSource: ByteSource = {
    size: source.size,
    read: async (start, length, signal) => {
      seen.requests += 1;
      seen.underWay += 1;
      seen.atOnce = Math.max(seen.atOnce, seen.underWay);
      signal?.addEventListener('abort', () => (seen.aborted += 1));
      const bytes = await source.read(start, length);
      seen.underWay -= 1;
      return bytes;
    },
  };
  return { seen, watchedSource };
};

describe('the content of a member', () => {
  it('is read whole when it is small enough', async () => {
    expect(await readMember(source, { body: 100, size: 50 }, 50)).toEqual({
      ok: true,
      bytes: archive.subarray(100, 150),
    });
  });

  it('is not read when it is larger than was said', async () => {
    const { seen, watchedSource } = watched();
    expect(await readMember(watchedSource, { body: 100, size: 51 }, 50)).toEqual({
      ok: false,
      reason: 'it has 51 bytes, more than the 50 that are read at once',
    });
    expect(seen.requests).toBe(0);
  });

  it('of no bytes is read without a read', async () => {
    const { seen, watchedSource } = watched();
    expect(await readMember(watchedSource, { body: 100, size: 0 }, 50)).toEqual({
      ok: true,
      bytes: new Uint8Array(),
    });
    expect(seen.requests).toBe(0);
  });
});

describe('the stream of a member', () => {
  it('has its bytes in order, whatever the chunks and the part', async () => {
    const place = fc.record({ body: fc.nat(2_000), size: fc.nat(3_000) });
    const part = fc.record({
      chunkBytes: fc.integer({ min: 1, max: 4_000 }),
      from: fc.nat(3_500),
      to: fc.nat(3_500),
    });
    const property = fc.asyncProperty(place, part, async (place, part) => {
      const chunks = await Array.fromAsync(streamMember(source, place, part));
      const expected = archive
        .subarray(place.body, place.body + place.size)
        .subarray(part.from, Math.max(part.from, part.to));
      expect(Buffer.concat(chunks).equals(expected)).toBe(true);
      expect(chunks.every(({ length }) => length <= part.chunkBytes)).toBe(true);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('has three reads under way at most', async () => {
    const { seen, watchedSource } = watched();
    await Array.fromAsync(streamMember(watchedSource, { body: 0, size: 5_000 }, { chunkBytes: 100 }));
    expect(seen).toMatchObject({ requests: 50, atOnce: 3, underWay: 0 });
  });

  it('that is left early ends the reads that are under way', async () => {
    const { seen, watchedSource } = watched();
    const stream = streamMember(watchedSource, { body: 0, size: 5_000 }, { chunkBytes: 100 });
    for await (const chunk of stream) if (chunk.length > 0) break;
    expect(seen).toMatchObject({ requests: 3, aborted: 3 });
  });

  it('ends when the caller says so', async () => {
    const controller = new AbortController();
    const { seen, watchedSource } = watched();
    const options = { chunkBytes: 100, signal: controller.signal };
    const stream = streamMember(watchedSource, { body: 0, size: 5_000 }, options);
    await stream.next();
    controller.abort();
    expect(seen).toMatchObject({ requests: 3, aborted: 3 });
    await stream.return();
  });

  it('ends in the error of its source, and leaves no other one unhandled', async () => {
    const error = new TransientError('archive.unavailable', '503');
    const failing: ByteSource = { size: 5_000, read: async () => await Promise.reject(error) };
    const stream = streamMember(failing, { body: 0, size: 5_000 }, { chunkBytes: 100 });
    await expect(Array.fromAsync(stream)).rejects.toBe(error);
  });
});
