import type { ArchiveEnd } from './archive-end.ts';
import type { ByteSource } from './byte-source.ts';
import { BLOCK_BYTES } from './header-block.ts';
import type { HeaderWindow } from './header-window.ts';
import type { Member } from './member.ts';
import { readMemberHeaders } from './member-headers.ts';
import { findTrailing } from './trailer.ts';

type ChainStep =
  | { readonly kind: 'member'; readonly member: Member }
  | { readonly kind: 'end'; readonly end: ArchiveEnd };

/** The archive a chain runs through: its bytes by a window, and the source for what is no header. */
interface Chain {
  readonly source: ByteSource;
  readonly window: HeaderWindow;
  readonly signal?: AbortSignal;
}

/** Reads the next member of a chain, or how the chain ends there. */
export const readStep = async (chain: Chain, at: number): Promise<ChainStep> => {
  const { size } = chain.source;
  if (size === 0) return end({ kind: 'no-tar', at, reason: 'empty', message: 'the object is empty' });
  if (at >= size) {
    return cut(size, 'no-end-marker', 'the last member is followed by nothing, not by two blocks of zeros');
  }
  for (let length = BLOCK_BYTES; ; ) {
    const bytes = await chain.window.view(at, length);
    const reading = readMemberHeaders(bytes, at);
    if (reading.kind === 'member') {
      // No read: these bytes are held. It tells the window how long the headers of a member are here.
      await chain.window.view(at, reading.member.body - at);
      return checkMember(reading.member, size);
    }
    if (reading.kind === 'zero') return await readEndMarker(chain, at);
    if (reading.kind === 'fault') return end(asNoTar(reading.fault));
    if (at + reading.length > size) return tellCutHeader(at, size);
    length = reading.length;
  }
};

const end = (how: ArchiveEnd): ChainStep => ({ kind: 'end', end: how });

const cut = (
  at: number,
  reason: Extract<ArchiveEnd, { kind: 'cut' }>['reason'],
  message: string,
): ChainStep => end({ kind: 'cut', at, reason, message });

const checkMember = (member: Member, size: number): ChainStep =>
  member.body + member.size > size
    ? cut(
        member.start,
        'member-beyond-end',
        `a member has ${member.size} bytes from ${member.body} on, and the object only ${size}`,
      )
    : { kind: 'member', member };

/** Where not even the first block is a header, nothing speaks for an archive that was damaged. */
const asNoTar = (fault: ArchiveEnd): ArchiveEnd =>
  fault.kind === 'damaged' && fault.reason === 'invalid-header' && fault.at === 0
    ? { kind: 'no-tar', at: 0, reason: 'not-a-header', message: fault.message }
    : fault;

const tellCutHeader = (at: number, size: number): ChainStep =>
  at === 0 && size < BLOCK_BYTES
    ? end({ kind: 'no-tar', at, reason: 'not-a-header', message: `${size} bytes are no header` })
    : cut(at, 'header-beyond-end', `the object ends at ${size}, within a header`);

/** Two blocks of zeros, and zeros up to the end of the object (POSIX pax, "ustar Interchange Format"). */
const readEndMarker = async ({ source, window, signal }: Chain, at: number): Promise<ChainStep> => {
  const { size } = source;
  const marker = await window.view(at, 2 * BLOCK_BYTES);
  const isZero = marker.subarray(0, 2 * BLOCK_BYTES).every((byte) => byte === 0);
  if (isZero && size - at < 2 * BLOCK_BYTES) {
    return cut(at, 'one-zero-block', 'the object ends within the end marker of two blocks of zeros');
  }
  if (!isZero) {
    const message = 'a block of zeros that no second one follows: no end marker, and no header';
    return end({ kind: 'damaged', at, reason: 'lone-zero-block', message });
  }
  const trailing = await findTrailing(source, at + 2 * BLOCK_BYTES, signal);
  return end(trailing ? { kind: 'damaged', reason: 'trailing-bytes', ...trailing } : { kind: 'whole', at });
};
