import type { Finding } from '../../records/upgrade/finding.ts';
import type { UpgradeReport, Verdict } from '../../records/upgrade/report.ts';
import { orderFindings } from './finding-order.ts';
import { findStage, isNews, type SupportStage } from './support-stage.ts';

/** What a person has not been told yet about a cluster. */
export interface ReportNews {
  /** What blocks or warns and did not before; worst first. */
  readonly added: readonly Finding[];
  /** What blocked or warned, was looked at again, and is not there any more. */
  readonly gone: readonly Finding[];
  /** The verdict of before, when it was another. A cluster without a report of before counts as clean. */
  readonly verdictBefore: Verdict | undefined;
  /** The stage of the calendar, when it was not told. */
  readonly stage: SupportStage | undefined;
}

/**
 * Finds the news in a report: what came or went of what blocks or warns, another verdict, a stage of the calendar. One
 * thing more or less that could not be checked is none by itself: one that comes and goes would write every day.
 *
 * @param told the stage of the calendar that was told last.
 * @returns undefined when there is nothing to tell.
 */
export const findNews = (report: UpgradeReport, told: SupportStage | undefined): ReportNews | undefined => {
  const { changes } = report;
  const isAdded = new Set(changes?.added);
  const verdictBefore = changes?.verdict ?? 'clean';
  const stage = findStage(report.support, report.current);
  const news: ReportNews = {
    added: orderFindings(report.findings).filter(
      (finding) => counts(finding) && (changes === undefined || isAdded.has(finding.id)),
    ),
    gone: (changes?.gone ?? []).filter(counts),
    verdictBefore: verdictBefore === report.verdict ? undefined : verdictBefore,
    stage: stage && isNews(stage, told) ? stage : undefined,
  };
  const { added, gone } = news;
  const isQuiet = added.length + gone.length === 0 && !news.verdictBefore && !news.stage;
  return isQuiet ? undefined : news;
};

const counts = ({ result, ignored }: Finding): boolean => !ignored && result !== 'not-checked';
