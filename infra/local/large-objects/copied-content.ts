import { createHash } from 'node:crypto';
import type { StoredVersion } from './bucket.ts';
import type { VirtualArchive } from './virtual-archive.ts';

/** Content that was copied: pieces of objects that are there, in order. */

export interface Piece {
  readonly source: StoredVersion;
  readonly start: number;
  /** Behind the last byte. */
  readonly end: number;
}

const lengthOf = ({ start, end }: Piece): number => end - start;

/** Reads through the pieces; what lies where in it as a tar is that of the first one's source. */
export const joinPieces = (pieces: readonly Piece[]): VirtualArchive => {
  const [first] = pieces;
  const size = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  return {
    size,
    members: first?.source.archive.members ?? 0,
    startOf: (member) => first?.source.archive.startOf(member) ?? 0,
    read: (start, end) => {
      const found: Buffer[] = [];
      let at = 0;
      for (const piece of pieces) {
        const from = Math.max(start, at);
        const to = Math.min(end, at + lengthOf(piece));
        if (from < to) found.push(piece.source.archive.read(piece.start + from - at, piece.start + to - at));
        at += lengthOf(piece);
      }
      return Buffer.concat(found);
    },
  };
};

export interface Wanted {
  readonly algorithm: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/**
 * The headers that tell a checksum of pieces. Nothing is computed from bytes: the same bytes of the same object have the
 * checksum that object was given, and all else another one; over parts only when they are cut where those of the object were.
 */
export const tellChecksum = (
  pieces: readonly Piece[],
  { algorithm, type }: Wanted,
): Record<string, string> => {
  const name = `x-amz-checksum-${algorithm.toLowerCase()}`;
  const [first] = pieces;
  const source = first?.source;
  const isAll =
    pieces.every(
      (piece, index) => piece.source === source && piece.start === (pieces[index - 1]?.end ?? 0),
    ) && pieces.at(-1)?.end === source?.archive.size;
  const isComposite = type === 'COMPOSITE';
  const isCutAlike =
    !isComposite ||
    (source?.parts?.count === pieces.length && first !== undefined && source.parts.first === lengthOf(first));
  const isSameType = (source?.headers['x-amz-checksum-type'] ?? 'FULL_OBJECT') === type;
  const told = isAll && isCutAlike && isSameType ? source?.headers[name] : undefined;
  const identity = pieces.map((piece) => `${piece.source.etag}:${piece.start}:${piece.end}`);
  const made = createHash('md5')
    .update(isAll && !isComposite ? `${source?.etag}` : identity.join())
    .digest('base64');
  return {
    [name]: told ?? (isComposite ? `${made}-${pieces.length}` : made),
    'x-amz-checksum-type': type,
  };
};
