import type { BillLine } from './bill.ts';
import { HOURS_A_MONTH, PRICES } from './prices.ts';
import type { RequestCounts } from './request-meter.ts';
import type { StackParts } from './template.ts';

/** From what was counted to what it costs. */

/** The installation of the example: ten clusters behind one site. */
export const FLEET = { clusters: 10, repositories: 50, sweepMinutes: 15, zones: 2 } as const;

/** How long a healthy rollout is watched on AWS; polls of 45 s each, and the ledger is asked once a second. */
export const WATCH = { seconds: 60, polls: 2, readsPerSecond: 1 } as const;
const WATCHER = 'deployment/watch-rollout';

/** Every poll but the last adds the watch and the question whether it has settled. */
const TRANSITIONS_A_POLL = 2;
/** Lambda receives the message and deletes it; the send is counted. */
const EVENT_DELIVERY_REQUESTS = 2;
/** Lambda asks an idle queue with five pollers, each waiting 20 s (Lambda developer guide, "SQS scaling"). */
const POLLS_A_MINUTE = 15;
/** X-Ray records each execution and what it calls as one trace. */
const TRACES = 2;

export interface OneDeployment {
  readonly transitions: number;
  /** Of each Lambda its calls, and the milliseconds of all of them. */
  readonly lambdas: readonly {
    readonly entry: string;
    readonly calls: number;
    readonly ms: number;
    readonly gigabytes: number;
  }[];
  readonly requests: RequestCounts;
  readonly logBytes: number;
}

export interface OneSweep {
  /** Without those of the repositories. */
  readonly transitions: number;
  readonly requestsEach: RequestCounts;
  readonly msEach: number;
}

/** One push that becomes one rollout. */
export const billDeployment = (seen: OneDeployment, parts: StackParts): BillLine[] => {
  const { requests } = seen;
  const watch = seen.lambdas.find(({ entry }) => entry === WATCHER) ?? { calls: 0, ms: 0 };
  const others = seen.lambdas.filter(({ entry }) => entry !== WATCHER);
  const reads = WATCH.readsPerSecond * Math.max(0, WATCH.seconds - watch.ms / 1_000);
  const calls = others.reduce((total, one) => total + one.calls, 0);
  const worked = others.reduce((total, { ms, gigabytes }) => total + (ms / 1_000) * gigabytes, 0);
  const watched = WATCH.seconds * parts.memoryOf(WATCHER);
  return [
    {
      what: 'Step Functions: state transitions',
      amount: seen.transitions + TRANSITIONS_A_POLL * (WATCH.polls - watch.calls),
      price: PRICES.stateTransition,
    },
    {
      what: 'Lambda: calls',
      amount: calls + WATCH.polls,
      because: `${round(calls)} + ${WATCH.polls} of the watch`,
      price: PRICES.lambdaRequest,
    },
    { what: 'Lambda: GB-seconds of work', amount: worked, price: PRICES.lambdaGigabyteSecond },
    {
      what: 'Lambda: GB-seconds of watching',
      amount: watched,
      because: `${WATCH.seconds} s × ${parts.memoryOf(WATCHER)} GB`,
      price: PRICES.lambdaGigabyteSecond,
    },
    { what: 'S3: writes to the ledger', amount: countWrites(requests), price: PRICES.s3Write },
    {
      what: 'S3: reads of the ledger',
      amount: countReads(requests) + reads,
      because: `${round(countReads(requests))} + ${round(reads)} of a longer watch`,
      price: PRICES.s3Read,
    },
    {
      what: 'SQS: send, receive, delete',
      amount: countService(requests, 'SQS ') + EVENT_DELIVERY_REQUESTS,
      price: PRICES.sqsRequest,
    },
    { what: 'SNS: notices', amount: countService(requests, 'SNS '), price: PRICES.snsPublish },
    { what: 'API Gateway: the webhook', amount: 1, price: PRICES.httpApiRequest },
    { what: 'X-Ray: traces', amount: TRACES, price: PRICES.xrayTrace },
    {
      what: 'CloudWatch Logs: GB taken in',
      amount: seen.logBytes / 1e9,
      because: `${Math.round(seen.logBytes)} bytes`,
      price: PRICES.logGigabyte,
    },
  ];
};

/** What runs all month, whether or not anybody pushes. */
export const billMonth = (sweep: OneSweep, parts: StackParts): BillLine[] => {
  const sweeps = (HOURS_A_MONTH * 60) / FLEET.sweepMinutes;
  const looks = sweeps * FLEET.repositories;
  const seconds = (sweep.msEach / 1_000) * parts.memoryOf('deployment/sweep-repository');
  const [writes, reads] = [countWrites(sweep.requestsEach), countReads(sweep.requestsEach)];
  const times = (each: number): string =>
    `${sweeps} sweeps × ${FLEET.repositories} repositories × ${round(each)}`;
  return [
    { what: 'CloudWatch: alarms', amount: parts.alarmMetrics(), price: PRICES.alarmMonth },
    {
      what: 'CloudWatch: dashboard',
      amount: parts.count('AWS::CloudWatch::Dashboard'),
      price: PRICES.dashboardMonth,
    },
    { what: 'KMS: the site’s key', amount: parts.count('AWS::KMS::Key'), price: PRICES.keyMonth },
    { what: 'Secrets Manager: two hooks, one registry', amount: 3, price: PRICES.secretMonth },
    {
      what: 'Step Functions: sweeps',
      amount: sweeps * (sweep.transitions + FLEET.repositories),
      because: `${sweeps} sweeps × (${sweep.transitions} + ${FLEET.repositories} repositories)`,
      price: PRICES.stateTransition,
    },
    { what: 'Lambda: calls of sweeps', amount: looks + 2 * sweeps, price: PRICES.lambdaRequest },
    {
      what: 'Lambda: GB-seconds of sweeps',
      amount: looks * seconds,
      because: times(seconds),
      price: PRICES.lambdaGigabyteSecond,
    },
    { what: 'S3: writes of sweeps', amount: looks * writes, because: times(writes), price: PRICES.s3Write },
    { what: 'S3: reads of sweeps', amount: looks * reads, because: times(reads), price: PRICES.s3Read },
    {
      what: 'SQS: Lambda asks the queue',
      amount: POLLS_A_MINUTE * 60 * HOURS_A_MONTH,
      because: `${POLLS_A_MINUTE} a minute × 60 × ${HOURS_A_MONTH} h`,
      price: PRICES.sqsRequest,
    },
    { what: 'EventBridge Scheduler: starts', amount: sweeps, price: PRICES.schedulerInvocation },
  ];
};

/** The interface endpoints of the Lambdas that a site with a network puts into its subnets. */
export const ENDPOINTS: readonly BillLine[] = ['eks', 'sns', 'secretsmanager', 'states'].map((service) => ({
  what: `Interface endpoint ${service}`,
  amount: FLEET.zones * HOURS_A_MONTH,
  because: `${FLEET.zones} zones × ${HOURS_A_MONTH} h`,
  price: PRICES.endpointHour,
}));

/** S3 asks the price of a write for LIST too, and nothing for DELETE. */
const countWrites = (requests: RequestCounts): number =>
  (requests.get('S3 PUT') ?? 0) + (requests.get('S3 LIST') ?? 0);

const countReads = (requests: RequestCounts): number =>
  (requests.get('S3 GET') ?? 0) + (requests.get('S3 HEAD') ?? 0);

const countService = (requests: RequestCounts, prefix: string): number =>
  [...requests].reduce((total, [kind, count]) => (kind.startsWith(prefix) ? total + count : total), 0);

const round = (value: number): number => Number(value.toPrecision(3));
