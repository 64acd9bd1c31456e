import type { UpgradeReport } from '../../records/upgrade/report.ts';
import { renderMarkdown } from '../report/markdown.ts';

/** What an issue says, and the marker by which it is found again. */
export interface IssueText {
  readonly title: string;
  readonly description: string;
  readonly marker: string;
}

/** The issue that is kept for a cluster: what the last report says, in place of what the one before said. */
export const composeIssue = (
  report: UpgradeReport,
): { title: string; description: string; marker: string } => {
  const { cluster, current, target, verdict } = report;
  return {
    title: `Upgrade of ${cluster} from ${current} to ${target}: ${VERDICTS[verdict]}`,
    description: renderMarkdown(report),
    marker: `drydock:${cluster}`,
  };
};

const VERDICTS: Readonly<Record<UpgradeReport['verdict'], string>> = {
  blocked: 'blocked',
  'not-checked': 'not checked in full',
  warnings: 'warnings',
  clean: 'nothing in the way',
};
