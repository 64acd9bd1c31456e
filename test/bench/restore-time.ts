import { setTimeout as delay } from 'node:timers/promises';
import { paginateGetExecutionHistory, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { BatchV1Api, CoreV1Api } from '@kubernetes/client-node';
import * as z from 'zod';
import { RestoreRun, restoreRunKey } from '../../functions/records/backup/restore.ts';
import { Notice } from '../../functions/records/message.ts';
import { GITLAB } from '../../infra/local/gitlab-release/names.ts';
import { ENVIRONMENT } from '../../infra/local/world/configuration.ts';
import { loadKubeconfig } from '../support/admin-connection.ts';
import { clientSettings } from '../support/world/aws-views.ts';
import { waitFor } from '../support/world/wait-for.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { type Bench, below, type Measure, type Result, type Table } from './measure.ts';

const PATIENCE_MS = 900_000;
/** The tool waits so long before each of its steps, so that its Jobs take longer. */
const SLOW_MS = 3_000;
const REQUEST = {
  environment: ENVIRONMENT,
  target: ENVIRONMENT,
  confirm: ENVIRONMENT,
  by: 'Ada',
  why: 'it is measured',
  dryRun: false,
};

/** What Drydock adds to the time of GitLab's own tool in a restore, its safety backup included. */
export const restoreTime: Measure = {
  name: 'restore-time',
  about: 'a whole restore, and how much of it is neither a Job of the tool nor the wait for an approval',
  run: async (bench) => {
    const daily = { schedule: 'cron(0 2 * * ? *)', versions: [] };
    const gitlabRelease = { backup: { policies: { daily } } };
    const world = await startBenchWorld({ report: bench.say, targets: () => ({}), gitlabRelease });
    try {
      return await measure(bench, world);
    } finally {
      await world.stop();
    }
  },
};

interface Timed {
  readonly ms: number;
  readonly toolMs: number;
  readonly approvalMs: number;
  readonly run: RestoreRun;
}

const measure = async (bench: Bench, world: BenchWorld): Promise<Result> => {
  const machines = world.site.backup?.machines;
  if (!machines) throw new Error('The stack has no backup machines.');
  await finish(world, await world.executions.start(machines.backup, { environment: ENVIRONMENT }));
  // Once for the cold starts, once to be measured, once with a tool that takes longer.
  await restore(world);
  const warm = await restore(world);
  bench.say(`a warm restore: ${describe(warm)}`);
  world.gitlabRelease?.toolbox.trouble({ slowMs: SLOW_MS });
  const long = await restore(world);
  bench.say(`a longer one: ${describe(long)}`);
  const beside = Object.fromEntries(
    [warm, long].map((timed) => [`of ${seconds(timed.ms)} s`, seconds(besideOf(timed))]),
  );
  return {
    rows: [below('a restore: time beside that of the tool', 60, 's', beside)],
    tables: [describeSteps(warm)],
  };
};

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
const besideOf = ({ ms, toolMs, approvalMs }: Timed): number => ms - toolMs - approvalMs;
const describe = (timed: Timed): string =>
  `${seconds(timed.ms)} s, of which pods of Jobs took ${seconds(timed.toolMs)} s and the approval ${seconds(timed.approvalMs)} s`;

const describeSteps = ({ run }: Timed): Table => ({
  title: 'A warm restore, step by step',
  header: ['Step', 'Seconds'],
  rows: run.steps.map(({ step, seconds: taken }) => [step, String(taken)]),
  notes: [
    'With the time of their Jobs. Look, plan and approval come before the first one.',
    'What is called time of the tool is that of the pods of all Jobs of the execution and of its safety backup, by their containers; the pod that asks the database before the plan is none of them.',
  ],
});

const restore = async (world: BenchWorld): Promise<Timed> => {
  const machine = world.site.backup?.restore?.machine;
  if (machine === undefined) throw new Error('The stack has no machine that restores.');
  const arn = await world.executions.start(machine, REQUEST);
  await approve(world, arn);
  const ended = await finish(world, arn);
  const { outcome } = z.object({ outcome: z.string() }).parse(JSON.parse(ended.output ?? '{}'));
  if (outcome !== 'restored') throw new Error(`A restore that is right ended as ${outcome}: ${ended.output}`);
  const [from, to] = [ended.startDate?.getTime() ?? Number.NaN, ended.stopDate?.getTime() ?? Number.NaN];
  const run = RestoreRun.parse(JSON.parse(await world.ledger.read(restoreRunKey(ENVIRONMENT))));
  return {
    ms: to - from,
    toolMs: await sumPods(world, from),
    approvalMs: await readApproval(world, arn),
    run,
  };
};

const finish = async (world: BenchWorld, arn: string) =>
  waitFor(
    `${arn} has ended`,
    async () => {
      const execution = await world.executions.describe(arn);
      return execution.status !== 'RUNNING' && execution;
    },
    PATIENCE_MS,
  );

const approve = async (world: BenchWorld, arn: string): Promise<void> => {
  const command = await waitFor(`${arn} asks for its approval`, async () => {
    const notices = (await world.notices()).filter(({ Message }) => Message.includes(arn));
    const all = notices.map(({ Message }) => Notice.parse(JSON.parse(Message.split('\n').at(-1) ?? '')));
    return all.find(({ outcome }) => outcome === 'approval-wanted')?.command;
  });
  const taskToken = /--task-token '([^']+)'/.exec(command)?.[1] ?? '';
  const plan = /"plan":"([^"]+)"/.exec(command)?.[1] ?? '';
  // As long as a person who has waited for it takes at least.
  await delay(1_000);
  const output = JSON.stringify({ plan, by: 'Grace' });
  await world.executions.sfn.send(new SendTaskSuccessCommand({ taskToken, output }));
};

/** From the moment in which the token was out until it was answered. */
const readApproval = async (world: BenchWorld, executionArn: string): Promise<number> => {
  const client = new SFNClient(clientSettings(world));
  let [from, to] = [Number.NaN, Number.NaN];
  for await (const { events = [] } of paginateGetExecutionHistory({ client }, { executionArn })) {
    for (const { stateEnteredEventDetails, stateExitedEventDetails, timestamp } of events) {
      if (stateEnteredEventDetails?.name === 'RequestApproval') from = timestamp?.getTime() ?? Number.NaN;
      if (stateExitedEventDetails?.name === 'RequestApproval') to = timestamp?.getTime() ?? Number.NaN;
    }
  }
  return to - from;
};

/** How long the containers ran of all Jobs that were made since. */
const sumPods = async (world: BenchWorld, since: number): Promise<number> => {
  const { namespace } = GITLAB;
  const config = loadKubeconfig(world.cluster.kubeconfig);
  const jobs = await config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace });
  // The API server tells whole seconds.
  const ours = jobs.items.flatMap(({ metadata }) =>
    (metadata?.creationTimestamp?.getTime() ?? 0) >= since - 1_000 ? [metadata?.name ?? ''] : [],
  );
  const pods = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
  const spans = pods.items
    .filter(({ metadata }) => ours.includes(metadata?.labels?.['job-name'] ?? ''))
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .map(({ state }) => {
      const { startedAt, finishedAt } = state?.terminated ?? {};
      return startedAt && finishedAt ? finishedAt.getTime() - startedAt.getTime() : 0;
    });
  return spans.reduce((total, span) => total + span, 0);
};
