import type { ByteSource } from '../../../functions/backup/archive/byte-source.ts';
import { BLOCK, base256, headerBlock, longName } from './crafted-blocks.ts';

/** A member of an archive that exists nowhere: content comes from a seed, or is tiled from what is given. */
export interface VirtualMember {
  readonly name: string;
  readonly size: number;
  readonly flag?: string;
  /** Repeated to fill the member. */
  readonly tile?: Uint8Array;
}

interface Placed extends VirtualMember {
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

/** Octal has eleven digits in the size field. */
const OCTAL_LIMIT = 8 ** 11;

/** Blocks of the headers of a member whose name does not fit: that of the long name, the name, its own. */
const LONG_HEADERS = 3;

/** Headers as GNU tar writes them. */
const gnuHeaders = ({ name, size, flag = '0' }: VirtualMember): Buffer => {
  const sizeField = size < OCTAL_LIMIT ? {} : { sizeField: base256(BigInt(size)) };
  const block = headerBlock({ name, size: size % OCTAL_LIMIT, flag, ...sizeField });
  return Buffer.byteLength(name) > 100 ? Buffer.concat([longName(name), block]) : block;
};

const NOISE_BYTES = 1_000_003;

/** Bytes of no meaning, the same ones each time (a linear congruential generator of Numerical Recipes). */
const noise = ((): Buffer => {
  const bytes = Buffer.alloc(NOISE_BYTES);
  let state = 42;
  for (let at = 0; at < NOISE_BYTES; at += 1) {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    bytes[at] = Math.floor(state / 16_777_216);
  }
  return bytes;
})();

/** The archive of these members, from a byte to terabytes: each read computes what it is asked for. */
export const virtualArchive = (members: readonly VirtualMember[], endBytes = 2 * BLOCK): ByteSource => {
  const placed: Placed[] = [];
  let at = 0;
  for (const member of members) {
    const body = at + (Buffer.byteLength(member.name) > 100 ? LONG_HEADERS : 1) * BLOCK;
    const end = body + Math.ceil(member.size / BLOCK) * BLOCK;
    placed.push({ ...member, start: at, body, end });
    at = end;
  }
  const size = at + endBytes;
  return {
    size,
    read: async (start, length, signal) => {
      signal?.throwIfAborted();
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - start)));
      for (let index = findMember(placed, start); index < placed.length; index += 1) {
        const member = placed[index];
        if (!member || member.start >= start + bytes.length) break;
        writeMember(bytes, start, member);
      }
      return bytes;
    },
  };
};

/** The first member that ends behind an offset. */
const findMember = (placed: readonly Placed[], offset: number): number => {
  let [low, high] = [0, placed.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((placed[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return low;
};

const writeMember = (bytes: Buffer, start: number, member: Placed): void => {
  const { body } = member;
  if (body > start) {
    const skipped = Math.max(0, start - member.start);
    gnuHeaders(member).copy(bytes, Math.max(0, member.start - start), skipped);
  }
  const tile = member.tile ?? noise;
  let from = Math.max(0, start - body);
  const to = Math.min(member.size, start + bytes.length - body);
  while (from < to) {
    const inTile = from % tile.length;
    const length = Math.min(tile.length - inTile, to - from);
    bytes.set(tile.subarray(inTile, inTile + length), body + from - start);
    from += length;
  }
};
