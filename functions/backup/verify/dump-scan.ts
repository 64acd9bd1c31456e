/** Looks at the text of a database dump while it passes by: how much there is, and whether it came to its end. */

/**
 * The last words of pg_dump in plain format (`pg_backup_archiver.c`, RestoreArchive). Since PostgreSQL 17.6, 16.10 and
 * their sisters of August 2025 a line `\unrestrict <key>` follows.
 */
const END = /(^|\n)-- PostgreSQL database dump complete\r?\n(?<rest>[^]*)$/;
const AFTER_END = /^(\s|--[^\n]*(\n|$)|\\unrestrict [^\n]*(\n|$))*$/;
/** More than ever follows the end marker. */
const TAIL_BYTES = 4096;

interface DumpScan {
  add(chunk: Uint8Array): void;
  readonly bytes: number;
  /** Did it end with the last words of pg_dump? */
  readonly isComplete: boolean;
}

/** Starts looking; memory stays at one chunk and a few KB. */
export const scanDump = (): DumpScan => {
  let tail = Buffer.alloc(0);
  let bytes = 0;
  return {
    add: (chunk) => {
      bytes += chunk.length;
      tail =
        chunk.length >= TAIL_BYTES
          ? Buffer.from(chunk.subarray(-TAIL_BYTES))
          : Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
    },
    get bytes() {
      return bytes;
    },
    get isComplete() {
      const rest = END.exec(tail.toString('latin1'))?.groups?.['rest'];
      return rest !== undefined && AFTER_END.test(rest);
    },
  };
};
