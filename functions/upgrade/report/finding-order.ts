import { compareMinors } from '../../records/kubernetes-version.ts';
import type { Finding, FindingResult, Remedy } from '../../records/upgrade/finding.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';

/** In which order findings are shown, and what is to be done first. */

/** What may be broken is worse than what surely is not. */
const SEVERITY: Readonly<Record<FindingResult, number>> = { block: 0, 'not-checked': 1, warn: 2 };

/** Worst first, then what bites first on the way, then the order of the registry; what is ignored comes last. */
export const orderFindings = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted(
    (a, b) =>
      Number(a.ignored !== undefined) - Number(b.ignored !== undefined) ||
      SEVERITY[a.result] - SEVERITY[b.result] ||
      compareMinors(a.step, b.step),
  );

/** One thing to do, and the findings that it mends. */
export interface Task {
  readonly remedy: Remedy;
  readonly findings: readonly [Finding, ...Finding[]];
}

/** What has to be done before the upgrade, in order; a remedy that mends several findings is there once. */
export const listTasks = ({ findings }: Pick<UpgradeReport, 'findings'>, result: FindingResult): Task[] => {
  const tasks = new Map<string, { remedy: Remedy; findings: [Finding, ...Finding[]] }>();
  for (const finding of orderFindings(findings)) {
    if (finding.ignored || finding.result !== result) continue;
    const key = JSON.stringify([finding.remedy.text, finding.remedy.command ?? '']);
    const task = tasks.get(key);
    if (task) task.findings.push(finding);
    else tasks.set(key, { remedy: finding.remedy, findings: [finding] });
  }
  return [...tasks.values()];
};

/** What a task is about: the first of its subjects, and how many others. Several checks may speak of one. */
export const sumUpSubjects = ({ findings }: Task): { readonly first: string; readonly more: number } => {
  const subjects = new Set(findings.map(({ subject }) => subject));
  return { first: findings[0].subject, more: subjects.size - 1 };
};
