/**
 * A database dump in plain format, taken apart while it passes by: its statements, and the rows of tables that somebody
 * wants. Memory stays at one chunk and one line, however it is cut into chunks.
 *
 * Source: pg_dump, `dumpTableData`, and PostgreSQL, COPY, "Text Format": a row is a line, since a line break in a value is
 * written as `\n`, and a line of `\.` alone ends the data. So whatever a user writes into GitLab ends no data and begins
 * none.
 */

/** Columns of a table that are looked at. */
export interface WantedTable {
  readonly columns: readonly string[];
  /** Values in the order of `columns`; undefined for a column that is not there, or not within the first 64 KB of its row. */
  readonly onRow: (values: readonly (string | undefined)[]) => void;
  readonly onEnd: () => void;
}

interface DumpListener {
  /** Asked at the begin of the data of each table, by its name without that of its schema, and by its columns. */
  readonly wants: (table: string, columns: readonly string[]) => WantedTable | undefined;
  /** The first line of a statement, or any other line that is no data. */
  readonly onLine: (line: string) => void;
}

/** Bytes of a line that are kept; the longest line that is looked at, the columns of `projects`, has some 3 KB. */
const MAX_LINE = 64 * 1024;
const LINE_FEED = 0x0a;
const TAB = 0x09;
const END_OF_DATA = Buffer.from('\n\\.\n');
const END_LINE = Buffer.from('\\.');
const COPY = Buffer.from('COPY ');
const COPY_LINE = /^COPY (?:(?:"[^"]+"|[^\s".(]+)\.)?(?:"([^"]+)"|([^\s".(]+)) \((.*)\) FROM stdin;$/;
/** Without the column list that pg_dump writes; its data is passed over all the same. */
const OTHER_COPY_LINE = /^COPY .* FROM stdin;$/;

/** Starts taking a dump apart. @returns a function that takes the next chunk. */
export const readCopyData = (listener: DumpListener): ((chunk: Uint8Array) => void) => {
  let held: Buffer[] = [];
  let heldBytes = 0;
  /** Of a table that nobody wants, its data is passed over. */
  let isSkipping = false;
  let rows: { readonly table: WantedTable; readonly indexes: readonly number[] } | undefined;

  const hold = (piece: Buffer): void => {
    const room = MAX_LINE - heldBytes;
    // A copy: whoever reads may use the chunk again.
    if (room > 0) held.push(Buffer.from(piece.subarray(0, room)));
    heldBytes += Math.min(room, piece.length);
  };
  const takeHeld = (): Buffer => {
    const line = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    return line;
  };
  const begin = (line: string): void => {
    const [, quoted, plain, list = ''] = COPY_LINE.exec(line) ?? [];
    const name = quoted ?? plain;
    const columns = list.split(', ').map((column) => column.replaceAll('"', ''));
    const table = name === undefined ? undefined : listener.wants(name, columns);
    if (table) {
      rows = { table, indexes: table.columns.map((column) => columns.indexOf(column)) };
    } else if (name !== undefined || OTHER_COPY_LINE.test(line)) {
      isSkipping = true;
      // The line feed of this line: data without a row begins with its end.
      held = [END_OF_DATA.subarray(0, 1)];
    }
  };
  const takeLine = (line: Buffer): void => {
    if (!rows) {
      const isCopy = line.subarray(0, COPY.length).equals(COPY);
      const text = line.toString('latin1');
      return isCopy ? begin(text) : listener.onLine(text);
    }
    if (END_LINE.equals(line)) {
      rows.table.onEnd();
      rows = undefined;
      return;
    }
    rows.table.onRow(rows.indexes.map((index) => readValue(line, index)));
  };
  /** @returns where the data ends, in bytes of the chunk; its length when the data goes on. */
  const skip = (chunk: Buffer, from: number): number => {
    const before = takeHeld();
    const seam = Buffer.concat([before, chunk.subarray(from, from + END_OF_DATA.length - 1)]);
    const inSeam = seam.indexOf(END_OF_DATA);
    const inChunk = inSeam < 0 ? chunk.indexOf(END_OF_DATA, from) : from + inSeam - before.length;
    if (inSeam < 0 && inChunk < 0) {
      const last = chunk.subarray(Math.max(from, chunk.length - END_OF_DATA.length + 1));
      held = [Buffer.concat([before, last]).subarray(1 - END_OF_DATA.length)];
      return chunk.length;
    }
    isSkipping = false;
    return inChunk + END_OF_DATA.length;
  };
  return (bytes) => {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < chunk.length) {
      if (isSkipping) {
        at = skip(chunk, at);
        continue;
      }
      const feed = chunk.indexOf(LINE_FEED, at);
      const piece = chunk.subarray(at, feed < 0 ? chunk.length : feed);
      if (feed < 0) return hold(piece);
      at = feed + 1;
      if (held.length === 0) {
        takeLine(piece.subarray(0, MAX_LINE));
      } else {
        hold(piece);
        takeLine(takeHeld());
      }
    }
  };
};

/** The value of a column as it stands there. A line that was cut has no last value. */
const readValue = (line: Buffer, index: number): string | undefined => {
  if (index < 0) return undefined;
  let start = 0;
  for (let column = 0; column < index; column += 1) {
    const tab = line.indexOf(TAB, start);
    if (tab < 0) return undefined;
    start = tab + 1;
  }
  const end = line.indexOf(TAB, start);
  if (end < 0 && line.length >= MAX_LINE) return undefined;
  return line.toString('latin1', start, end < 0 ? line.length : end);
};
