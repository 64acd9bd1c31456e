import type { ByteSource } from './byte-source.ts';
import type { Member } from './member.ts';

/** Bytes of one read of a stream: large enough that the time it takes is transfer, not waiting. */
const CHUNK_BYTES = 8 * 1024 * 1024;
/** Reads under way behind the chunk that is being worked on: with it, 24 MiB are held. */
const READ_AHEAD = 2;

/** Where a member's content lies; what a walk found, or what was kept of it. */
export type MemberPlace = Pick<Member, 'body' | 'size'>;

type MemberContent =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly reason: string };

/**
 * Reads the content of a small member whole, in one read.
 *
 * @param limit bytes it may have at most; a larger one is not read.
 * @throws whatever `source` throws.
 */
export const readMember = async (
  source: ByteSource,
  { body, size }: MemberPlace,
  limit: number,
  signal?: AbortSignal,
): Promise<MemberContent> => {
  if (size > limit)
    return { ok: false, reason: `it has ${size} bytes, more than the ${limit} that are read at once` };
  if (size === 0) return { ok: true, bytes: new Uint8Array() };
  return { ok: true, bytes: await source.read(body, size, signal) };
};

/** How to stream a member; every field has a default. */
interface StreamOptions {
  /** Bytes of a read. */
  readonly chunkBytes?: number;
  /** Where to begin, in bytes of the content. */
  readonly from?: number;
  /** Where to stop, in bytes of the content; its end when nothing is said. */
  readonly to?: number;
  readonly signal?: AbortSignal;
}

/**
 * Streams the content of a member in order, the next two chunks on their way while one is worked on. Who stops
 * early ends the reads that are under way.
 *
 * @throws whatever `source` throws.
 */
export async function* streamMember(
  source: ByteSource,
  { body, size }: MemberPlace,
  { chunkBytes = CHUNK_BYTES, from = 0, to = size, signal }: StreamOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const ended = new AbortController();
  const either = signal ? AbortSignal.any([signal, ended.signal]) : ended.signal;
  const end = Math.min(to, size);
  const reads: Promise<Uint8Array>[] = [];
  let asked = from;
  try {
    for (;;) {
      for (; asked < end && reads.length <= READ_AHEAD; asked += chunkBytes) {
        const read = source.read(body + asked, Math.min(chunkBytes, end - asked), either);
        // It is awaited when its turn comes; until then its failure is nobody's.
        read.catch(() => undefined);
        reads.push(read);
      }
      const next = reads.shift();
      if (!next) return;
      yield await next;
    }
  } finally {
    ended.abort();
  }
}
