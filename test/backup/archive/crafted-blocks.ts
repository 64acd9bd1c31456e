/** Blocks of tar archives made by hand, for what no writer at hand would write. */

export const BLOCK = 512;

interface BlockFields {
  readonly name: string;
  readonly size?: number;
  /** The size field as it stands, when it is not plain octal. */
  readonly sizeField?: Uint8Array;
  readonly flag?: string;
  /** Eight bytes of magic and version: `posix`, `gnu`, or none as before both (`v7`). */
  readonly format?: 'posix' | 'gnu' | 'v7';
  readonly prefix?: string;
  /** Sums bytes as signed ones, as some old tars did. */
  readonly signedSum?: boolean;
  /** Bytes to set by offset, before the checksum is taken. */
  readonly set?: Readonly<Record<number, number>>;
}

const MAGIC = { posix: 'ustar\x0000', gnu: 'ustar  \0', v7: '' };

/** One header block with its checksum. */
export const headerBlock = ({ name, size = 0, flag = '0', format = 'gnu', ...rest }: BlockFields): Buffer => {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, 100, 'utf8');
  block.write('0000644\x000000000\x000000000\0', 100, 'latin1');
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1');
  if (rest.sizeField) block.set(rest.sizeField, 124);
  block.write('14672500000\0', 136, 'latin1');
  block.write(flag, 156, 1, 'latin1');
  block.write(MAGIC[format], 257, 'latin1');
  if (rest.prefix !== undefined) block.write(rest.prefix, 345, 155, 'utf8');
  for (const [at, byte] of Object.entries(rest.set ?? {})) block[Number(at)] = byte;
  block.fill(' ', 148, 156);
  const sum = block.reduce(
    (sum, byte) => sum + (rest.signedSum === true && byte > 127 ? byte - 256 : byte),
    0,
  );
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};

/** Content with the zeros that fill its last block. */
export const padded = (content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
};

/** A member whole: its header, and content of as many bytes. */
export const wholeMember = (fields: BlockFields, content: Uint8Array | string = ''): Buffer =>
  Buffer.concat([headerBlock({ size: Buffer.byteLength(content), ...fields }), padded(content)]);

/** GNU's long name before a member. */
export const longName = (name: string, flag = 'L'): Buffer =>
  wholeMember({ name: '././@LongLink', flag }, `${name}\0`);

/** A pax extended header before a member. */
export const paxHeader = (records: Readonly<Record<string, string>>, flag = 'x'): Buffer =>
  wholeMember(
    { name: 'PaxHeaders/x', flag, format: 'posix' },
    Object.entries(records).map(paxRecord).join(''),
  );

const paxRecord = ([key, value]: readonly [string, string]): string => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  if (String(length).length > String(rest).length) length += 1;
  return `${length} ${key}=${value}\n`;
};

/** GNU's base-256 in a field of twelve bytes. */
export const base256 = (value: bigint): Buffer => {
  const field = Buffer.alloc(12);
  for (let at = 11, rest = value; at > 0; at -= 1, rest >>= 8n) field[at] = Number(rest & 0xffn);
  field[0] = 0x80;
  return field;
};

export const END_MARKER = Buffer.alloc(2 * BLOCK);
