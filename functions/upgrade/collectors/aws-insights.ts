import type { EksReader, InsightsRefresh } from '../../clients/eks/eks-reader.ts';
import type { Collector } from '../reading/collection.ts';
import { attempt, attemptTopic, unreadTopic } from './attempt.ts';
import { NO_AWS } from './aws-sources.ts';

/** Insights that were refreshed on request this recently are taken as they are; EKS refreshes them daily by itself. */
const FRESH_MS = 3_600_000;
/** How long a refresh is waited for in all, then what is there is read: `refreshedAt` tells its age. */
const MAX_WAIT_MS = 60_000;
/** How long one slice waits, so that a Lambda may end in between. */
const SLICE_WAIT_MS = 20_000;
const POLL_MS = 3_000;

/**
 * Asks EKS to look again, before everything else: until the insights are read, at the end, it may be done. Where that
 * is not allowed, insights are as old as EKS's daily refresh, and no less read.
 */
export const refreshInsights: Collector = {
  name: 'refresh of insights',
  collect: async ({ eks, clock }, { cluster }, _cursor, signal) => {
    const refresh = eks && (await readRefresh(eks, cluster, signal));
    if (eks && refresh && !isFresh(refresh, clock.now())) {
      await attempt('insights refresh', signal, () => eks.startInsightsRefresh(cluster, signal));
    }
    return { facts: {} };
  },
};

/** Undefined when nobody may know. */
const readRefresh = async (
  eks: EksReader,
  cluster: string,
  signal: AbortSignal,
): Promise<InsightsRefresh | undefined> => {
  const read = await attempt('insights refresh', signal, () => eks.readInsightsRefresh(cluster, signal));
  return read.ok ? read.value : undefined;
};

const isFresh = ({ status, endedAt }: InsightsRefresh, now: Date): boolean =>
  status === 'in-progress' ||
  (status === 'completed' && endedAt !== undefined && now.getTime() - endedAt.getTime() < FRESH_MS);

/** The insights, once a refresh is over or was waited for long enough. The cursor is the end of that wait. */
export const collectInsights: Collector = {
  name: 'insights',
  collect: async ({ eks, clock }, { cluster }, cursor, signal) => {
    if (!eks) return { facts: { insights: unreadTopic('insights', NO_AWS) } };
    const begun = clock.now().getTime();
    const until = cursor === undefined ? begun + MAX_WAIT_MS : Date.parse(cursor);
    while ((await readRefresh(eks, cluster, signal))?.status === 'in-progress') {
      const now = clock.now().getTime();
      if (now >= until) break;
      if (now - begun >= SLICE_WAIT_MS) return { facts: {}, cursor: new Date(until).toISOString() };
      await clock.sleep(Math.min(POLL_MS, until - now), signal);
    }
    const insights = await attemptTopic('insights', signal, () => eks.listInsights(cluster, signal));
    return { facts: { insights } };
  },
};
