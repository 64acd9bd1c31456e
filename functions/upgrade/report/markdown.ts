import type { Finding } from '../../records/upgrade/finding.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import { listTasks, orderFindings, sumUpSubjects, type Task } from './finding-order.ts';
import { escapeMarkdown, fence } from './markdown-text.ts';
import { plural, RESULT_WORDS, sayTime, sayVerdict, VERDICT_WORDS } from './result-words.ts';
import { saySupport, sayWaiting } from './support-text.ts';

/** An issue of GitLab takes 1 MB; what a person still scrolls through is far below. Bytes of UTF-8. */
export const MAX_MARKDOWN_BYTES = 60_000;
/** Of these, room for what is to be done, and for each list behind the table; the table has the rest. */
const TASK_BYTES = 12_000;
const LIST_BYTES = 5_000;
/** A command that is longer is in the report only: half a command is worse than none. */
const MAX_COMMAND = 1_000;
const MAX_TASKS = 10;
const MAX_ENTRIES = 15;

/**
 * Writes a report as Markdown for an issue. Text from outside is escaped: it makes no links, no mentions, no quick
 * actions and no table of its own. What has no room is counted.
 */
export const renderMarkdown = (report: UpgradeReport): string => {
  const { cluster, region, current, target, at, verdict, support, checks, counts } = report;
  const head = lines(
    `## ${escapeMarkdown(cluster)}: ${current} → ${target}`,
    '',
    `**${VERDICT_WORDS[verdict]}:** ${sayVerdict(report)}.`,
    '',
    `${counts.pass} of ${checks.filter(({ result }) => result !== 'skipped').length} checks pass, ${counts.block} findings block, ${counts.warn} warn, ${counts.notChecked} could not be checked, ${counts.ignored} are ignored. ${escapeMarkdown(region)}, ${sayTime(at)}.`,
    '',
    support.calendar.length > 0 ? [saySupport(support), ...sayWaiting(support)].join(' ') : '',
    ...renderTasks(report),
  );
  const tail = lines(...renderChanges(report), ...renderIgnored(report), ...renderOutlook(report));
  const room = MAX_MARKDOWN_BYTES - bytesOf(head) - bytesOf(tail) - TABLE_FRAME_BYTES;
  return `${head}\n${renderTable(report, room)}\n${tail}\n`;
};

const lines = (...all: readonly string[]): string => all.join('\n');
const bytesOf = (text: string): number => Buffer.byteLength(text);

/** Title, head of the table, and the line that counts what has no room. */
const TABLE_FRAME_BYTES = 300;

/** As many of the first entries as have room, and how many are left out. */
const takeWithin = (entries: readonly string[], room: number, most = Infinity): [string[], number] => {
  const taken: string[] = [];
  let left = room;
  for (const entry of entries.slice(0, most)) {
    left -= bytesOf(entry) + 1;
    if (left < 0) break;
    taken.push(entry);
  }
  return [taken, entries.length - taken.length];
};

const renderTasks = (report: UpgradeReport): string[] => {
  const tasks = [...listTasks(report, 'block'), ...listTasks(report, 'not-checked')];
  if (tasks.length === 0) return [];
  const [shown, more] = takeWithin(tasks.map(renderTask), TASK_BYTES, MAX_TASKS);
  const rest = more > 0 ? ['', `and ${more} more, in the table.`] : [];
  return ['', '### In this order', '', ...shown, ...rest];
};

const renderTask = (task: Task, index: number): string => {
  const { first, more } = sumUpSubjects(task);
  const about = `${escapeMarkdown(first)}${more > 0 ? ` and ${more} more` : ''}`;
  const { remedy } = task;
  const { command = '' } = remedy;
  const block = command === '' || command.length > MAX_COMMAND ? '' : `\n\n${fence(command, '    ')}\n`;
  return `${index + 1}. **${about}**: ${escapeMarkdown(remedy.text)}${block}`;
};

/** The table, as many rows as have room. */
const renderTable = (report: UpgradeReport, room: number): string => {
  const findings = orderFindings(report.findings).filter(({ ignored }) => !ignored);
  if (findings.length === 0) return '';
  const added = new Set(report.changes?.added);
  const [rows, more] = takeWithin(
    findings.map((finding) => renderRow(finding, added.has(finding.id))),
    room,
  );
  return lines(
    '',
    '### Findings',
    '',
    '| Result | What | Why | Step | Check |',
    '|---|---|---|---|---|',
    ...rows,
    ...(more > 0 ? ['', `and ${plural(more, 'more finding', 'more findings')}, in the report.`] : []),
  );
};

const renderRow = ({ result, subject, message, step, check }: Finding, isNew: boolean): string =>
  `| ${RESULT_WORDS[result]}${isNew ? ' (new)' : ''} | ${escapeMarkdown(subject)} | ${escapeMarkdown(message)} | ${step} | ${escapeMarkdown(check)} |`;

const renderChanges = ({ changes }: UpgradeReport): string[] => {
  if (!changes) return [];
  const { added, gone, since } = changes;
  return list(
    `Since ${sayTime(since)}: ${added.length} new or worse, ${gone.length} gone`,
    gone.map(({ subject, message }) => `~~${escapeMarkdown(subject)}~~ ${escapeMarkdown(message)}`),
  );
};

const renderIgnored = ({ findings }: UpgradeReport): string[] => {
  const ignored = findings.flatMap(({ subject, ignored }) =>
    ignored
      ? [`${escapeMarkdown(subject)}, until ${ignored.expires}: ${escapeMarkdown(ignored.reason)}`]
      : [],
  );
  return ignored.length > 0 ? list('Ignored', ignored) : [];
};

const renderOutlook = ({ outlook, target }: UpgradeReport): string[] =>
  outlook.length > 0
    ? list(
        `Beyond ${target}`,
        outlook.map(({ version, message }) => `**${version}** ${escapeMarkdown(message)}`),
      )
    : [];

const list = (title: string, entries: readonly string[]): string[] => {
  const [shown, more] = takeWithin(
    entries.map((entry) => `- ${entry}`),
    LIST_BYTES,
    MAX_ENTRIES,
  );
  return ['', `### ${title}`, '', ...shown, ...(more > 0 ? [`- and ${more} more`] : [])];
};
