import { PART_REASON_KINDS } from '../../backup/marks/part-reasons.ts';
import { REASON_KINDS } from '../../backup/verify/reason-kinds.ts';
import type { VerificationReason } from '../../records/backup/verification.ts';

/** The tables of functions/backup/README.md that name every reason, made from the code. */

/** `reasons`: of archives. `reasons of parts`: of what of a set is no archive. */
const TABLES = { reasons: REASON_KINDS, 'reasons of parts': PART_REASON_KINDS } as const;
export type ReasonTable = keyof typeof TABLES;

const beginOf = (name: ReasonTable): string =>
  `<!-- ${name}: made by node functions/commands/backup-verify/write-reason-table.ts -->`;
const endOf = (name: ReasonTable): string => `<!-- end of ${name} -->`;

const ORDER: readonly VerificationReason['result'][] = ['corrupt', 'incomplete', 'not-checked', 'note'];

/** Writes a table, a row a reason, worst first; columns are padded, so that the source reads as well. */
export const formatReasonTable = (name: ReasonTable = 'reasons'): string => {
  const kinds = Object.entries(TABLES[name]);
  const sorted = ORDER.flatMap((result) => kinds.filter(([, kind]) => kind.result === result));
  const rows = sorted.map(([code, { result, means }]) => [
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
 * Puts a table into a text in place of the one that stands there.
 *
 * @throws Error when the text has no place for it.
 */
export const replaceReasonTable = (text: string, table: string, name: ReasonTable = 'reasons'): string => {
  const [head, foot] = [beginOf(name), endOf(name)];
  const [begin, end] = [text.indexOf(head), text.indexOf(foot)];
  if (begin < 0 || end < begin) throw new Error(`The text has no place for the table: ${head} ... ${foot}`);
  return `${text.slice(0, begin)}${head}\n\n${table}\n\n${text.slice(end)}`;
};
