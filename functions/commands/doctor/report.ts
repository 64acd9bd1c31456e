import type { Row } from './check.ts';

/** What the doctor says, for people and for machines. */

const WORDS = { pass: 'ok', fail: 'FAIL', 'not-checked': '?' } as const;

/**
 * Writes the rows as a table, one block a subject; below each failure the rule or command that mends it. A subject at
 * which nothing could be looked at is one line.
 */
export const renderTable = (rows: readonly Row[]): string => {
  const width = Math.max(0, ...rows.map(({ check }) => check.length));
  const blocks = [...Map.groupBy(rows, ({ subject }) => subject)].map(([subject, own]) =>
    [subject, ...(collapse(own) ?? own).map((row) => renderRow(row, width))].join('\n'),
  );
  return [...blocks, renderSummary(rows)].join('\n\n');
};

const renderRow = ({ state, check, detail, ...row }: Row, width: number): string => {
  const line = `  ${WORDS[state].padEnd(4)}  ${check.padEnd(width)}  ${detail}`;
  const mend = 'mend' in row && row.mend ? `\n        ${' '.repeat(width)}  > ${row.mend}` : '';
  return `${line}${mend}`;
};

/** One row for all, when they all wait for the same. */
const collapse = (rows: readonly Row[]): Row[] | undefined => {
  const [first] = rows;
  const isSame = rows.every(({ state, detail }) => state === 'not-checked' && detail === first?.detail);
  return first && rows.length > 1 && isSame ? [{ ...first, check: 'all' }] : undefined;
};

const renderSummary = (rows: readonly Row[]): string => {
  const { pass, fail, notChecked } = count(rows);
  return `${pass} ok, ${fail} failed, ${notChecked} not checked. ${judge(fail, notChecked)}`;
};

const judge = (fail: number, notChecked: number): string => {
  if (fail > 0) return 'A run would not get through everywhere.';
  if (notChecked > 0) return 'Nothing is known to be wrong, but not everything could be looked at.';
  return 'Everything a run needs is there.';
};

/** The same for machines: the counts, and all rows. */
export const renderJson = (rows: readonly Row[]): string => JSON.stringify({ ...count(rows), rows }, null, 2);

/** Exit code: 0 only when every check was made and passed. What could not be checked is not well. */
export const exitCodeOf = (rows: readonly Row[]): 0 | 1 =>
  rows.every(({ state }) => state === 'pass') ? 0 : 1;

const count = (rows: readonly Row[]) => ({
  pass: rows.filter(({ state }) => state === 'pass').length,
  fail: rows.filter(({ state }) => state === 'fail').length,
  notChecked: rows.filter(({ state }) => state === 'not-checked').length,
});
