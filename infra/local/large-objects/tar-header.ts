/** Headers as GNU tar 1.34 writes them in its own format. Source: tar(5) of libarchive, "GNU Tar Archives". */

export const BLOCK = 512;
/** GNU tar writes records of 20 blocks and fills the last one with zeros. */
export const RECORD = 20 * BLOCK;
const NAME_BYTES = 100;
/** What eleven octal digits can say; beyond it the size is written in base 256. */
const MAX_OCTAL_SIZE = 8 ** 11 - 1;

export interface TarEntry {
  readonly name: string;
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
}

export const padding = (size: number): number => (BLOCK - (size % BLOCK)) % BLOCK;

/** Bytes before the content: one block, and for a name of more than 100 bytes those that hold it. */
export const headerLength = ({ name }: TarEntry): number => {
  const length = Buffer.byteLength(name);
  return length <= NAME_BYTES ? BLOCK : 2 * BLOCK + Math.ceil((length + 1) / BLOCK) * BLOCK;
};

/** Everything that stands before the content of an entry; a name that ends in a slash is a directory. */
export const writeHeader = (entry: TarEntry): Buffer => {
  const { name, size, mtime } = entry;
  const type = name.endsWith('/') ? '5' : '0';
  if (headerLength(entry) === BLOCK) return writeBlock(name, size, mtime, type);
  const long = Buffer.from(`${name}\0`);
  return Buffer.concat([
    writeBlock('././@LongLink', long.length, 0, 'L'),
    long,
    Buffer.alloc(padding(long.length)),
    writeBlock(name, size, mtime, type),
  ]);
};

const writeBlock = (name: string, size: number, mtime: number, type: string): Buffer => {
  const block = Buffer.alloc(BLOCK);
  Buffer.from(name).copy(block, 0, 0, NAME_BYTES);
  block.write(type === '5' ? '0000755\0' : '0000644\0', 100);
  block.write('0001750\0', 108);
  block.write('0001750\0', 116);
  if (size <= MAX_OCTAL_SIZE) block.write(`${octal(size, 11)}\0`, 124);
  else {
    block[124] = 0x80;
    block.writeBigUInt64BE(BigInt(size), 128);
  }
  block.write(`${octal(mtime, 11)}\0`, 136);
  // The checksum counts its own field as spaces.
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar  \0', 257);
  block.write('git', 265);
  block.write('git', 297);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
};

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
