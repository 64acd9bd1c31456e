import type { Row } from './check.ts';

/** What the doctor says, for people and for machines. */

const WORDS = { pass: 'ok', fail: 'FAIL', 'not-checked': '?' } as const;

/** Writes the rows as a table, one block a subject; below each failure the rule or command that mends it. */
export const renderTable = (rows: readonly Row[]): string => {
  const width = Math.max(0, ...rows.map(({ check }) => check.length));
  const lines = rows.flatMap((row, index) => {
    const heading = row.subject === rows[index - 1]?.subject ? [] : [...(index > 0 ? [''] : []), row.subject];
    const line = `  ${WORDS[row.state].padEnd(4)}  ${row.check.padEnd(width)}  ${row.detail}`;
    const mend = row.state === 'pass' || !row.mend ? [] : [`        ${' '.repeat(width)}  > ${row.mend}`];
    return [...heading, line, ...mend];
  });
  return [...lines, '', renderSummary(rows)].join('\n');
};

const renderSummary = (rows: readonly Row[]): string => {
  const { pass, fail, notChecked } = count(rows);
  const verdict =
    fail + notChecked === 0 ? 'Everything a run needs is there.' : 'A run would not get through everywhere.';
  const doubt =
    fail === 0 && notChecked > 0
      ? 'Nothing is known to be wrong, but not everything could be looked at.'
      : verdict;
  return `${pass} ok, ${fail} failed, ${notChecked} not checked. ${doubt}`;
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
