import { createHash } from 'node:crypto';
import { compareMinors, type KubernetesMinor, listSteps, shiftMinor } from '../records/kubernetes-version.ts';
import type { ClusterFacts } from '../records/upgrade/facts.ts';
import type { Finding, FindingResult } from '../records/upgrade/finding.ts';
import type { CheckOutcome, Verdict as ReportVerdict, UpgradeReport } from '../records/upgrade/report.ts';
import type { Check, StepContext, Verdict } from './check.ts';

/** What is examined: which cluster, and which way it is to go. */
export interface Examination {
  readonly cluster: string;
  readonly region: string;
  readonly current: KubernetesMinor;
  readonly target: KubernetesMinor;
  readonly now: Date;
}

export interface Examined extends Pick<UpgradeReport, 'steps' | 'checks' | 'findings' | 'outlook'> {}

/** How many versions beyond the target are looked at for the outlook. */
const OUTLOOK_MINORS = 2;

/**
 * Runs every check of a registry over the facts, each step of the way by itself. One finding a check and subject:
 * the worst verdict, at the first step that gives it. The target has to lie above the current version: a cluster that
 * is where it shall be is judged against the next one, which is what it will be asked for.
 */
export const examine = (
  facts: ClusterFacts,
  examination: Examination,
  checks: readonly Check[],
): Examined => {
  const { current, target } = examination;
  const steps = listSteps(current, target);
  const judged = checks.map((check) => ({ check, findings: judgeWay(check, facts, examination, steps) }));
  return {
    steps,
    checks: judged.map(({ check, findings }) => sumUp(check, findings, steps)),
    findings: judged.flatMap(({ findings }) => findings),
    outlook: lookAhead(
      facts,
      examination,
      checks,
      judged.flatMap(({ findings }) => findings),
    ),
  };
};

const isOnTheWay = ({ since, until }: Check, to: KubernetesMinor): boolean =>
  (since === undefined || compareMinors(to, since) >= 0) &&
  (until === undefined || compareMinors(to, until) <= 0);

const judgeWay = (
  check: Check,
  facts: ClusterFacts,
  { cluster, region, current, now }: Examination,
  steps: readonly KubernetesMinor[],
): Finding[] => {
  const found = new Map<string, Finding>();
  for (const to of steps.filter((step) => isOnTheWay(check, step))) {
    const context: StepContext = { cluster, region, current, now, from: shiftMinor(to, -1), to };
    for (const verdict of check.judge(facts, context)) {
      const finding = toFinding(check, verdict, to);
      const known = found.get(finding.id);
      if (!known || SEVERITY[finding.result] > SEVERITY[known.result]) found.set(finding.id, finding);
    }
  }
  return [...found.values()].toSorted(bySeverity);
};

const SEVERITY: Readonly<Record<FindingResult, number>> = { warn: 1, 'not-checked': 2, block: 3 };

const bySeverity = (a: Finding, b: Finding): number =>
  SEVERITY[b.result] - SEVERITY[a.result] || (a.subject < b.subject ? -1 : 1);

/** From check and subject, and of what was not checked apart from what was found: both may be there. */
const identify = (check: Check, { subject, result }: Verdict): string =>
  createHash('sha256')
    .update(`${check.code}\n${result === 'not-checked' ? 'not-checked' : 'found'}\n${subject}`)
    .digest('hex')
    .slice(0, 16);

const toFinding = (check: Check, verdict: Verdict, step: KubernetesMinor): Finding => ({
  id: identify(check, verdict),
  check: check.code,
  title: check.title,
  result: verdict.result,
  subject: verdict.subject,
  step,
  message: verdict.message,
  remedy: verdict.remedy,
  evidence: [...(verdict.evidence ?? [])],
  ...(verdict.permission === undefined ? {} : { permission: verdict.permission }),
});

/** The worst of the findings that count. */
export const worstOf = (findings: readonly Finding[]): FindingResult | 'pass' => {
  const counted = findings.filter(({ ignored }) => !ignored).toSorted(bySeverity);
  return counted[0]?.result ?? 'pass';
};

const sumUp = (
  check: Check,
  findings: readonly Finding[],
  steps: readonly KubernetesMinor[],
): CheckOutcome => ({
  code: check.code,
  title: check.title,
  result: steps.some((step) => isOnTheWay(check, step)) ? worstOf(findings) : 'skipped',
  findings: findings.length,
});

/** What will block beyond the target, a line a version and check, so that nobody is surprised by the step after. */
const lookAhead = (
  facts: ClusterFacts,
  examination: Examination,
  checks: readonly Check[],
  known: readonly Finding[],
): UpgradeReport['outlook'] => {
  const beyond = listSteps(examination.target, shiftMinor(examination.target, OUTLOOK_MINORS));
  const blocked = new Set(known.filter(({ result }) => result === 'block').map(({ id }) => id));
  const lasting = checks.filter(({ endsAtTarget }) => !endsAtTarget);
  return lasting.flatMap((check) =>
    beyond.flatMap((version) => {
      const fresh = judgeWay(check, facts, examination, [version]).filter(
        ({ id, result }) => result === 'block' && !blocked.has(id),
      );
      for (const { id } of fresh) blocked.add(id);
      const [first] = fresh;
      if (!first) return [];
      const others = fresh.length > 1 ? ` (and ${fresh.length - 1} more)` : '';
      return [{ version, message: `${first.subject}${others}: ${first.message}` }];
    }),
  );
};

/** The verdict about a cluster: the worst result that counts. */
export const judgeReport = (findings: readonly Finding[]): ReportVerdict => {
  const verdicts = {
    block: 'blocked',
    'not-checked': 'not-checked',
    warn: 'warnings',
    pass: 'clean',
  } as const;
  return verdicts[worstOf(findings)];
};
