import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Content } from './content.ts';
import { joinCrc32, repeatCrc32 } from './crc32.ts';

/** What a gzip unpacks to: a beginning, a middle as often as the size demands, an end. */
export interface GzipParts {
  /** @param times how often the middle comes. */
  readonly before: (times: number) => Buffer;
  readonly middle: Buffer;
  readonly after: (times: number) => Buffer;
}

/** RFC 1952, section 2.3: magic, deflate, no flags, no time, maximum compression, Unix. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]);

/** One true gzip member of about `bytes`, at least one middle, that any gunzip unpacks and finds right. */
export const makeGzip = ({ before, middle, after }: GzipParts, bytes: number): Content => {
  const packed = deflatePart(middle);
  const times = Math.max(1, Math.round(bytes / packed.length));
  const [beginning, end] = [before(times), after(times)];

  const crcOfMiddles = repeatCrc32(crc32(middle), middle.length, times);
  const crc = joinCrc32(times * middle.length)(crc32(beginning), crcOfMiddles);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(joinCrc32(end.length)(crc, crc32(end)), 0);
  trailer.writeUInt32LE((beginning.length + times * middle.length + end.length) % 2 ** 32, 4);
  return repeatMiddle(
    Buffer.concat([HEADER, deflatePart(beginning)]),
    packed,
    times,
    Buffer.concat([deflateRawSync(end), trailer]),
  );
};

/** A piece that ends at a byte and refers to nothing before it, so that it can be repeated. */
const deflatePart = (bytes: Buffer): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH, level: 9 });

const repeatMiddle = (head: Buffer, middle: Buffer, times: number, last: Buffer): Content => {
  const lastAt = head.length + times * middle.length;
  const pieceAt = (place: number): { bytes: Buffer; from: number } => {
    if (place < head.length) return { bytes: head, from: place };
    if (place >= lastAt) return { bytes: last, from: place - lastAt };
    return { bytes: middle, from: (place - head.length) % middle.length };
  };
  return {
    size: lastAt + last.length,
    copy: (target, at, start, end) => {
      for (let place = start; place < end; ) {
        const { bytes, from } = pieceAt(place);
        place += bytes.copy(target, at + place - start, from, from + end - place);
      }
    },
  };
};
