/** Text for a terminal: columns, and nothing in a cell that could steer the terminal. */

/** Columns of a terminal whose width nobody tells: a pipe, a log. */
const DEFAULT_WIDTH = 120;
/** Below this the last column is not wrapped any further; the terminal then breaks the line itself. */
const MIN_LAST_COLUMN = 30;

/** Control characters, and the marks that turn the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]+/gu;

/** What comes from outside as one harmless line. */
export const cleanCell = (text: string): string => text.toWellFormed().replaceAll(UNPRINTABLE, ' ').trim();

/**
 * Writes rows in columns as wide as their widest cell; the last one is wrapped at words, so that a reason of many
 * words stays beside the row it belongs to.
 *
 * @param width columns of the terminal.
 */
export const renderColumns = (rows: readonly (readonly string[])[], width = DEFAULT_WIDTH): string => {
  const cells = rows.map((row) => row.map(cleanCell));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: Math.max(0, count - 1) }, (_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const indent = widths.reduce((sum, one) => sum + one + 2, 0);
  return cells
    .flatMap((row) => {
      const head = widths.map((one, column) => (row[column] ?? '').padEnd(one + 2)).join('');
      const [first = '', ...more] = wrap(row[count - 1] ?? '', Math.max(MIN_LAST_COLUMN, width - indent));
      return [`${head}${first}`.trimEnd(), ...more.map((line) => `${' '.repeat(indent)}${line}`)];
    })
    .join('\n');
};

const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > width && line !== '') {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
};

/**
 * Keeps a command quiet when whoever reads its result goes away first, as `head` and `true` do: no failure of the
 * command, whose exit code stays what it found.
 */
export const outliveReader = (stream: NodeJS.EventEmitter): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
};
