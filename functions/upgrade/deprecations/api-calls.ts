import { compareMinors, type KubernetesMinor, readMinor } from '../../records/kubernetes-version.ts';
import type { RequestedApiFact } from '../../records/upgrade/api-facts.ts';
import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import type { Standing, Step } from './judgement.ts';

/** Calls of deprecated APIs, as EKS saw them in its audit log (with the client) and the API server counted them. */

/** A client that has been silent so long does not call any more; EKS keeps showing it for 30 days. */
const STALE_DAYS = 7;

/** One client and one API that it called. */
export interface ApiCall {
  readonly userAgent: string;
  readonly group: string;
  readonly version: string;
  /** Plural, as in the URL. */
  readonly resource: string;
  readonly requests30Days: number;
  readonly lastRequest?: string;
  /** Has it been silent for days? */
  readonly isStale: boolean;
  /** Did we call it ourselves, to list what is there? */
  readonly isOwn: boolean;
  readonly standing: Standing;
  readonly removedIn: KubernetesMinor;
  /** What EKS says instead: `/apis/policy/v1/poddisruptionbudgets`. */
  readonly replacedWith: string;
  readonly insight: InsightFact;
}

/** Insights about APIs; all others are judged as insights. */
export const isAboutApis = ({ deprecations }: InsightFact): boolean => deprecations.length > 0;

/** The calls that EKS saw, with what each means at the step. */
export const readCalls = (insights: readonly InsightFact[], step: Step, now: Date): ApiCall[] =>
  insights.filter(isAboutApis).flatMap((insight) =>
    insight.deprecations.flatMap(({ usage, stopServing, replacedWith, clients }) => {
      const api = readPath(usage);
      const removedIn = readMinor(stopServing) ?? insight.version;
      if (!api || removedIn === undefined) return [];
      return clients
        .filter(({ requests30Days, lastRequest }) => requests30Days > 0 || lastRequest !== undefined)
        .map(({ userAgent, requests30Days, lastRequest }) => ({
          ...api,
          userAgent,
          requests30Days,
          ...(lastRequest === undefined ? {} : { lastRequest }),
          isStale: lastRequest !== undefined && now.getTime() - Date.parse(lastRequest) > STALE_DAYS * DAY_MS,
          isOwn: /^drydock(?:[/ ]|$)/.test(userAgent),
          standing: judgeCall(removedIn, step),
          removedIn,
          replacedWith,
          insight,
        }));
    }),
  );

/** `/apis/policy/v1beta1/podsecuritypolicies`, also with namespace or name behind; `/api/v1/...` is the core group. */
const readPath = (usage: string): Pick<ApiCall, 'group' | 'version' | 'resource'> | undefined => {
  const path = /^\/?(?:apis\/([^/]+)|api)\/(v\d[^/]*)\/(?:namespaces\/[^/]+\/)?([^/?]+)/.exec(usage);
  return path ? { group: path[1] ?? '', version: path[2] ?? '', resource: path[3] ?? '' } : undefined;
};

const judgeCall = (removedIn: KubernetesMinor, { from, to }: Step): Standing => {
  if (compareMinors(removedIn, from) <= 0) return 'already-removed';
  return compareMinors(removedIn, to) <= 0 ? 'removed' : 'deprecated';
};

/** Requests of one resource that the API servers counted since they started; all its subresources together. */
export interface CountedRequests {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly requests: number;
}

/** Adds up the requests by resource; resources that were not asked for are left out. */
export const countRequests = (facts: readonly RequestedApiFact[]): CountedRequests[] =>
  [...Map.groupBy(facts, keyOfResource).values()].flatMap((same) => {
    const [first] = same;
    const requests = same.reduce((sum, fact) => sum + fact.requests, 0);
    if (!first || requests === 0) return [];
    const { group, version, resource } = first;
    return [{ group, version, resource, requests }];
  });

/** The same for the same resource, whatever names it. */
export const keyOfResource = ({
  group,
  version,
  resource,
}: Pick<CountedRequests, 'group' | 'version' | 'resource'>): string => `${group}/${version}/${resource}`;
