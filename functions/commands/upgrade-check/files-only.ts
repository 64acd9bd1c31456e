import type { IgnoreRule } from '../../records/configuration/upgrade.ts';
import { defaultUpgradeSettings } from '../../records/configuration/upgrade.ts';
import { type KubernetesMinor, shiftMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFacts, FactName } from '../../records/upgrade/facts.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import type { Check } from '../../upgrade/check.ts';
import { collectAll } from '../../upgrade/reading/collect-all.ts';
import { mergeFacts } from '../../upgrade/reading/fact-merge.ts';
import { composeReport } from '../../upgrade/report/compose-report.ts';
import { factsOfCharts, type GivenManifests, hintCharts } from './given-manifests.ts';
import type { MadeReport, UpgradeCheckTools } from './tools.ts';

/** Manifests without a cluster: only the checks that read them, and nothing about a calendar. */

/** The one collector that is asked, by its name in the registry. */
const MANIFESTS = 'manifests';

/**
 * Judges manifests alone for a version. What such a check reads of a cluster counts as read and empty: nobody asked
 * about a cluster.
 */
export const judgeFiles = async (
  { source, charts, count }: GivenManifests,
  target: KubernetesMinor,
  ignore: readonly IgnoreRule[],
  { clock, showProgress, ...tools }: UpgradeCheckTools,
): Promise<MadeReport> => {
  const checks = tools.checks
    .filter(({ reads }) => reads.includes(MANIFESTS))
    .map(
      (check): Check => ({
        ...check,
        judge: (facts, step) => check.judge(facts, { ...step, filesOnly: true }),
      }),
    );
  const collectors = tools.collectors.filter(({ name }) => name === MANIFESTS);
  const current = shiftMinor(target, -1);
  const cluster = `${count} ${count === 1 ? 'file' : 'files'}`;
  showProgress(`Reading ${cluster}`);
  const facts = await collectAll(
    collectors,
    { manifests: source, clock },
    { cluster, current, target, settings: defaultUpgradeSettings() },
    new AbortController().signal,
  );
  const given = mergeFacts(facts, factsOfCharts(charts));
  const report = composeReport(mergeFacts(emptyTopics(checks), given), {
    cluster,
    region: '',
    environments: [],
    current,
    target,
    now: clock.now(),
    ignore,
    checks,
    surchargePerHour: 0,
  });
  return { report: withoutCalendar(report), hints: hintCharts(charts) };
};

const emptyTopics = (checks: readonly Check[]): ClusterFacts => {
  const names = new Set(checks.flatMap(({ reads }) => reads));
  const facts: Partial<Record<FactName, { items: never[]; unread: never[] }>> = {};
  for (const name of names) facts[name] = { items: [], unread: [] };
  return facts;
};

const withoutCalendar = (report: UpgradeReport): UpgradeReport => ({
  ...report,
  support: {
    source: 'table',
    state: 'unknown',
    supportType: 'EXTENDED',
    cost: { surchargePerHour: 0, perMonth: 0, perYear: 0, soFar: 0, untilForced: 0 },
    calendar: [],
  },
});
