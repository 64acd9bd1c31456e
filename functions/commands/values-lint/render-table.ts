import type { Severity, ValuesFinding } from '../../backup/values/finding.ts';
import type { ValuesReport, ValuesVerdictWord } from '../../backup/values/values-report.ts';
import { renderColumns } from '../terminal.ts';

/** What the rules say of values, for a terminal. */

/** Exit codes: what a pipeline may act on. */
export const EXIT_CODES: Readonly<Record<ValuesVerdictWord, 0 | 3 | 4 | 5>> = {
  clean: 0,
  risks: 3,
  traps: 4,
  'not-checked': 5,
};

const WORDS: Readonly<Record<Severity, string>> = {
  trap: 'trap',
  risk: 'risk',
  'not-checked': 'not checked',
  note: 'note',
};

/**
 * Writes the report as text, the worst first: the place in the values, why it bites, and below it what to write.
 *
 * @param width columns of the terminal.
 */
export const renderTable = (report: ValuesReport, width?: number): string => {
  const rows = [...report.findings, ...report.notes].flatMap(rowsOf);
  return [...(rows.length > 0 ? [renderColumns(rows, width)] : []), sayVerdict(report)].join('\n');
};

/** A finding, and an empty line behind it. */
const rowsOf = ({ severity, code, path, message, remedy, option }: ValuesFinding): string[][] => [
  [WORDS[severity], code, path],
  ['', '', message],
  ['', '', `> ${remedy}`],
  ...(option === undefined ? [] : [['', '', `> ${option}`]]),
  ['', '', ''],
];

const sayVerdict = (report: ValuesReport): string => `${VERDICTS[report.verdict]} ${countAll(report)}`;

const VERDICTS: Readonly<Record<ValuesVerdictWord, string>> = {
  clean: 'Clean.',
  risks: 'Risks.',
  traps: 'Traps: these values lose or skip data, or break a restore.',
  'not-checked': 'Not all could be checked, and nothing known is wrong.',
};

const countAll = ({ findings, rules }: ValuesReport): string => {
  const count = (severity: Severity): number => findings.filter((one) => one.severity === severity).length;
  const [traps, risks] = [count('trap'), count('risk')];
  return `${rules} rules: ${traps} ${traps === 1 ? 'trap' : 'traps'}, ${risks} ${risks === 1 ? 'risk' : 'risks'}, ${count('not-checked')} not checked.`;
};
