/** Looks at the text of a database dump while it passes by: its tables, and whether it came to its end. */

/**
 * The last words of pg_dump in plain format (`pg_backup_archiver.c`, RestoreArchive). Since PostgreSQL 17.6, 16.10 and
 * their sisters of August 2025 a line `\unrestrict <key>` follows.
 */
const END = /(^|\n)-- PostgreSQL database dump complete\r?\n(?<rest>[^]*)$/;
const AFTER_END = /^(\s|--[^\n]*(\n|$)|\\unrestrict [^\n]*(\n|$))*$/;
/** More than ever follows the end marker. */
const TAIL_BYTES = 4096;

const TABLE = Buffer.from('\nCREATE TABLE ');

export interface DumpScan {
  add(chunk: Uint8Array): void;
  readonly bytes: number;
  readonly tables: number;
  /** Did it end with the last words of pg_dump? */
  readonly isComplete: boolean;
}

/** Starts looking; memory stays at one chunk and a few KB. */
export const scanDump = (): DumpScan => {
  let tail = Buffer.alloc(0);
  let bytes = 0;
  let tables = 0;
  return {
    add: (chunk) => {
      bytes += chunk.length;
      // Words that stand half in this chunk and half in the one before; whole ones in the tail were counted.
      const seam = Buffer.concat([tail.subarray(-(TABLE.length - 1)), chunk.subarray(0, TABLE.length - 1)]);
      tables += count(seam) + count(chunk);
      tail =
        chunk.length >= TAIL_BYTES
          ? Buffer.from(chunk.subarray(-TAIL_BYTES))
          : Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
    },
    get bytes() {
      return bytes;
    },
    get tables() {
      return tables;
    },
    get isComplete() {
      const rest = END.exec(tail.toString('latin1'))?.groups?.['rest'];
      return rest !== undefined && AFTER_END.test(rest);
    },
  };
};

const count = (chunk: Uint8Array): number => {
  const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  let found = 0;
  for (let at = text.indexOf(TABLE); at >= 0; at = text.indexOf(TABLE, at + TABLE.length)) found += 1;
  return found;
};
