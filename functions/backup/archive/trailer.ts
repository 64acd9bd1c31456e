import type { ByteSource } from './byte-source.ts';

/**
 * Bytes of zeros taken as padding behind the end marker. Writers fill their last record, 10,240 bytes by default and
 * whatever `--blocking-factor` says, rarely a few MiB; far more is no padding but a part that was lost.
 */
export const PADDING_BYTES = 16 * 1024 * 1024;
const FIRST_READ_BYTES = 16 * 1024;
const LAST_READ_BYTES = 1024 * 1024;

/** Tells what stands behind the end marker and is no padding; `undefined` when only zeros do. */
export const findTrailing = async (
  source: ByteSource,
  from: number,
  signal?: AbortSignal,
): Promise<{ readonly at: number; readonly message: string } | undefined> => {
  const rest = source.size - from;
  if (rest > PADDING_BYTES) return { at: from, message: `${rest} bytes follow the end marker` };
  let length = FIRST_READ_BYTES;
  let at = from;
  while (at < source.size) {
    const bytes = await source.read(at, Math.min(length, source.size - at), signal);
    const offset = findNonZero(bytes);
    if (offset !== -1) return { at: at + offset, message: 'bytes that are no zeros follow the end marker' };
    at += bytes.length;
    length = Math.min(length * 4, LAST_READ_BYTES);
  }
  return undefined;
};

/** A plain loop: a callback for each of up to 16 million bytes takes a second. */
const findNonZero = (bytes: Uint8Array): number => {
  for (let at = 0; at < bytes.length; at += 1) if (bytes[at] !== 0) return at;
  return -1;
};
