import type { Finding } from '../../records/upgrade/finding.ts';
import type { UpgradeReport, Verdict } from '../../records/upgrade/report.ts';
import { listTasks, type Task } from '../../upgrade/report/finding-order.ts';
import {
  plural,
  RESULT_WORDS,
  RESULTS,
  sayVerdict,
  VERDICT_WORDS,
} from '../../upgrade/report/result-words.ts';
import { saySupport, sayWaiting } from '../../upgrade/report/support-text.ts';
import { cleanCell, renderColumns } from '../terminal.ts';

/** A report for a terminal. */

/** Findings that one remedy mends and that are named one by one. */
const MAX_SAME = 15;

/** Exit codes: what a pipeline may act on. */
export const EXIT_CODES: Readonly<Record<Verdict, 0 | 3 | 4 | 5>> = {
  clean: 0,
  warnings: 3,
  blocked: 4,
  'not-checked': 5,
};

/**
 * Writes the report as text, the worst first: what was found, and below it once what mends it. Commands keep to one
 * line each, so that they can be copied.
 *
 * @param width columns of the terminal.
 */
export const renderTable = (report: UpgradeReport, width?: number): string => {
  const { cluster, current, target, verdict, support } = report;
  const codes = [...report.findings, ...(report.unusedIgnores ?? [])].map(({ check }) => check.length);
  const columns = { code: codes.reduce((widest, one) => Math.max(widest, one), 0), width };
  const tasks = RESULTS.flatMap((result) => listTasks(report, result));
  return [
    `${cleanCell(cluster)}  ${current} -> ${target}`,
    // Manifests alone stand in no calendar.
    ...(support.calendar.length > 0
      ? [wrapText([saySupport(support), ...sayWaiting(support)].join(' '), width)]
      : []),
    ...tasks.map((task) => renderTask(task, columns)),
    ...renderIgnored(report, columns),
    ...renderOutlook(report, columns),
    `${VERDICT_WORDS[verdict]}: ${sayVerdict(report)}.\n${renderCounts(report)}`,
  ].join('\n\n');
};

const wrapText = (text: string, width?: number): string => renderColumns([[text]], width);

/** The words of results in the first column, and what stands between two columns. */
const WORD_WIDTH = 11;
const GAP = '  ';
/** Of a terminal whose width nobody tells. */
const DEFAULT_WIDTH = 120;

interface Columns {
  readonly code: number;
  readonly width: number | undefined;
}

const indentOf = ({ code }: Columns): string => ' '.repeat(WORD_WIDTH + code) + GAP + GAP;

/** One row: two short cells, and a text that is wrapped beside them. */
const renderRow = (word: string, code: string, text: string, columns: Columns): string => {
  const indent = indentOf(columns);
  const head = `${word.padEnd(WORD_WIDTH)}${GAP}${code.padEnd(columns.code)}${GAP}`;
  const [first, ...more] = wrapText(text, (columns.width ?? DEFAULT_WIDTH) - indent.length).split('\n');
  return [`${head}${first}`.trimEnd(), ...more.map((line) => `${indent}${line}`)].join('\n');
};

const renderTask = ({ findings, remedy }: Task, columns: Columns): string => {
  // What could not be read is missed by every check that reads it; once is enough here.
  const told = [...Map.groupBy(findings, ({ subject, message }) => `${subject}\n${message}`).values()];
  const more = told.length - MAX_SAME;
  const indent = indentOf(columns);
  return [
    ...told.slice(0, MAX_SAME).flatMap((same) => renderSame(same, columns)),
    ...(more > 0 ? [`${indent}and ${more} more of the kind`] : []),
    renderRow('', '', `> ${remedy.text}`, columns),
    ...(remedy.command === undefined ? [] : [`${indent}$ ${cleanCell(remedy.command)}`]),
    ...(remedy.link === undefined ? [] : [`${indent}  ${cleanCell(remedy.link)}`]),
  ].join('\n');
};

const renderSame = ([first, ...others]: readonly Finding[], columns: Columns): string[] => {
  if (!first) return [];
  const { result, check, subject, message } = first;
  const also = others.length > 0 ? ` (also ${others.map((other) => other.check).join(', ')})` : '';
  const row = (text: string): string => renderRow(RESULT_WORDS[result], check, text, columns);
  return message.startsWith(subject)
    ? [row(`${message}${also}`)]
    : [row(subject), renderRow('', '', `${message}${also}`, columns)];
};

const renderIgnored = ({ findings, unusedIgnores = [] }: UpgradeReport, columns: Columns): string[] => {
  const rows = [
    ...findings.flatMap(({ check, subject, ignored }) =>
      ignored
        ? [renderRow('ignored', check, `${subject}: until ${ignored.expires}, ${ignored.reason}`, columns)]
        : [],
    ),
    ...unusedIgnores.map(({ check, subject, expires }) =>
      renderRow('unused', check, `${subject}: the exception until ${expires} covers nothing here`, columns),
    ),
  ];
  return rows.length > 0 ? [rows.join('\n')] : [];
};

const renderOutlook = ({ outlook }: UpgradeReport, columns: Columns): string[] =>
  outlook.length > 0
    ? [outlook.map(({ version, message }) => renderRow('later', version, message, columns)).join('\n')]
    : [];

const renderCounts = ({ counts, checks }: UpgradeReport): string => {
  const judged = checks.filter(({ result }) => result !== 'skipped').length;
  const { pass, block, warn, notChecked, ignored } = counts;
  return `${pass} of ${plural(judged, 'check')} ${pass === 1 ? 'passes' : 'pass'}. Findings: ${block} block, ${warn} warn, ${notChecked} not checked, ${ignored} ignored.`;
};
