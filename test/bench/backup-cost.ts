import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { JobFact } from '../../functions/backup/run/job-fact.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { listFunctions } from '../../infra/constructs/function-bundles.ts';
import { ENVIRONMENT } from '../../infra/local/world/configuration.ts';
import type { BackupSite } from '../../infra/local/world/deploy-site.ts';
import { countJobLooks } from '../support/job-looks.ts';
import { callFunction } from '../support/world/call-function.ts';
import { waitFor } from '../support/world/wait-for.ts';
import { billBackups, PLAN, perLook, type Usage } from './backup/month-bill.ts';
import { ARCHIVES } from './backup/night-bill.ts';
import { type BenchWorld, startBenchWorld } from './bench-world.ts';
import { renderBill, sumBill } from './bill.ts';
import { dissectExecution } from './execution-anatomy.ts';
import { readLambdaWork } from './lambda-log.ts';
import { type Bench, below, type Measure, noted, type Result } from './measure.ts';
import { PRICES_AS_OF } from './prices.ts';
import { RESULTS_FILE, Results } from './render.ts';
import { type RequestMeter, startRequestMeter } from './request-meter.ts';
import { readStackParts, type StackParts } from './template.ts';

/** CloudWatch gets what a Lambda writes a moment after it. */
const LOG_MS = 1_000;
const PATIENCE_MS = 600_000;
/** The tool waits so long before each of its steps, so that its Job is looked at more often. */
const SLOW_MS = 3_000;
const WATCHER = 'backup/watch-backup-job';
const FRESHNESS = { within: 'BackupFreshness', name: 'JudgeFreshness' } as const;

interface Site {
  readonly world: BenchWorld;
  readonly machines: BackupSite['machines'];
  readonly meter: RequestMeter;
  readonly parts: StackParts;
}
/** `ms` is the time of the execution, `toolMs` that of the tool in it. */
type Run = Usage & { readonly looks: number; readonly ms: number; readonly toolMs: number };

/** What AWS would charge for a month of backups, and what Drydock adds to the time of GitLab's own tool. */
export const backupCost: Measure = {
  name: 'backup-cost',
  about:
    'requests, states and Lambda time of backups, a night of upkeep and a look at freshness, for a month',
  run: async (bench) => {
    const meter = await startRequestMeter();
    const daily = { schedule: 'cron(0 2 * * ? *)', versions: [] };
    const world = await startBenchWorld({
      report: bench.say,
      aws: meter.aws,
      targets: () => ({}),
      gitlabRelease: { backup: { policies: { daily } } },
    });
    try {
      const machines = world.site.backup?.machines;
      if (!machines) throw new Error('The stack has no backup machines.');
      return await account(bench, { world, machines, meter, parts: await readStackParts(world) });
    } finally {
      await world.stop();
      await meter.stop();
    }
  },
};

const account = async (bench: Bench, site: Site): Promise<Result> => {
  // Once for the cold starts, once for the bill.
  await backUp(site);
  const backup = await backUp(site);
  bench.say(`a warm backup accounted for: ${describe(backup)}`);
  site.world.gitlabRelease?.toolbox.trouble({ slowMs: SLOW_MS });
  const long = await backUp(site);
  bench.say(`a longer one accounted for: ${describe(long)}`);
  const { upkeep, freshness } = await observeRest(site);
  bench.say('a night of upkeep and a look at freshness accounted for');
  const looks = countJobLooks(PLAN.jobHours);
  const alarms = site.parts.alarmMetrics('Backup');
  const counted = {
    backup,
    look: perLook(backup, long),
    upkeep,
    freshness,
    alarms,
    reading: await readReading(),
  };
  const bill = billBackups(counted, looks);
  const beside = Object.fromEntries(
    [backup, long].map(({ ms, toolMs }) => [`of ${seconds(ms)} s`, seconds(ms - toolMs)]),
  );
  return {
    rows: [
      below('a backup: time beside that of the tool', 60, 's', beside),
      noted('a month of daily backups of one GitLab on AWS', `${sumBill(bill).toFixed(2)} USD`),
    ],
    tables: [
      renderBill('A month of daily backups of one GitLab, each verified again every week', bill, [
        `Prices: ${PRICES_AS_OF}. Free tiers are not taken off. RDS, IAM and EKS charge nothing for their calls.`,
        `One warm backup is counted, with ${backup.looks} looks at its Job; ${looks} are put in, which a Job of ${PLAN.jobHours} hours takes. What a look costs is the difference to a longer one. Lambda time is what the local AWS reported, on this machine.`,
        `Readings are those of the night of ${ARCHIVES} archives below. Alarms are counted on the stack.`,
        'Not in it: what the archives take up, their copy into another region, snapshots, and the node under the Job.',
      ]),
    ],
  };
};

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

const describe = ({ transitions, calls, looks, ms, toolMs }: Run): string =>
  `${transitions} states, ${calls} calls, ${looks} looks, ${seconds(ms)} s of which the tool took ${seconds(toolMs)} s`;

const backUp = async (site: Site): Promise<Run> => {
  const { world, machines } = site;
  const { usage, ended } = await observe(site, () =>
    execute(world, machines.backup, { environment: ENVIRONMENT }),
  );
  const { outcome, set } = z
    .object({ outcome: z.string(), set: z.string() })
    .parse(JSON.parse(ended.output ?? ''));
  if (outcome !== 'verified') throw new Error(`A backup that is right ended as ${outcome}: ${ended.output}`);
  const fact = await world.ledger.read(backupRunKey({ environment: ENVIRONMENT, id: set }, 'job'));
  const { startedAt, endedAt } = JobFact.parse(JSON.parse(fact));
  const span = (from: Date | string | undefined, to: Date | string | undefined): number =>
    from === undefined || to === undefined ? Number.NaN : new Date(to).getTime() - new Date(from).getTime();
  return { ...usage, ms: span(ended.startDate, ended.stopDate), toolMs: span(startedAt, endedAt) };
};

const observeRest = async (site: Site): Promise<{ upkeep: Usage; freshness: Usage }> => {
  const { world, machines } = site;
  const look = (): Promise<unknown> => callFunction(world, FRESHNESS.name, {}, FRESHNESS.within);
  await execute(world, machines.upkeep, {});
  await look();
  const upkeep = await observe(site, () => execute(world, machines.upkeep, {}));
  const freshness = await observe(site, async () => {
    await look();
    return undefined;
  });
  return { upkeep: upkeep.usage, freshness: freshness.usage };
};

const execute = async (
  world: BenchWorld,
  machine: string,
  input: unknown,
): Promise<DescribeExecutionOutput> => {
  const arn = await world.executions.start(machine, input);
  return waitFor(
    `${arn} has ended`,
    async () => {
      const execution = await world.executions.describe(arn);
      return execution.status !== 'RUNNING' && execution;
    },
    PATIENCE_MS,
  );
};

/** Counts what a piece of work took: its executions, those that it started, and all Lambdas of the capability. */
const observe = async <T extends DescribeExecutionOutput | undefined>(
  { world, machines, meter, parts }: Site,
  work: () => Promise<T>,
): Promise<{ usage: Usage & { readonly looks: number }; ended: T }> => {
  const children = async (): Promise<string[]> =>
    (await world.executions.summaries(machines.verification)).map(({ executionArn = '' }) => executionArn);
  const before = await children();
  await delay(LOG_MS);
  meter.reset();
  const since = Date.now();
  const ended = await work();
  await delay(LOG_MS);
  const requests = meter.counts();
  const ours = [ended?.executionArn ?? [], (await children()).filter((arn) => !before.includes(arn))].flat();
  const anatomies = await Promise.all(ours.map((arn) => dissectExecution(world, arn)));
  const entries = listFunctions().filter((entry) => entry.startsWith('backup/'));
  const works = await Promise.all(
    entries.map(async (entry) => ({ entry, ...(await readLambdaWork(world, entry, since)) })),
  );
  const worked = works.filter(({ calls }) => calls.length > 0);
  const count = (...kinds: string[]): number => sum(kinds.map((kind) => requests.get(`S3 ${kind}`) ?? 0));
  const usage = {
    transitions: sum(anatomies.map(({ transitions }) => transitions)),
    calls: sum(worked.map(({ calls }) => calls.length)),
    gigabyteSeconds: sum(worked.map(({ entry, calls }) => (sum(calls) / 1_000) * memoryOf(parts, entry))),
    writes: count('PUT', 'POST', 'LIST'),
    reads: count('GET', 'HEAD'),
    looks: works.find(({ entry }) => entry === WATCHER)?.calls.length ?? 0,
  };
  return { usage, ended };
};

/** GB. The look at freshness stands in a construct of its own. */
const memoryOf = (parts: StackParts, entry: string): number =>
  parts.memoryOf(entry === 'backup/judge-freshness' ? 'backup-freshness/judge-freshness' : entry);

/** USD for one archive, as the measure backup-verify reckoned it last. */
const readReading = async (): Promise<number> => {
  const { measures } = Results.parse(JSON.parse(await readFile(RESULTS_FILE, 'utf8')));
  const night = measures['backup-verify']?.tables?.[0]?.rows.find(([what]) => what === 'Sum');
  if (!night) throw new Error('Measure backup-verify first.');
  return Number(night.at(-1)) / ARCHIVES;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
