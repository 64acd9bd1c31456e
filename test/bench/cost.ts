import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { target } from '../support/world/test-world.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { renderBill, sumBill } from './bill.ts';
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
import { type Bench, type Measure, noted, type Result } from './measure.ts';
import { PRICES_AS_OF } from './prices.ts';
import { quantile } from './quantiles.ts';
import { type RequestCounts, type RequestMeter, startRequestMeter } from './request-meter.ts';
import { awaitRollout, readTimes } from './rollout-times.ts';
import { readStackParts, type StackParts } from './template.ts';

const DEPLOYMENTS = 5;
const REPOSITORIES = 10;
const TARGET = 'bill-0';
const POSTS = 50;
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
        `${(sumBill(bill) * 1_000).toFixed(2)} USD for 1,000`,
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
          `Requests and states are counted, means of ${DEPLOYMENTS} warm runs. Lambda time is the measured one of this machine, from entering a state to leaving it, so above what AWS would bill.`,
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
  const logged = await countLogBytes(world);
  const runs: ExecutionAnatomy[] = [];
  const starts: number[] = [];
  meter.reset();
  for (let index = 0; index < DEPLOYMENTS; index++) {
    const { digest } = await world.push(TARGET, `1.1.${index}`);
    const rollout = await awaitRollout(world, TARGET, digest);
    await untilIdle(world);
    const times = await readTimes(world, rollout);
    starts.push(times.deploymentAt - times.receivedAt);
    for (const arn of [rollout.order.deployment.arn, rollout.execution.arn]) {
      runs.push(await dissectExecution(world, arn));
    }
    bench.say(`deployment ${index + 1} of ${DEPLOYMENTS} accounted for`);
  }
  await delay(LOG_MS);
  const requests = meter.counts();
  const tasks = runs.flatMap(({ tasks }) => tasks);
  return {
    transitions: sum(runs.map(({ transitions }) => transitions)) / DEPLOYMENTS,
    polls: tasks.filter(({ state }) => state === 'WatchRollout').length / DEPLOYMENTS,
    watchedSeconds:
      sum(tasks.filter(({ state }) => state === 'WatchRollout').map(({ ms }) => ms)) / 1_000 / DEPLOYMENTS,
    lambdas: [
      { state: 'ReceiveWebhook', ms: await timeDoor(world), gigabytes: parts.memoryOf('ReceiveWebhook') },
      { state: 'StartDeployment', ms: quantile(starts, 0.5), gigabytes: parts.memoryOf('StartDeployment') },
      ...[...Map.groupBy(tasks, ({ state }) => state)]
        .filter(([state]) => state !== 'WatchRollout')
        .map(([state, taken]) => ({
          state,
          ms: sum(taken.map(({ ms }) => ms)) / DEPLOYMENTS,
          gigabytes: parts.memoryOf(state),
        })),
    ],
    requests: divide(requests, DEPLOYMENTS),
    logBytes: ((await countLogBytes(world)) - logged) / DEPLOYMENTS,
  };
};

const observeSweep = async (bench: Bench, world: BenchWorld, meter: RequestMeter): Promise<OneSweep> => {
  // Once for the cold starts, once for the bill.
  for (const isWarm of [false, true]) {
    meter.reset();
    const started = performance.now();
    const arn = await world.executions.start(world.site.machines.sweep, {});
    let status: string | undefined = 'RUNNING';
    while (status === 'RUNNING') {
      await delay(100);
      ({ status } = await world.executions.describe(arn));
    }
    if (!isWarm) continue;
    const ms = performance.now() - started;
    bench.say(`a sweep over ${REPOSITORIES} repositories accounted for`);
    const { transitions, tasks } = await dissectExecution(world, arn);
    const apart = tasks.filter(({ state }) => state !== 'SweepRepository');
    return {
      // The local AWS gives the iterations of a Map no events of their own.
      transitions,
      repositories: REPOSITORIES,
      requestsEach: divide(meter.counts(), REPOSITORIES),
      msEach: (ms - sum(apart.map(({ ms }) => ms))) / REPOSITORIES,
    };
  }
  throw new Error('There was no sweep.');
};

/** Milliseconds for an event that nobody wants, gateway included: the upper limit of what its Lambda takes. */
const timeDoor = async (world: BenchWorld): Promise<number> => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const taken: number[] = [];
  for (let index = 0; index < POSTS; index++) {
    const started = performance.now();
    await world.events.post({ action: 'pull', repository: `shop/${TARGET}`, tag: '1.0.0', digest });
    taken.push(performance.now() - started);
  }
  return quantile(taken, 0.5);
};

/** What our Lambdas have written so far: the JSON lines in the log of the local AWS. */
const countLogBytes = async (world: BenchWorld): Promise<number> => {
  const lines = (await readFile(world.aws.logFile, 'utf8')).split('\n');
  return sum(lines.filter((line) => line.startsWith('{"level"')).map((line) => Buffer.byteLength(line) + 1));
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const divide = (counts: RequestCounts, by: number): RequestCounts =>
  new Map([...counts].map(([kind, count]) => [kind, count / by]));
