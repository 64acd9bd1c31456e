import type { KubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import { nameCronJob } from '../../job/backup-job.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';
import { makeSignInJob, SIGN_IN_CONTAINER } from '../sign-in-job.ts';
import { readSignIn } from '../sign-in-report.ts';
import { SIGN_IN_MARK } from '../sign-in-script.ts';
import { listWeb } from '../workload-kinds.ts';
import { followTask, type TaskJobs } from './task-job.ts';
import { wakeWorkloads } from './workload-turns.ts';

const LOOK_SECONDS = 10;

/**
 * The turn `check`: wakes the web pods of the restored GitLab, and asks them for their sign-in page from inside of the
 * closed network. Until here counts as the time in which a GitLab is back.
 */
export const checkTurn = async (
  run: DrillRun,
  clients: {
    readonly jobs: TaskJobs;
    readonly scaling: Pick<KubernetesScaling, 'listWorkloads' | 'scale'>;
  },
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const { jobs, scaling } = clients;
  const woken = await wakeWorkloads(run, 'check', scaling, now, signal);
  if (woken.verdict.state !== 'done') return woken;
  const { namespace, release } = run.target;
  const hosts = listWeb(await scaling.listWorkloads(namespace, signal), release).map(({ name }) => name);
  if (hosts.length === 0) return failTurn(`There is no web pod of release ${release} that could be asked.`);
  const cronJob = await jobs.readCronJob({ namespace, name: nameCronJob(release) }, signal);
  if (!cronJob) return failTurn(`There is no CronJob ${namespace}/${nameCronJob(release)} any more.`);
  const plan = makeSignInJob(cronJob, { drill: run.id, execution: run.execution.name, hosts });
  if (!plan.ok) return failTurn(`Nobody could be asked for the sign-in page: ${plan.why}.`);
  const task = {
    manifest: plan.job,
    container: SIGN_IN_CONTAINER,
    mark: SIGN_IN_MARK,
    seconds: LOOK_SECONDS,
    isNamed: true,
  };
  const seen = await followTask(run, task, jobs, now, signal);
  if (!('log' in seen)) return seen;
  const { log, learn } = seen;
  if (!log.known) return { ...failTurn(`Nobody could ask for the sign-in page: ${log.why}.`), learn };
  const findings = readSignIn(log.value, hosts);
  const noted = (before: DrillRun): DrillRun => {
    const learned = learn(before);
    const others = learned.findings.filter(({ check }) => check !== 'sign-in');
    return { ...learned, findings: [...others, ...findings] };
  };
  const bad = findings.filter(({ result }) => result !== 'pass').map(({ message }) => message);
  return bad.length > 0
    ? { ...failTurn(...bad), learn: noted }
    : {
        verdict: { state: 'done', message: 'GitLab answers' },
        learn: (before) => measure(noted(before), now),
      };
};

/** From the beginning of the restore, which people would wait for as well. */
const measure = (run: DrillRun, now: Date): DrillRun => {
  const since = run.steps.find(({ step }) => step === 'restore')?.startedAt;
  if (since === undefined || !run.restore) return run;
  const seconds = Math.max(0, Math.round((now.getTime() - Date.parse(since)) / 1_000));
  return { ...run, restore: { ...run.restore, recoverySeconds: seconds } };
};
