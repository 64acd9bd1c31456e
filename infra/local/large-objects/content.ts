import { createHash } from 'node:crypto';

/** Bytes that are made when somebody reads them. */
export interface Content {
  readonly size: number;
  /** Writes its bytes from `start` up to `end` into `target` at `at`. */
  copy(target: Buffer, at: number, start: number, end: number): void;
}

export const makeText = (text: string): Content => {
  const bytes = Buffer.from(text);
  return {
    size: bytes.length,
    copy: (target, at, start, end) => void bytes.copy(target, at, start, end),
  };
};

/** A prime, so that what repeats stands at another place of a block each time. */
const POOL_BYTES = 1_048_573;

/** A block that stands in a content over and over. */
export interface Stamp {
  readonly block: Buffer;
  /** Bytes from one to the next; the first stands so far from the beginning. */
  readonly stride: number;
}

/** Makes contents of any size that look random, each another, from one seed. */
export const openNoise = (
  seed: string,
  stamp?: Stamp,
): ((size: number, shift: number, magic?: Uint8Array) => Content) => {
  const pool = createHash('shake256', { outputLength: POOL_BYTES }).update(seed).digest();
  return (size, shift, magic = new Uint8Array()) => ({
    size,
    copy: (target, at, start, end) => {
      for (let place = start; place < end; ) {
        const from = (place + shift) % POOL_BYTES;
        place += pool.copy(target, at + place - start, from, from + end - place);
      }
      target.set(magic.subarray(start, end), at);
      if (stamp) applyStamp(stamp, target.subarray(at, at + end - start), start, size);
    },
  });
};

/** @param part the bytes from `start` on of a content of `size` bytes. */
const applyStamp = ({ block, stride }: Stamp, part: Buffer, start: number, size: number): void => {
  const first = Math.max(1, Math.floor(start / stride)) * stride;
  for (let place = first; place < start + part.length && place + block.length <= size; place += stride) {
    if (place < start) block.copy(part, 0, Math.min(start - place, block.length));
    else block.copy(part, place - start);
  }
};
