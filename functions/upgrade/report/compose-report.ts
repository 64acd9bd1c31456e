import type { IgnoreRule } from '../../records/configuration/upgrade.ts';
import type { Execution } from '../../records/execution.ts';
import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFacts } from '../../records/upgrade/facts.ts';
import type { Finding } from '../../records/upgrade/finding.ts';
import type { CheckOutcome, UpgradeReport } from '../../records/upgrade/report.ts';
import { judgeSupport } from '../calendar/support-calendar.ts';
import type { Check } from '../check.ts';
import { examine, judgeReport, worstOf } from '../examination.ts';
import { compareReports } from './changes.ts';
import { applyIgnoreList, checkIgnoreList, listUnused, rulesFor } from './ignore-list.ts';

/** Everything beside the facts that a report is made of. */
export interface ReportRequest {
  readonly cluster: string;
  readonly region: string;
  /** Names of the environments that live on the cluster; none from a terminal without drydock.yaml. */
  readonly environments: readonly string[];
  readonly current: KubernetesMinor;
  /** Above `current`. */
  readonly target: KubernetesMinor;
  readonly now: Date;
  /** Absent for a check from a terminal. */
  readonly execution?: Execution;
  /** `upgrade.ignore` of drydock.yaml as it stands; rules of other environments are left out here. */
  readonly ignore: readonly IgnoreRule[];
  /** `upgrade.extendedSupportUsdPerHour`. */
  readonly surchargePerHour: number;
  /** The registry. */
  readonly checks: readonly Check[];
  /** The report before this one, of the same cluster. */
  readonly previous?: UpgradeReport;
}

/** Judges the facts and writes the report: findings, the ignore list applied, verdict, calendar, cost, changes. Pure. */
export const composeReport = (facts: ClusterFacts, request: ReportRequest): UpgradeReport => {
  const { cluster, region, environments, current, target, now, execution, previous } = request;
  const rules = rulesFor(request.ignore, environments);
  const codes = request.checks.map(({ code }) => code);
  const checks = rules.length > 0 ? [...request.checks, checkIgnoreList(rules, codes)] : request.checks;
  const examined = examine(facts, { cluster, region, current, target, now }, checks);
  const findings = applyIgnoreList(examined.findings, rules, now);
  const outcomes = examined.checks.map((outcome) => sumUpAgain(outcome, findings));
  return {
    version: 1,
    cluster,
    environments: [...environments],
    region,
    at: now.toISOString(),
    ...(execution && { execution }),
    current,
    target,
    steps: examined.steps,
    verdict: judgeReport(findings),
    support: judgeSupport({
      version: current,
      // A cluster whose policy nobody could read has the default of EKS.
      supportType: facts.cluster?.items[0]?.supportType ?? 'EXTENDED',
      versions: facts.versions?.items ?? [],
      now,
      surchargePerHour: request.surchargePerHour,
    }),
    checks: outcomes,
    findings,
    counts: count(findings, outcomes),
    outlook: examined.outlook,
    unusedIgnores: listUnused(examined.findings, rules, now),
    ...(previous && { changes: compareReports(previous, { target, findings }) }),
  };
};

/** A check all of whose findings are ignored passes, as far as it counts. */
const sumUpAgain = (outcome: CheckOutcome, findings: readonly Finding[]): CheckOutcome =>
  outcome.result === 'skipped'
    ? outcome
    : { ...outcome, result: worstOf(findings.filter(({ check }) => check === outcome.code)) };

const count = (findings: readonly Finding[], outcomes: readonly CheckOutcome[]): UpgradeReport['counts'] => {
  const counted = findings.filter(({ ignored }) => !ignored);
  const of = (result: Finding['result']): number =>
    counted.filter((finding) => finding.result === result).length;
  return {
    block: of('block'),
    warn: of('warn'),
    notChecked: of('not-checked'),
    ignored: findings.length - counted.length,
    pass: outcomes.filter(({ result }) => result === 'pass').length,
  };
};
