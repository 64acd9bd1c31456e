import { compareMinors } from '../../records/kubernetes-version.ts';
import type { GateOutcome, UpgradePlan } from '../../records/upgrade/plan.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import { passGate, passOver } from './gate.ts';

/** Hours after which a report is stale: a day, and two hours for a daily check that takes its time. */
const MAX_REPORT_HOURS = 26;

/** Is there a fresh report about this way, and does nothing in it block? What blocks is passed over by name alone. */
export const judgeReportGate = (
  plan: UpgradePlan,
  report: UpgradeReport | undefined,
  now: Date,
): GateOutcome => {
  if (plan.direction === 'rollback') {
    return passGate(
      'report',
      'a report looks ahead; whether a cluster can go back EKS judges itself, as the first step',
    );
  }
  if (plan.from === plan.to) return passGate('report', `the control plane stays at ${plan.to}`);
  const problem = findStale(plan, report, now);
  if (problem !== undefined || !report) {
    const text = problem ?? 'this cluster was never checked';
    return passOver('report', [{ name: 'report', text: `${text}: start upgrade-check first` }], plan.request);
  }
  const counted = report.findings.filter(
    ({ ignored, step }) => !ignored && compareMinors(step, plan.to) <= 0,
  );
  const blocks = counted.filter(({ result }) => result === 'block');
  const unchecked = counted.filter(({ result }) => result === 'not-checked').length;
  const at = `the report of ${report.at}`;
  if (blocks.length > 0) {
    const problems = blocks.map(({ id, subject, title, message }) => ({
      name: id,
      text: `${subject}: ${title}. ${message}`,
    }));
    return passOver('report', problems, plan.request);
  }
  const note = unchecked > 0 ? `; ${unchecked} things on it could not be checked` : '';
  return passGate('report', `${at} has no block up to ${plan.to}${note}`);
};

const findStale = (plan: UpgradePlan, report: UpgradeReport | undefined, now: Date): string | undefined => {
  if (!report) return undefined;
  const hours = (now.getTime() - Date.parse(report.at)) / 3_600_000;
  if (hours > MAX_REPORT_HOURS) return `the last report is ${Math.floor(hours)} hours old`;
  if (report.current !== plan.from)
    return `the last report is about ${report.current}, and the cluster is at ${plan.from}`;
  return compareMinors(report.target, plan.to) < 0
    ? `the last report looks up to ${report.target}, and the plan goes to ${plan.to}`
    : undefined;
};
