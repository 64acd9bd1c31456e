/** Which compression the first bytes of a file show, and what the last bytes of a gzip file promise. */

export type Compression = 'gzip' | 'sql' | 'zstd' | 'xz' | 'bzip2' | 'lz4' | 'unknown';

/** Bytes that tell them apart. */
export const HEAD_BYTES = 16;
/** RFC 1952, section 2.3: CRC-32 and the length of the content, of 32 bits each. */
export const TRAILER_BYTES = 8;

/**
 * First bytes. gzip: RFC 1952, section 2.3.1, with method 8, deflate, the only one there is. The others come from a
 * COMPRESS_CMD of the user, whose output GitLab still names `.gz`; `sql` is one that does not compress.
 */
const MAGIC: readonly { readonly compression: Compression; readonly bytes: readonly number[] }[] = [
  { compression: 'gzip', bytes: [0x1f, 0x8b, 0x08] },
  { compression: 'zstd', bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { compression: 'xz', bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { compression: 'bzip2', bytes: [0x42, 0x5a, 0x68] },
  { compression: 'lz4', bytes: [0x04, 0x22, 0x4d, 0x18] },
  // How every dump of pg_dump begins: `--`, and a line of its own.
  { compression: 'sql', bytes: [0x2d, 0x2d, 0x0a, 0x2d, 0x2d, 0x20] },
];

/** Reads the first bytes of a file. */
export const readCompression = (head: Uint8Array): Compression =>
  MAGIC.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))?.compression ?? 'unknown';

/** The length of a gzip file's content by its last bytes, modulo 2^32. */
export const readContentLength = (trailer: Uint8Array): number =>
  new DataView(trailer.buffer, trailer.byteOffset, trailer.byteLength).getUint32(
    trailer.byteLength - 4,
    true,
  );
