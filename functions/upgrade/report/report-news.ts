import type { Finding } from '../../records/upgrade/finding.ts';
import type { ClusterState, UpgradeReport, Verdict } from '../../records/upgrade/report.ts';
import { orderFindings } from './finding-order.ts';
import { findStage, isNews, type SupportStage } from './support-stage.ts';

/** What people were told of a cluster before. */
export type ToldBefore = Pick<ClusterState, 'stageTold' | 'blindTold'>;

/** What a person has not been told yet about a cluster. */
export interface ReportNews {
  /** What blocks or warns and did not before; worst first. */
  readonly added: readonly Finding[];
  /** What blocked or warned, was looked at again, and is not there any more. */
  readonly gone: readonly Finding[];
  /** What could not be checked now nor the time before, and was not told. */
  readonly blind: readonly Finding[];
  /** The verdict of before, when it was another. A cluster without a report of before counts as clean. */
  readonly verdictBefore: Verdict | undefined;
  /** The stage of the calendar, when it was not told. */
  readonly stage: SupportStage | undefined;
}

/**
 * What comes and goes with pods, nodes and those who change something at the hour of the check. Such a warning stands in
 * the report and is no news, nor that it is over: a message each morning about the jobs of the night is soon not read.
 */
export const MOMENTARY: ReadonlySet<string> = new Set([
  'bare-pods',
  'drifted-nodes',
  'running-updates',
  'unready-nodes',
  'unready-workloads',
]);

/**
 * Finds the news in a report: what came or went of what blocks or warns, another verdict, a stage of the calendar. One
 * thing more or less that could not be checked is none by itself: one that comes and goes would write every day. One
 * that stays is told once, on the second day, for a check that has gone blind would be silent for ever.
 *
 * @param told what people know of the cluster.
 * @returns undefined when there is nothing to tell.
 */
export const findNews = (report: UpgradeReport, told: ToldBefore | undefined): ReportNews | undefined => {
  const { changes } = report;
  const isAdded = new Set(changes?.added);
  const verdictBefore = changes?.verdict ?? 'clean';
  const isTold = new Set(told?.blindTold);
  const stage = findStage(report.support, report.current);
  const news: ReportNews = {
    added: orderFindings(report.findings).filter(
      (finding) => counts(finding) && (changes === undefined || isAdded.has(finding.id)),
    ),
    gone: (changes?.gone ?? []).filter(counts),
    blind: listBlind(report).filter(({ id }) => changes && !isAdded.has(id) && !isTold.has(id)),
    verdictBefore: isSameReadiness(verdictBefore, report.verdict) ? undefined : verdictBefore,
    stage: stage && isNews(stage, told?.stageTold) ? stage : undefined,
  };
  const { added, gone, blind } = news;
  const isQuiet = added.length + gone.length + blind.length === 0 && !news.verdictBefore && !news.stage;
  return isQuiet ? undefined : news;
};

const counts = ({ check, result, ignored }: Finding): boolean =>
  !ignored && (result === 'block' || (result === 'warn' && !MOMENTARY.has(check)));

/** Between the two it is the warnings themselves that are news, or none. */
const isSameReadiness = (before: Verdict, now: Verdict): boolean =>
  before === now || (isReady(before) && isReady(now));
const isReady = (verdict: Verdict): boolean => verdict === 'clean' || verdict === 'warnings';

const listBlind = ({ findings }: UpgradeReport): Finding[] =>
  findings.filter(({ result, ignored }) => result === 'not-checked' && !ignored);

/** What people know after a report of what could not be checked: all of it with a message, otherwise what they knew. */
export const noteBlind = (
  report: UpgradeReport,
  before: ToldBefore['blindTold'],
  isMessageSent: boolean,
): string[] => {
  const blind = listBlind(report).map(({ id }) => id);
  return isMessageSent ? blind : blind.filter((id) => before?.includes(id));
};
