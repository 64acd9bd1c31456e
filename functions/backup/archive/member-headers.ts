import type { ArchiveEnd } from './archive-end.ts';
import { BLOCK_BYTES, type HeaderBlock, padToBlock, readHeaderBlock, readText } from './header-block.ts';
import type { Member } from './member.ts';
import { readPaxRecords, readPaxSize } from './pax-records.ts';

/** Bytes of a name; eight times what Linux takes as a path (PATH_MAX), and still nothing to hold. */
export const NAME_BYTES = 32 * 1024;
/** Bytes of one extended header; GNU tar writes the map of a sparse file there, some 40 bytes for each hole. */
export const EXTENSION_BYTES = 1024 * 1024;
/** Extended headers before one member: long name, long link, local and global pax are four. */
export const EXTENSIONS = 16;
/** Blocks that go on with the map of one sparse file, of 21 entries each. */
export const SPARSE_BLOCKS = 4096;

type HeadersReading =
  | { readonly kind: 'member'; readonly member: Member }
  /** Ask again with at least `length` bytes. */
  | { readonly kind: 'needs'; readonly length: number }
  | { readonly kind: 'zero' }
  | { readonly kind: 'fault'; readonly fault: ArchiveEnd };

/** What extended headers say of the member behind them. */
interface Extensions {
  readonly longName?: string;
  readonly pax?: ReadonlyMap<string, string>;
}

/**
 * Reads the headers of one member: its block, with the long names (GNU `L`, `K`) and extended headers (pax `x`, `g`)
 * before it and the map of a sparse file (GNU `S`) behind it.
 *
 * @param bytes what stands in the archive from `start` on, as much as is at hand.
 */
export const readMemberHeaders = (bytes: Uint8Array, start: number): HeadersReading => {
  let extensions: Extensions = {};
  let at = 0;
  for (let count = 0; count <= EXTENSIONS; count += 1) {
    if (bytes.length < at + BLOCK_BYTES) return { kind: 'needs', length: at + BLOCK_BYTES };
    const block = readHeaderBlock(bytes.subarray(at, at + BLOCK_BYTES));
    if (block.kind === 'zero' && at === 0) return { kind: 'zero' };
    if (block.kind === 'zero') {
      return damaged(start + at, 'invalid-header', 'an extended header is followed by no member');
    }
    if (block.kind === 'invalid') {
      const { reason, message } = block;
      return damaged(start + at, reason, message);
    }
    const { header } = block;
    if (!isExtension(header)) return placeMember(bytes, start, at, header, extensions);
    const content = at + BLOCK_BYTES;
    const tooLong = findTooLong(header, start + at);
    if (tooLong) return tooLong;
    const end = content + padToBlock(header.size);
    if (bytes.length < content + header.size) return { kind: 'needs', length: end };
    const read = readExtension(header, bytes.subarray(content, content + header.size), start + at);
    if ('kind' in read) return read;
    extensions = { ...extensions, ...read };
    at = end;
  }
  return unreadable(
    start,
    'too-many-extensions',
    `more than ${EXTENSIONS} extended headers before one member`,
  );
};

/** `X` is what Solaris wrote before pax had `x`. */
const isExtension = ({ flag }: HeaderBlock): boolean => 'LKxXg'.includes(flag);
const isLongText = ({ flag }: HeaderBlock): boolean => 'LK'.includes(flag);

const findTooLong = (header: HeaderBlock, at: number): HeadersReading | undefined => {
  if (isLongText(header) && header.size > NAME_BYTES) {
    return damaged(at, 'name-too-long', `a name of ${header.size} bytes`);
  }
  if (header.size <= EXTENSION_BYTES) return undefined;
  return unreadable(at, 'extension-too-large', `an extended header of ${header.size} bytes`);
};

const readExtension = (header: HeaderBlock, content: Uint8Array, at: number): Extensions | HeadersReading => {
  // Where a link points to is of no use here; its header is passed.
  if (header.flag === 'K') return {};
  if (header.flag === 'L') return { longName: readText(content) };
  const pax = readPaxRecords(content);
  if (!pax) return damaged(at, 'invalid-extension', 'an extended header whose records can not be told apart');
  if (header.flag !== 'g') return { pax };
  // It speaks of all members that follow, also of those in segments that begin behind it and never see it.
  const override = [...pax.keys()].find((key) => OVERRIDES.test(key));
  return override === undefined
    ? {}
    : unreadable(at, 'global-override', `a global header that sets ${override} for every member behind it`);
};

/** Records that change what a member is called, or how much of the archive it takes. */
const OVERRIDES = /^(path|size|GNU\.sparse\..*)$/;

/** Types that have no content whatever their size says: links, devices, directories, pipes. */
const HEADER_ONLY = '123456';

const placeMember = (
  bytes: Uint8Array,
  start: number,
  at: number,
  header: HeaderBlock,
  { longName, pax }: Extensions,
): HeadersReading => {
  const name = pax?.get('GNU.sparse.name') || pax?.get('path') || longName || header.name;
  if (name.length > NAME_BYTES) return damaged(start, 'name-too-long', `a name of ${name.length} characters`);
  const told = pax?.get('size');
  const size = told ? readPaxSize(told) : header.size;
  if (size === undefined) return damaged(start, 'invalid-size', 'a size that this reader can not count to');
  const map = header.hasMoreMap ? measureSparseMap(bytes, at + BLOCK_BYTES) : { end: at + BLOCK_BYTES };
  if ('needs' in map) {
    return map.needs > at + SPARSE_BLOCKS * BLOCK_BYTES
      ? unreadable(start, 'sparse-map-too-large', 'a sparse file with too many holes')
      : { kind: 'needs', length: map.needs };
  }
  const body = start + map.end;
  const stored = HEADER_ONLY.includes(header.flag) ? 0 : size;
  const next = body + padToBlock(stored);
  if (!Number.isSafeInteger(next)) return damaged(start, 'invalid-size', `a size of ${stored} bytes`);
  const isSparse =
    header.flag === 'S' || [...(pax?.keys() ?? [])].some((key) => key.startsWith('GNU.sparse.'));
  const type = isSparse ? 'other' : typeOf(header.flag, name);
  return { kind: 'member', member: { name: stripDot(name), start, body, size: stored, next, type } };
};

/** Byte of a block of the map that says whether one more follows. */
const HAS_MORE_MAP = 504;

const measureSparseMap = (bytes: Uint8Array, from: number): { end: number } | { needs: number } => {
  for (let at = from; ; at += BLOCK_BYTES) {
    if (bytes.length < at + BLOCK_BYTES) return { needs: at + BLOCK_BYTES };
    if (bytes[at + HAS_MORE_MAP] === 0) return { end: at + BLOCK_BYTES };
  }
};

const typeOf = (flag: string, name: string): Member['type'] => {
  // Before there was a flag for directories, a slash at the end of the name told them.
  if ('0\0'.includes(flag)) return name.endsWith('/') ? 'directory' : 'file';
  return TYPES[flag] ?? 'other';
};

const TYPES: Readonly<Record<string, Member['type']>> = {
  '1': 'link',
  '2': 'link',
  '5': 'directory',
  // GNU's incremental backups keep the directory's list as its content.
  D: 'directory',
  '7': 'file',
};

/** The directory that was archived is itself `./`; it keeps its dot. */
const stripDot = (name: string): string => name.replace(/^(?:\.\/+)+(?=[^/])/, '');

type Damage = Extract<ArchiveEnd, { kind: 'damaged' }>;
type Unreadable = Extract<ArchiveEnd, { kind: 'unreadable' }>;

const damaged = (at: number, reason: Damage['reason'], message: string): HeadersReading => ({
  kind: 'fault',
  fault: { kind: 'damaged', at, reason, message },
});

const unreadable = (at: number, reason: Unreadable['reason'], message: string): HeadersReading => ({
  kind: 'fault',
  fault: { kind: 'unreadable', at, reason, message },
});
