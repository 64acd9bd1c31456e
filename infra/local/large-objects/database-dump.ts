import { createHash } from 'node:crypto';
import { constants, crc32, deflateRawSync } from 'node:zlib';
import type { Content } from './content.ts';
import { joinCrc32 } from './crc32.ts';

const BEGINNING = `--
-- PostgreSQL database dump
--

SET client_encoding = 'UTF8';

CREATE TABLE public.projects (
    id bigint NOT NULL,
    name character varying,
    digest text
);

COPY public.projects (id, name, digest) FROM stdin;
`;
const END_OF_ROWS = '\\.\n\n';
/** The last words of pg_dump. */
const END_MARKER = '--\n-- PostgreSQL database dump complete\n--\n\n';
const ROWS = 2_000;
/** RFC 1952, section 2.3: magic, deflate, no flags, no time, maximum compression, Unix. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3]);

/**
 * A dump of a database as gzip: one true gzip member of about `bytes`, that any gunzip unpacks and finds right. Its
 * rows are the same few thousand, over and over.
 *
 * @param isWhole whether it has pg_dump's last words; without them it is what a dump that failed leaves behind.
 */
export const makeDump = (seed: string, bytes: number, isWhole: boolean): Content => {
  const rows = Buffer.from(writeRows(seed));
  const end = Buffer.from(isWhole ? END_OF_ROWS + END_MARKER : '');
  const head = Buffer.concat([GZIP_HEADER, deflatePart(Buffer.from(BEGINNING))]);
  const middle = deflatePart(rows);
  const last = deflateRawSync(end);
  const times = Math.max(1, Math.round((bytes - head.length - last.length - 8) / middle.length));

  const joinRows = joinCrc32(rows.length);
  const crcOfRows = crc32(rows);
  let crc = crc32(BEGINNING);
  for (let time = 0; time < times; time++) crc = joinRows(crc, crcOfRows);
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(joinCrc32(end.length)(crc, crc32(end)), 0);
  trailer.writeUInt32LE((Buffer.byteLength(BEGINNING) + times * rows.length + end.length) % 2 ** 32, 4);
  return joinPieces(head, middle, times, Buffer.concat([last, trailer]));
};

/** A piece that ends at a byte and refers to nothing before it, so that it can be repeated. */
const deflatePart = (bytes: Buffer): Buffer =>
  deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH, level: 9 });

const writeRows = (seed: string): string =>
  Array.from({ length: ROWS }, (_, index) => {
    const digest = createHash('sha256').update(`${seed}/${index}`).digest('hex');
    return `${index + 1}\tproject-${index + 1}\t${digest}\n`;
  }).join('');

const joinPieces = (head: Buffer, middle: Buffer, times: number, last: Buffer): Content => {
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
