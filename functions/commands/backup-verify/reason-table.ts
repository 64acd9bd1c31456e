import { REASON_KINDS } from '../../backup/verify/reason-kinds.ts';

/** The table of functions/backup/README.md that names every reason, made from the code. */

const BEGIN = '<!-- reasons: made by node functions/commands/backup-verify/write-reason-table.ts -->';
const END = '<!-- end of reasons -->';

/** Writes the table, a row a reason, worst first; columns are padded, so that the source reads as well. */
export const formatReasonTable = (): string => {
  const rows = Object.entries(REASON_KINDS).map(([code, { result, means }]) => [
    `\`${code}\``,
    result === 'not-checked' ? 'not checked' : result,
    means,
  ]);
  const all = [['Code', 'Makes it', 'Means'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const write = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [write(head), write(widths.map((width) => '-'.repeat(width))), ...body.map(write)].join('\n');
};

/**
 * Puts the table into a text in place of the one that stands there.
 *
 * @throws Error when the text has no place for it.
 */
export const replaceReasonTable = (text: string, table: string): string => {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The text has no place for the table: ${BEGIN} ... ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
};
