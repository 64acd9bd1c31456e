import { setTimeout as delay } from 'node:timers/promises';
import { listFunctions } from '../../infra/constructs/function-bundles.ts';
import { target } from '../support/world/test-world.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { formatUsd, renderBill, sumBill } from './bill.ts';
import {
  billDeployment,
  billMonth,
  ENDPOINTS,
  FLEET,
  type OneDeployment,
  type OneSweep,
  WATCH,
} from './cost-bills.ts';
import { untilIdle } from './engine.ts';
import { dissectExecution, type ExecutionAnatomy } from './execution-anatomy.ts';
import { readLambdaWork } from './lambda-log.ts';
import { type Bench, type Measure, noted, type Result } from './measure.ts';
import { PRICES_AS_OF } from './prices.ts';
import { type RequestCounts, type RequestMeter, startRequestMeter } from './request-meter.ts';
import { awaitRollout } from './rollout-times.ts';
import { readStackParts, type StackParts } from './template.ts';

const DEPLOYMENTS = 5;
const REPOSITORIES = 10;
const TARGET = 'bill-0';
const SWEEPER = 'deployment/sweep-repository';
/** CloudWatch gets what a Lambda writes a moment after it. */
const LOG_MS = 1_000;

/** What AWS would charge: requests counted by a meter between Lambdas and local AWS, states by the histories. */
export const cost: Measure = {
  name: 'cost',
  about: `requests, states and Lambda time of ${DEPLOYMENTS} deployments and a sweep, times list prices`,
  run: async (bench) => {
    const meter = await startRequestMeter();
    const names = Array.from({ length: REPOSITORIES }, (_, index) => `bill-${index}`);
    const world = await startBenchWorld({
      report: bench.say,
      aws: meter.aws,
      targets: (host) => Object.fromEntries(names.map((name) => [name, target(host, name)])),
    });
    try {
      for (const name of names) await world.run(name, '1.0.0', 1);
      await untilIdle(world);
      return await account(bench, world, meter);
    } finally {
      await world.stop();
      await meter.stop();
    }
  },
};

const account = async (bench: Bench, world: BenchWorld, meter: RequestMeter): Promise<Result> => {
  const parts = await readStackParts(world);
  const deployment = await observeDeployments(bench, world, meter, parts);
  const sweep = await observeSweep(bench, world, meter);
  const bill = billDeployment(deployment, parts);
  const month = billMonth(sweep, parts);
  const endpoints = sumBill(ENDPOINTS);
  return {
    rows: [
      noted(
        'one deployment on AWS, from push to told',
        `${formatUsd(sumBill(bill))} USD, ${formatUsd(sumBill(bill) * 1_000)} for 1,000`,
      ),
      noted(
        `a month of one site and ${FLEET.clusters} clusters, before any deployment`,
        `${sumBill(month).toFixed(2)} USD`,
      ),
      noted(
        'the same with VPC endpoints for private subnets',
        `${(sumBill(month) + endpoints).toFixed(2)} USD`,
      ),
    ],
    tables: [
      renderBill(
        'One deployment: a push, one target, a rollout that is watched for a minute',
        bill,
        [
          `Prices: ${PRICES_AS_OF}. Free tiers are not taken off.`,
          `Requests, states and calls are counted, means of ${DEPLOYMENTS} warm runs. Lambda time is what the local AWS reported, on this machine; a cold start adds its own.`,
          `The watch is put at ${WATCH.seconds} s in ${WATCH.polls} polls, whatever it took here. A failed release adds a rollback and its watch: about as much again.`,
          'Each further target of the image adds its rollout, and shares the rest.',
        ],
        [1_000],
      ),
      renderBill(`A month of one site and ${FLEET.clusters} clusters, before any deployment`, month, [
        `${FLEET.repositories} repositories in ${FLEET.clusters} clusters, a sweep every ${FLEET.sweepMinutes} minutes. Alarms, dashboard, key and functions are counted on the stack.`,
        'Not in it: what CloudTrail, your subscribers and your registries charge, and webhooks, which are about a dollar and a half for a million.',
      ]),
      renderBill('In addition, when Lambdas sit in private subnets without NAT', ENDPOINTS, [
        `Interface endpoints in ${FLEET.zones} zones; the gateway endpoint of S3 costs nothing. Whoever has these endpoints or a NAT gateway already pays nothing more. A private webhook needs execute-api as well.`,
      ]),
    ],
  };
};

const observeDeployments = async (
  bench: Bench,
  world: BenchWorld,
  meter: RequestMeter,
  parts: StackParts,
): Promise<OneDeployment> => {
  const runs: ExecutionAnatomy[] = [];
  const since = Date.now();
  meter.reset();
  for (let index = 0; index < DEPLOYMENTS; index++) {
    const { digest } = await world.push(TARGET, `1.1.${index}`);
    const { order, execution } = await awaitRollout(world, TARGET, digest);
    await untilIdle(world);
    for (const arn of [order.deployment.arn, execution.arn]) runs.push(await dissectExecution(world, arn));
    bench.say(`deployment ${index + 1} of ${DEPLOYMENTS} accounted for`);
  }
  await delay(LOG_MS);
  const requests = meter.counts();
  const entries = listFunctions().filter((entry) => entry.startsWith('deployment/'));
  const works = await Promise.all(
    entries.map(async (entry) => ({ entry, ...(await readLambdaWork(world, entry, since)) })),
  );
  return {
    transitions: sum(runs.map(({ transitions }) => transitions)) / DEPLOYMENTS,
    lambdas: works.map(({ entry, calls }) => ({
      entry,
      calls: calls.length / DEPLOYMENTS,
      ms: sum(calls) / DEPLOYMENTS,
      gigabytes: parts.memoryOf(entry),
    })),
    requests: divide(requests, DEPLOYMENTS),
    logBytes: sum(works.map(({ logBytes }) => logBytes)) / DEPLOYMENTS,
  };
};

const observeSweep = async (bench: Bench, world: BenchWorld, meter: RequestMeter): Promise<OneSweep> => {
  // Once for the cold starts, once for the bill.
  for (const isWarm of [false, true]) {
    meter.reset();
    const since = Date.now();
    const arn = await world.executions.start(world.site.machines.sweep, {});
    let status: string | undefined = 'RUNNING';
    while (status === 'RUNNING') {
      await delay(100);
      ({ status } = await world.executions.describe(arn));
    }
    if (!isWarm) continue;
    await delay(LOG_MS);
    bench.say(`a sweep over ${REPOSITORIES} repositories accounted for`);
    const { calls } = await readLambdaWork(world, SWEEPER, since);
    return {
      // The local AWS gives the iterations of a Map no events of their own.
      transitions: (await dissectExecution(world, arn)).transitions,
      requestsEach: divide(meter.counts(), REPOSITORIES),
      msEach: sum(calls) / REPOSITORIES,
    };
  }
  throw new Error('There was no sweep.');
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const divide = (counts: RequestCounts, by: number): RequestCounts =>
  new Map([...counts].map(([kind, count]) => [kind, count / by]));
