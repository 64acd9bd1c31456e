import { setTimeout as delay } from 'node:timers/promises';
import { runMachine } from '../support/world/run-machine.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { type BillLine, renderBill, sumBill } from './bill.ts';
import { dissectExecution } from './execution-anatomy.ts';
import { readLambdaWork } from './lambda-log.ts';
import { type Bench, type Measure, noted, type Result } from './measure.ts';
import { HOURS_A_MONTH, PRICES, PRICES_AS_OF } from './prices.ts';
import { type RequestCounts, type RequestMeter, startRequestMeter } from './request-meter.ts';
import { readStackParts, type StackParts } from './template.ts';

const CLUSTERS = 10;
const DAYS = HOURS_A_MONTH / 24;
/** The Lambdas of one check, from the plan to the message. */
const STEPS = ['plan-checks', 'collect-facts', 'judge-cluster', 'tell-report'] as const;
/** Of each cluster, in the Map that starts its check: the local AWS gives the iterations of a Map no events. */
const MAP_TRANSITIONS = 1;
/** CloudWatch gets what a Lambda writes a moment after it. */
const LOG_MS = 1_000;

/** What AWS would charge for checking ten clusters each day: counted on one check of the local cluster. */
export const checkCost: Measure = {
  name: 'check-cost',
  about: `requests, states and Lambda time of one check of a cluster, for ${CLUSTERS} clusters each day of a month`,
  run: async (bench) => {
    const meter = await startRequestMeter();
    const world = await startBenchWorld({ report: bench.say, aws: meter.aws, targets: () => ({}) });
    try {
      return await account(bench, world, meter);
    } finally {
      await world.stop();
      await meter.stop();
    }
  },
};

const account = async (bench: Bench, world: BenchWorld, meter: RequestMeter): Promise<Result> => {
  const parts = await readStackParts(world);
  // Once for the cold starts, once for the bill.
  await runMachine(world, 'upgradeCheck');
  await delay(LOG_MS);
  meter.reset();
  const since = Date.now();
  const ended = await runMachine(world, 'upgradeCheck');
  await delay(LOG_MS);
  const requests = meter.counts();
  bench.say('a warm check accounted for');
  const bill = await billMonth(world, parts, { requests, since, parent: ended.executionArn ?? '' });
  return {
    rows: [
      noted(`a month of daily checks of ${CLUSTERS} clusters on AWS`, `${sumBill(bill).toFixed(2)} USD`),
    ],
    tables: [
      renderBill(`A month of daily checks of ${CLUSTERS} clusters`, bill, [
        `Prices: ${PRICES_AS_OF}. Free tiers are not taken off. EKS charges nothing for its calls.`,
        `One warm check is counted, and multiplied by ${CLUSTERS} clusters and ${round(DAYS)} days. A larger cluster takes longer to read: see the full check above.`,
      ]),
    ],
  };
};

interface OneCheck {
  readonly requests: RequestCounts;
  readonly since: number;
  readonly parent: string;
}

const billMonth = async (
  world: BenchWorld,
  parts: StackParts,
  { requests, since, parent }: OneCheck,
): Promise<BillLine[]> => {
  const [child] = await world.executions.summaries(world.site.machines.clusterCheck);
  const transitions =
    MAP_TRANSITIONS +
    (await dissectExecution(world, parent)).transitions +
    (await dissectExecution(world, child?.executionArn ?? '')).transitions;
  const works = await Promise.all(
    STEPS.map(async (step) => {
      const entry = `upgrade/${step}`;
      const { calls } = await readLambdaWork(world, entry, since);
      const ms = calls.reduce((sum, one) => sum + one, 0);
      return { step, calls: calls.length, gigabyteSeconds: (ms / 1_000) * parts.memoryOf(entry) };
    }),
  );
  const month = CLUSTERS * DAYS;
  const calls = works.reduce((sum, work) => sum + work.calls, 0);
  const worked = works.reduce((sum, work) => sum + work.gigabyteSeconds, 0);
  const times = (each: number): string => `${CLUSTERS} clusters × ${round(DAYS)} days × ${round(each)}`;
  const count = (...kinds: string[]): number =>
    kinds.reduce((sum, kind) => sum + (requests.get(`S3 ${kind}`) ?? 0), 0);
  return [
    line('Step Functions: state transitions', transitions, PRICES.stateTransition),
    line('Lambda: calls', calls, PRICES.lambdaRequest),
    line('Lambda: GB-seconds', worked, PRICES.lambdaGigabyteSecond),
    line('S3: writes to the ledger', count('PUT', 'LIST'), PRICES.s3Write),
    line('S3: reads of the ledger', count('GET', 'HEAD'), PRICES.s3Read),
    line('SNS: at most one message a day', 1, PRICES.snsPublish),
    {
      what: 'EventBridge Scheduler: starts',
      amount: DAYS,
      price: PRICES.schedulerInvocation,
    },
  ];

  function line(what: string, each: number, price: number): BillLine {
    return { what, amount: month * each, because: times(each), price };
  }
};

const round = (value: number): number => Number(value.toPrecision(3));
