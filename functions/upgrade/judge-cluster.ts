import type * as z from 'zod';
import { type Ledger, updateRecord } from '../clients/ledger.ts';
import { connectPages, type LedgerPages } from '../clients/ledger-pages.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { type ClusterFacts, factPartKey, factPartKind } from '../records/upgrade/facts.ts';
import {
  type ClusterState,
  clusterStateKey,
  clusterStateKind,
  pageKey,
  reportKey,
  reportKind,
  type UpgradeReport,
} from '../records/upgrade/report.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import { readConfiguration } from '../runtime/configuration.ts';
import { DefectError, RefusedError } from '../runtime/errors.ts';
import { type Invocation, makeLambda } from '../runtime/lambda.ts';
import { CHECKS } from './checks/registry.ts';
import { type ClusterSubject, findSubject, listSubjects } from './cluster-subjects.ts';
import * as contract from './judge-cluster.contract.ts';
import { mergeFacts } from './reading/fact-merge.ts';
import { composeReport, type ReportRequest } from './report/compose-report.ts';
import { renderHtml } from './report/html.ts';
import { renderMarkdown } from './report/markdown.ts';

interface Deps {
  readonly ledger: Ledger;
  readonly pages: Pick<LedgerPages, 'write'>;
  readonly subjects: readonly ClusterSubject[];
  /** What drydock.yaml and the registry of checks add to every report. */
  readonly settings: Pick<ReportRequest, 'ignore' | 'surchargePerHour' | 'checks'>;
  readonly clock: Clock;
}

type Input = z.output<typeof contract.Input>;
type Output = z.input<typeof contract.Output>;

/**
 * Judges what was collected of a cluster: writes the report, its pages, and where the last report lies. The report is
 * written once; a repeat finds it and goes on behind it.
 *
 * @throws RefusedError `cluster.unknown` when drydock.yaml has lost the cluster meanwhile.
 */
export const run = async (
  { execution, check }: Input,
  deps: Deps,
  { log }: Pick<Invocation, 'log'>,
): Promise<Output> => {
  const key = reportKey({ cluster: check.cluster, execution, at: execution.startedAt });
  const written = (await deps.ledger.read(reportKind, key))?.value;
  const report = written ?? (await writeReport(key, { execution, check }, deps));
  const page = pageKey(key, 'html');
  await Promise.all([
    deps.pages.write(page, renderHtml(report)),
    deps.pages.write(pageKey(key, 'md'), renderMarkdown(report)),
  ]);
  if (!check.gate) await point(key, report, deps);
  const { verdict: outcome, counts } = report;
  log.info('Judged', { cluster: check.cluster, outcome, key, count: report.findings.length });
  return { outcome, key, page, counts };
};

const writeReport = async (key: string, { execution, check }: Input, deps: Deps): Promise<UpgradeReport> => {
  const { cluster, current, target } = check;
  const subject = findSubject(deps.subjects, cluster);
  if (!subject) {
    throw new RefusedError('cluster.unknown', `drydock.yaml has no cluster ${cluster} any more.`);
  }
  const { environments, region } = subject;
  const facts = await readFacts(execution.name, check.part, deps);
  const previous = await readPrevious(cluster, deps);
  const report = composeReport(facts, {
    ...deps.settings,
    cluster,
    environments,
    region,
    current,
    target,
    execution,
    now: deps.clock.now(),
    ...(previous && { previous }),
  });
  const claimed = await deps.ledger.claim(reportKind, key, report);
  // Somebody was faster with the same facts; what lies there is what people will be told.
  const stored = claimed.ok ? undefined : await deps.ledger.read(reportKind, key);
  return stored?.value ?? report;
};

const readFacts = async (execution: string, parts: number, { ledger }: Deps): Promise<ClusterFacts> => {
  let facts: ClusterFacts = {};
  for (let part = 0; part < parts; part++) {
    const key = factPartKey(execution, part);
    const stored = await ledger.read(factPartKind, key);
    if (!stored) throw new DefectError('collection.incomplete', `The part ${key} is not in the ledger.`);
    facts = mergeFacts(facts, stored.value.facts);
  }
  return facts;
};

const readPrevious = async (cluster: string, { ledger }: Deps): Promise<UpgradeReport | undefined> => {
  const state = (await ledger.read(clusterStateKind, clusterStateKey(cluster)))?.value;
  return state && (await ledger.read(reportKind, state.report.key))?.value;
};

/** A check that began earlier and ended later does not take the newer one's place. */
const point = async (key: string, report: UpgradeReport, { ledger, clock }: Deps): Promise<void> => {
  const { cluster, at, verdict, target } = report;
  await updateRecord(
    ledger,
    clusterStateKind,
    clusterStateKey(cluster),
    (state): ClusterState | undefined =>
      state && Date.parse(state.report.at) > Date.parse(at)
        ? undefined
        : { ...state, version: 1, cluster, report: { key, at, verdict, target } },
    clock,
  );
};

export const handler = makeLambda({
  contract,
  deps: ({ LEDGER_BUCKET }) => {
    const configuration = readConfiguration();
    return {
      ledger: connectLedger(LEDGER_BUCKET),
      pages: connectPages(LEDGER_BUCKET),
      subjects: listSubjects(configuration),
      settings: {
        ignore: configuration.upgrade?.ignore ?? [],
        surchargePerHour: configuration.upgrade?.extendedSupportUsdPerHour ?? 0,
        checks: CHECKS,
      },
      clock: systemClock,
    };
  },
  run,
});
