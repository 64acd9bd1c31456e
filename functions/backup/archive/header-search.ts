import type { ByteSource } from './byte-source.ts';
import { readStep } from './chain-step.ts';
import { BLOCK_BYTES, looksLikeHeader, padToBlock } from './header-block.ts';
import { type HeaderWindow, openHeaderWindow } from './header-window.ts';

const FIRST_READ_BYTES = 64 * 1024;
const LAST_READ_BYTES = 1024 * 1024;
/** Content can be full of what looks like a header; each one costs two reads to look behind it. */
const CANDIDATES = 4;

/** Where to look for a header, and at what cost. */
interface Search {
  readonly from: number;
  /** No use beyond: the next segment begins there. */
  readonly limit: number;
  /** Bytes to look through at most. */
  readonly budget: number;
  /** Told of each read of content. */
  spend(bytes: number): void;
  shouldStop(): boolean;
  readonly signal?: AbortSignal;
}

/** A header that stands where a segment may begin, and a window that holds it. */
interface FoundStart {
  readonly start: number;
  readonly window: HeaderWindow;
}

/**
 * Looks for a header from a block on. The first found may stand between a long name and its member, or in content; so
 * the segment begins at the member behind it, when one is there. It is a belief still: only a chain that arrives
 * there proves it.
 */
export const findSegmentStart = async (
  source: ByteSource,
  search: Search,
): Promise<FoundStart | undefined> => {
  let at = padToBlock(search.from);
  let length = FIRST_READ_BYTES;
  let candidates = 0;
  const end = Math.min(at + search.budget, search.limit);
  while (at < end && !search.shouldStop()) {
    const bytes = await source.read(at, Math.min(length, padToBlock(end - at)), search.signal);
    search.spend(bytes.length);
    for (let offset = 0; offset + BLOCK_BYTES <= bytes.length; offset += BLOCK_BYTES) {
      if (!looksLikeHeader(bytes.subarray(offset, offset + BLOCK_BYTES))) continue;
      const found = await followOnce(source, at + offset, search);
      if (found) return found;
      candidates += 1;
      if (candidates === CANDIDATES) return undefined;
    }
    at += bytes.length;
    length = Math.min(length * 4, LAST_READ_BYTES);
  }
  return undefined;
};

const followOnce = async (
  source: ByteSource,
  header: number,
  { limit, signal }: Search,
): Promise<FoundStart | undefined> => {
  const window = openHeaderWindow(source, signal);
  const chain = { source, window, ...(signal && { signal }) };
  const first = await readStep(chain, header);
  if (first.kind === 'end' || first.member.next >= limit) return undefined;
  const second = await readStep(chain, first.member.next);
  return second.kind === 'member' ? { start: first.member.next, window } : undefined;
};
