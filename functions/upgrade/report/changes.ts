import { compareMinors } from '../../records/kubernetes-version.ts';
import type { Finding } from '../../records/upgrade/finding.ts';
import type { Changes, UpgradeReport } from '../../records/upgrade/report.ts';
import { judgeReport } from '../examination.ts';

/**
 * Compares with the report before. New is what was not there, was milder, or was ignored. Gone is only what was looked
 * at again and not found: what a check cannot see any more, and what lies beyond the target of this time, is neither.
 * A check that was blind in the same way before saw what it found all the same, so that it is gone means something.
 * The verdict of before is that about the way of this time: a look further ahead in between turns nothing for the worse.
 */
export const compareReports = (
  previous: Pick<UpgradeReport, 'at' | 'findings'>,
  now: Pick<UpgradeReport, 'target' | 'findings'>,
): Changes => {
  const before = new Map(previous.findings.map((finding) => [finding.id, finding]));
  const present = new Set(now.findings.map(({ id }) => id));
  const wentBlind = new Set(
    now.findings
      .filter(({ id, result }) => result === 'not-checked' && !before.has(id))
      .map(({ check }) => check),
  );
  const wasLookedAt = ({ check, step, result }: Finding): boolean =>
    compareMinors(step, now.target) <= 0 && (result === 'not-checked' || !wentBlind.has(check));
  return {
    since: previous.at,
    verdict: judgeReport(previous.findings.filter(({ step }) => compareMinors(step, now.target) <= 0)),
    added: now.findings
      .filter((finding) => weigh(finding) > weigh(before.get(finding.id)))
      .map(({ id }) => id),
    gone: previous.findings.filter((finding) => !present.has(finding.id) && wasLookedAt(finding)),
  };
};

/** What a finding counts: nothing when it is not there, or ignored. */
const weigh = (finding: Finding | undefined): number =>
  !finding || finding.ignored ? 0 : WEIGHTS[finding.result];

const WEIGHTS = { warn: 1, 'not-checked': 2, block: 3 } as const;
