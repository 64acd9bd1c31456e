import { readHeaderNumber } from './header-number.ts';

/** Everything in a tar archive stands in blocks of this many bytes (POSIX pax, "ustar Interchange Format"). */
export const BLOCK_BYTES = 512;

/** Bytes with the padding that fills their last block. */
export const padToBlock = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

/** One header block, nothing applied to it. */
export interface HeaderBlock {
  /** With the prefix of ustar. */
  readonly name: string;
  readonly size: number;
  /** Type flag, one character; NUL is what old tars wrote for a file. */
  readonly flag: string;
  /** A map of holes goes on in the blocks that follow (GNU's old sparse files). */
  readonly hasMoreMap: boolean;
}

type BlockReading =
  | { readonly kind: 'header'; readonly header: HeaderBlock }
  | { readonly kind: 'zero' }
  | {
      readonly kind: 'invalid';
      readonly reason: 'invalid-header' | 'invalid-size';
      readonly message: string;
    };

/** Where fields lie in the block: first byte, and the one behind the last. */
const NAME = [0, 100] as const;
const SIZE = [124, 136] as const;
const CHECKSUM = [148, 156] as const;
const FLAG = 156;
const MAGIC = [257, 263] as const;
const PREFIX = [345, 500] as const;
/** Of GNU's old sparse header, in the place of the prefix. */
const HAS_MORE_MAP = 482;

/** The word that both POSIX and GNU begin the magic with. */
const USTAR = Buffer.from('ustar');

const utf8 = new TextDecoder();
const latin1 = new TextDecoder('latin1');

/** Reads one block where a header should be: ustar, pax, GNU, or the format before them (V7), which has no magic. */
export const readHeaderBlock = (block: Uint8Array): BlockReading => {
  if (block.every((byte) => byte === 0)) return { kind: 'zero' };
  if (!hasValidChecksum(block)) {
    return { kind: 'invalid', reason: 'invalid-header', message: 'its checksum is not that of a tar header' };
  }
  const size = readHeaderNumber(block.subarray(...SIZE));
  if (size === undefined) {
    return {
      kind: 'invalid',
      reason: 'invalid-size',
      message: 'its size is no number this reader can count to',
    };
  }
  const flag = String.fromCharCode(block[FLAG] ?? 0);
  const hasMoreMap = flag === 'S' && block[HAS_MORE_MAP] !== 0;
  return { kind: 'header', header: { name: readName(block), size, flag, hasMoreMap } };
};

/**
 * Is this a header that may begin a segment? Unlike in a chain, where a header is expected, the magic is asked for:
 * it rules nearly every block of content out at once. Archives of the format before it are walked in one piece.
 */
export const looksLikeHeader = (block: Uint8Array): boolean =>
  USTAR.every((byte, index) => block[MAGIC[0] + index] === byte) && readHeaderBlock(block).kind === 'header';

/** Some old tars summed their bytes as signed ones; POSIX wants unsigned, readers take both. */
const hasValidChecksum = (block: Uint8Array): boolean => {
  const field = block.subarray(...CHECKSUM);
  const expected = readHeaderNumber(field);
  // The sum is taken with the field itself full of spaces, so it is never 0.
  if (!expected) return false;
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK_BYTES; at += 1) {
    const value = at >= CHECKSUM[0] && at < CHECKSUM[1] ? 0x20 : (block[at] ?? 0);
    unsigned += value;
    signed += value < 128 ? value : value - 256;
  }
  return expected === unsigned || expected === signed;
};

const readName = (block: Uint8Array): string => {
  const name = readText(block.subarray(...NAME));
  // GNU writes two spaces behind the word, and times where ustar has the prefix.
  const isPosix = latin1.decode(block.subarray(...MAGIC)) === 'ustar\0';
  const prefix = isPosix ? readText(block.subarray(...PREFIX)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
};

/** Text up to the first NUL; bytes that are no UTF-8 become U+FFFD. */
export const readText = (field: Uint8Array): string => {
  const end = field.indexOf(0);
  return utf8.decode(end === -1 ? field : field.subarray(0, end));
};
