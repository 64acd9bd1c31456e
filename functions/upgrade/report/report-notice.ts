import { createHash } from 'node:crypto';
import type { Notice } from '../../records/message.ts';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import { linkExecution } from '../../rules/console-link.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import { sayHappened, sayNext, sayReasons } from './notice-text.ts';
import { findNews, type ReportNews, type ToldBefore } from './report-news.ts';

/** Where a person goes on from a message. */
export interface ReportLinks {
  /** The page of the report: an address, or its place in the ledger (`s3://...`). */
  readonly page: string;
}

/**
 * Composes the message about a report when there is something to tell; see `findNews`. Its id comes from what it tells
 * and from the report it is compared with, so that it is told once, whoever judges again.
 *
 * @param state what is known of the cluster: what people were told of it.
 */
export const composeReportNotice = (
  report: UpgradeReport,
  state: ToldBefore | undefined,
  links: ReportLinks,
): Notice | undefined => {
  const news = findNews(report, state);
  if (!news) return undefined;
  const { cluster, environments, region, current, target, execution } = report;
  const names = environments.join(', ');
  return {
    version: 1,
    id: identify(report, news),
    capability: 'upgrade',
    target: cluster,
    environment: names || cluster,
    outcome: report.verdict,
    severity: judgeSeverity(report, news),
    happened: sayHappened(report, news),
    matters: `Cluster ${cluster} in ${region}${names && ` (${names})`}, at ${current}, checked for ${target}.`,
    did: `Looked, and changed nothing. The whole report: ${links.page}`,
    next: sayNext(report),
    ...(execution && {
      execution: { name: execution.name, arn: execution.arn, url: linkExecution(execution.arn) },
    }),
    stop: 'Except a finding until a day under upgrade.ignore in drydock.yaml; without its section upgrade nothing is checked.',
    reasons: sayReasons(report, news),
    at: report.at,
  };
};

/** In the last days before EKS may move a cluster by itself, one that is not ready for it is worth a night. */
const CRITICAL_DAYS = 7;

const judgeSeverity = (
  { verdict, at, support: { forcedFrom } }: UpgradeReport,
  { added, blind, verdictBefore, stage }: ReportNews,
): Notice['severity'] => {
  const isReady = verdict === 'clean' || verdict === 'warnings';
  const daysToForce =
    forcedFrom === undefined ? undefined : (Date.parse(forcedFrom) - Date.parse(at)) / DAY_MS;
  if (stage && !isReady && daysToForce !== undefined && daysToForce <= CRITICAL_DAYS) return 'critical';
  if (stage || blind.length > 0 || added.some(({ result }) => result === 'block')) return 'warning';
  return verdictBefore && !isReady ? 'warning' : 'info';
};

/** At most 128 characters: a name of an EKS cluster has up to 100. */
const identify = (
  { cluster, verdict, changes }: UpgradeReport,
  { added, gone, blind, stage }: ReportNews,
): string => {
  const told = {
    comparedWith: changes?.since ?? 'nothing',
    verdict,
    added: added.map(({ id, result }) => `${id} ${result}`).toSorted(),
    gone: gone.map(({ id }) => id).toSorted(),
    blind: blind.map(({ id }) => id).toSorted(),
    stage: stage ?? 'none',
  };
  const hash = createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16);
  return `upgrade-${cluster}-${hash}`;
};
