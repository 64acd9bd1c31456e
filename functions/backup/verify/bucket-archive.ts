import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { walkArchive } from '../archive/archive-walk.ts';
import type { ByteSource } from '../archive/byte-source.ts';
import type { Member } from '../archive/member.ts';
import type { MemberFold } from '../archive/member-fold.ts';
import { readContentLength, TRAILER_BYTES } from './compression.ts';
import type { InnerFile } from './contents.ts';
import type { InnerEvidence } from './inner-evidence.ts';

/** The content of a bucket within the archive: `uploads.tar.gz`, made by `tar -I gzip` of the toolbox. */

/** Up to here it is inflated whole, to see whether there is any file in it; above, there is. */
export const SMALL_ARCHIVE = 64 * 1024;
/** Deflate makes a thousandth of zeros at best, so a small one never has more. */
const MAX_INFLATED = 1100 * SMALL_ARCHIVE;
/** A tar archive is written in blocks. Source: POSIX.1-2024, pax, "ustar Interchange Format". */
const BLOCK = 512;

/** Looks at one that is small, by all of its bytes. */
export const readSmallArchive = async (file: InnerFile, bytes: Uint8Array): Promise<InnerEvidence> => {
  const content = inflate(bytes);
  if ('mistake' in content) return { ...file, state: 'damaged', detail: content.mistake };
  const inflated = content.bytes.length;
  const walked = await walkArchive(memorySource(content.bytes), filesFold, { segments: 1 });
  if (walked.state === 'unfinished' || walked.end.kind === 'unreadable') {
    return { ...file, state: 'plausible', inflated };
  }
  if (walked.end.kind !== 'whole') return { ...file, state: 'damaged', detail: walked.end.message, inflated };
  return { ...file, state: walked.value > 0 ? 'plausible' : 'empty', inflated };
};

/**
 * Looks at the last bytes of a large one: they promise a content in whole blocks, which those of a file that was cut do
 * in one of 512 cases.
 */
export const readLargeArchive = async (
  file: InnerFile,
  source: ByteSource,
  signal?: AbortSignal,
): Promise<InnerEvidence> => {
  const trailer = await source.read(file.start + file.size - TRAILER_BYTES, TRAILER_BYTES, signal);
  return readContentLength(trailer) % BLOCK === 0
    ? { ...file, state: 'plausible' }
    : { ...file, state: 'damaged', detail: 'it does not end as a gzip file of a tar archive does' };
};

const inflate = (bytes: Uint8Array): { readonly bytes: Uint8Array } | { readonly mistake: string } => {
  try {
    return { bytes: gunzipSync(bytes, { maxOutputLength: MAX_INFLATED }) };
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) };
  }
};

/** Bytes that are here already, as a source. */
const memorySource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read: async (start, length) => bytes.subarray(start, start + length),
});

/** Members that are no folders. */
const filesFold: MemberFold<number> = {
  initial: () => 0,
  add: (files: number, { type }: Member) => files + (type === 'directory' ? 0 : 1),
  merge: (before, after) => before + after,
  schema: z.int().nonnegative(),
};
