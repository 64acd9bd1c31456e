import { DAY_MS } from '../../rules/utc-days.ts';
import type { BucketReplica, ReplicationState } from '../bucket-facts.ts';
import { type BucketPlace, findBucket } from './bucket-call.ts';
import { readMetrics } from './read-metrics.ts';
import { readReplicas } from './read-replicas.ts';

/** Metrics come each minute, and some minutes late. */
const PENDING_MS = 15 * 60_000;

/** Best first: one replica that is complete is enough. */
const ORDER: readonly ReplicationState['status'][] = ['complete', 'behind', 'failed', 'unknown', 'none'];

/** What S3 says of the replicas of a whole bucket. @param home region that is asked where a replica is. */
export const readReplication = async (
  place: BucketPlace,
  when: { readonly home: string; readonly now: Date },
  signal: AbortSignal | undefined,
): Promise<ReplicationState> => {
  const replicas = (await readReplicas(place, signal)).filter(({ isWhole }) => isWhole);
  const states = await Promise.all(replicas.map((replica) => readState(place, replica, when, signal)));
  const sorted = states.toSorted((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
  return sorted[0] ?? { status: 'none' };
};

/**
 * What waits is published where the replica is, and also when nothing happens; what failed, where the source is, and
 * only when something does.
 *
 * Source: Amazon S3 User Guide, "Using S3 Replication metrics".
 */
const readState = async (
  source: BucketPlace,
  { rule, to }: BucketReplica,
  { home, now }: { readonly home: string; readonly now: Date },
  signal: AbortSignal | undefined,
): Promise<ReplicationState> => {
  const dimensions = { SourceBucket: source.bucket, DestinationBucket: to, RuleId: rule };
  const ago = (ms: number) => new Date(now.getTime() - ms);
  const about = `replication of bucket ${source.bucket} to ${to}`;
  const [pending, failed] = await Promise.all([
    findBucket(home, to, signal).then(({ region }) => {
      const name = 'OperationsPendingReplication';
      const question = { name, dimensions, statistic: 'Maximum', period: 60, from: ago(PENDING_MS) } as const;
      return readMetrics({ region, about }, [question], now, signal);
    }),
    readMetrics(
      { region: source.region, about },
      [
        {
          name: 'OperationsFailedReplication',
          dimensions,
          statistic: 'Sum',
          period: 3_600,
          from: ago(DAY_MS),
        },
      ],
      now,
      signal,
    ),
  ]);
  return judge(
    to,
    pending[0]?.at(-1)?.value,
    (failed[0] ?? []).reduce((all, { value }) => all + value, 0),
  );
};

const judge = (to: string, pending: number | undefined, failed: number): ReplicationState => {
  const waits = pending === undefined ? {} : { pending: Math.round(pending) };
  if (failed > 0) {
    const why = `${Math.round(failed)} operations failed in the last day, and S3 does not try them again`;
    return { status: 'failed', to, ...waits, why };
  }
  if (pending === undefined) {
    return { status: 'unknown', to, why: 'its rule publishes no metrics; switch them on in the rule' };
  }
  if (pending === 0) return { status: 'complete', to, pending: 0 };
  return { status: 'behind', to, ...waits, why: `${Math.round(pending)} operations wait for their replica` };
};
