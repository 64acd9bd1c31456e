import type { Finding } from '../../records/upgrade/finding.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import { listTasks, sumUpSubjects, type Task } from './finding-order.ts';
import type { ReportNews } from './report-news.ts';
import { isTooEarly, sayVerdict } from './result-words.ts';
import { sayWaiting, sayWhen } from './support-text.ts';

/** The words of a message about a report. */

/** A message takes 500 characters a line (rules/message-text.ts). */
const MAX_LINE = 500;
const MAX_TASKS = 3;
const MAX_REASONS = 18;

/** One sentence, the news first: a stage of the calendar, or what became of the verdict. */
export const sayHappened = (report: UpgradeReport, { stage, ...news }: ReportNews): string => {
  const { cluster, current, support } = report;
  if (!stage) return `${cluster}: ${sayNews(report, news.added.length)}.`;
  const days = support.daysLeft?.[stage.end] ?? stage.days;
  const end = `${stage.end} support of ${current} ${days < 0 ? 'ended' : 'ends'} ${sayWhen(days)}`;
  return `${cluster}: ${end}; ${sayNews(report, news.added.length)}.`;
};

const sayNews = (report: UpgradeReport, added: number): string =>
  `${sayVerdict(report)}${added > 0 && report.verdict !== 'clean' ? ` (${added} new)` : ''}`;

/** What to do, in order: what blocks, then what keeps from knowing, then the upgrade itself, as soon as EKS offers it. */
export const sayNext = (report: UpgradeReport): string => {
  const { cluster, target, verdict } = report;
  const request = JSON.stringify({ cluster, target, by: '<you>', why: '<why>' });
  const start = `start the machine upgrade with ${request}: it plans, and changes nothing yet`;
  const upgrade = isTooEarly(report) ? `wait until EKS offers ${target}` : start;
  if (verdict === 'clean' || verdict === 'warnings') return `Now: ${upgrade}.`;
  const tasks = listTasks(report, verdict === 'blocked' ? 'block' : 'not-checked');
  const more = tasks.length - MAX_TASKS;
  const end = `${more > 0 ? `(${more} more in the report) ` : ''}Then ${upgrade}.`;
  const shown = tasks.slice(0, MAX_TASKS);
  // The request at the end is to be copied, so what stands before it takes the room that is left.
  const room = Math.floor((MAX_LINE - end.length) / Math.max(1, shown.length)) - '1. '.length - 1;
  return [...shown.map((task, index) => `${index + 1}. ${shorten(sayTask(task), room)}`), end].join(' ');
};

const sayTask = (task: Task): string => {
  const { first, more } = sumUpSubjects(task);
  const { text, command } = task.remedy;
  return `${first}${more > 0 ? ` and ${more} more` : ''}: ${command ?? text}`;
};

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.max(0, length - 3)).toWellFormed()}...`;

/** Why the message came: what the calendar says, what is new, what is gone, what stays unknown. */
export const sayReasons = (report: UpgradeReport, { added, gone, blind, stage }: ReportNews): string[] => {
  const reasons = [
    ...(stage ? sayWaiting(report.support) : []),
    ...added.map((finding) => `${finding.result === 'block' ? 'blocks' : 'warns'}: ${sayFinding(finding)}`),
    ...gone.map((finding) => `gone: ${sayFinding(finding)}`),
    // Checks that read the same are blind for the same reason.
    ...new Set(blind.map((finding) => `not checked since the last time: ${sayFinding(finding)}`)),
  ];
  const more = reasons.length - MAX_REASONS;
  return more > 0 ? [...reasons.slice(0, MAX_REASONS), `and ${more} more, in the report`] : reasons;
};

const sayFinding = ({ subject, message }: Finding): string => `${subject}: ${message}`;
