import { createServer } from 'node:http';

import type { AddonInfo, Insight } from '@aws-sdk/client-eks';

import { listenOnLoopback, stopServing } from '../loopback.ts';
import type { Report } from '../report.ts';
import type { EksAccount, EksCluster, EksHooks } from './account.ts';
import { ADDON_CATALOGUE } from './addon-catalogue.ts';
import { CALENDAR, type CalendarEntry, describeVersion } from './calendar.ts';
import { createCluster, type DescribeEksCluster } from './describe-cluster.ts';
import type { EksCall } from './eks-api.ts';
import { createEksFaults, type EksFault } from './faults.ts';
import { judgeReadiness } from './rollback-insights.ts';
import { type EksService, serve } from './serve-eks.ts';
import { endUpdates, type UpdateScript } from './update-log.ts';

export interface StartEks {
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
  /** Base URL of the STS that verifies presigned tokens. */
  readonly stsEndpoint: string;
  readonly report: Report;
  /** Where to listen, when somebody has to know before it starts; otherwise a free port. */
  readonly port?: number;
  /** The authenticator's clock; tests move it to see what a skewed one does. */
  readonly now?: () => Date;
  /** The clock of clusters, updates and the support calendar, to which `elapse` adds. */
  readonly clock?: () => Date;
  /** How long an update and an insights refresh take; 2 seconds unless said otherwise. */
  readonly updateSeconds?: number;
  /** Most items in a page; 100 as on EKS unless said otherwise. */
  readonly pageSize?: number;
  /** Versions that are offered; those of calendar.ts unless said otherwise. */
  readonly versions?: readonly CalendarEntry[];
  readonly addonCatalogue?: readonly AddonInfo[];
}

export interface LocalEks {
  /** For `AWS_ENDPOINT_URL_EKS`. */
  readonly url: string;
  /** Where the API server of the cluster with this name has its bearer tokens reviewed. */
  tokenWebhookUrl(cluster: string): string;
  /** Makes a cluster known, under the name given here; one of that name before is forgotten. */
  addCluster(cluster: DescribeEksCluster): void;
  /** What the stand-in knows of a cluster, to look at and to change. @throws Error when there is none. */
  cluster(name: string): EksCluster;
  /** Sets the insights of a cluster: at once, or as what its next refresh finds. */
  setInsights(cluster: string, insights: readonly Insight[], when?: 'now' | 'refresh'): void;
  /** The next insights refresh of this cluster fails with this message. */
  failNextRefresh(cluster: string, message: string): void;
  setVersions(versions: readonly CalendarEntry[]): void;
  /** The next calls of an operation fail: throttled, forbidden, cut. */
  fault(fault: EksFault): void;
  clearFaults(): void;
  /** The next update that fits takes longer, fails, or shows a status of its own. */
  scriptUpdate(script: UpdateScript): void;
  setUpdateSeconds(seconds: number): void;
  /** Has the updates of a cluster that are under way be over at the next call, as their scripts say they end. */
  endUpdates(cluster: string): void;
  /** What happens to the real cluster when a node group or an add-on has moved. */
  setHooks(hooks: EksHooks): void;
  /** Moves the clock of clusters and updates forward; that of the authenticator stays. */
  elapse(seconds: number): void;
  /** The calls so far, oldest first; of one operation when it is named. */
  calls(operation?: string): readonly EksCall[];
  stop(): Promise<void>;
}

/**
 * Starts the stand-in for EKS on a free loopback port: the EKS calls that no local AWS answers, and the token
 * webhook of its clusters. What each leaves out is said in the files of its operations and in token-review.ts.
 */
export const startEks = async (options: StartEks): Promise<LocalEks> => {
  const clusters = new Map<string, EksCluster>();
  const systemClock = (): Date => new Date();
  const clock = options.clock ?? systemClock;
  let elapsedMs = 0;
  const account: EksAccount = {
    region: options.region,
    account: options.account,
    clusters,
    versions: (options.versions ?? CALENDAR).map(describeVersion),
    addonCatalogue: options.addonCatalogue ?? ADDON_CATALOGUE,
    now: () => new Date(clock().getTime() + elapsedMs),
    updateSeconds: options.updateSeconds ?? 2,
    pageSize: options.pageSize ?? 100,
    scripts: [],
    hooks: {},
  };
  const service: EksService = {
    account,
    authenticatorNow: options.now ?? systemClock,
    stsEndpoint: options.stsEndpoint,
    faults: createEksFaults(),
    calls: [],
  };
  const server = createServer((request, response) => {
    void serve(service, request, response);
  });
  const url = `http://127.0.0.1:${await listenOnLoopback(server, options.port)}`;
  options.report(`EKS: ready on ${url}`);
  const find = (name: string): EksCluster => {
    const cluster = clusters.get(name);
    if (!cluster) throw new Error(`The local EKS has no cluster ${name}; add it with addCluster.`);
    return cluster;
  };
  return {
    url,
    tokenWebhookUrl: (cluster) => `${url}/token-reviews/${encodeURIComponent(cluster)}`,
    addCluster: (cluster) => {
      const made = createCluster(account, cluster);
      made.readiness = judgeReadiness(account, made);
      clusters.set(cluster.name, made);
    },
    cluster: find,
    setInsights: (name, insights, when = 'now') => {
      find(name)[when === 'now' ? 'insights' : 'found'] = [...insights];
    },
    failNextRefresh: (name, message) => {
      find(name).nextRefreshFailure = message;
    },
    setVersions: (versions) => {
      account.versions = versions.map(describeVersion);
    },
    fault: (fault) => service.faults.add(fault),
    clearFaults: () => service.faults.clear(),
    scriptUpdate: (script) => {
      account.scripts.push(script);
    },
    setUpdateSeconds: (seconds) => {
      account.updateSeconds = seconds;
    },
    endUpdates: (name) => endUpdates(find(name).updates, account.now()),
    setHooks: (hooks) => {
      account.hooks = hooks;
    },
    elapse: (seconds) => {
      elapsedMs += seconds * 1_000;
    },
    calls: (operation) =>
      service.calls.filter((call) => operation === undefined || call.operation === operation),
    stop: () => stopServing(server),
  };
};
