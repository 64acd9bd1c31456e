import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { KubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import type { Job } from '../../../records/kubernetes-job.ts';
import { nameCronJob } from '../../job/backup-job.ts';
import { hasEnded } from '../../job/running-backups.ts';
import { DRILL_LABEL, labelOf } from '../drill-label.ts';
import { findDrillStep } from '../drill-steps.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';
import { EMPTY_CONTAINER, EMPTY_NAME, EXECUTION_DIGITS, makeEmptyJob, nameEmptyJob } from '../empty-job.ts';
import { findNotEmptied } from '../empty-report.ts';
import { EMPTY_MARK } from '../empty-script.ts';
import { LOOK_HOLDS_MS } from '../look-name.ts';
import { followTask, type TaskJobs } from './task-job.ts';
import { wakeWorkloads } from './workload-turns.ts';

/** Empties the place of a drill, behind a second look that found it nobody's. */

const LOOK_SECONDS = 30;

interface EmptyClients {
  readonly jobs: TaskJobs & Pick<KubernetesJobs, 'listJobs' | 'deleteJob'>;
  readonly scaling: Pick<KubernetesScaling, 'listWorkloads' | 'scale'>;
}

/**
 * The turn `empty`: a Job with the tools of GitLab, which takes hours where there are millions of objects. Only what its
 * log calls empty is; anything else is another try by another Job. Storages have to be awake for it, also when an
 * earlier execution has put them to sleep.
 */
export const emptyTurn = async (
  run: DrillRun,
  clients: EmptyClients,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const { jobs, scaling } = clients;
  if (!run.place) return failTurn('Nobody wrote down what the place was, so nothing of it is emptied.');
  const others = await listOthers(run, jobs, signal);
  if (others.length > 0) return endOthers(run, others, jobs, signal);
  const woken = await wakeWorkloads(run, 'restore', scaling, now, signal);
  if (woken.verdict.state !== 'done') return woken;
  const { namespace, release } = run.target;
  const cronJob = await jobs.readCronJob({ namespace, name: nameCronJob(release) }, signal);
  if (!cronJob) return failTurn(`There is no CronJob ${namespace}/${nameCronJob(release)} any more.`);
  const { buckets } = run.place;
  const plan = makeEmptyJob(cronJob, {
    drill: run.id,
    execution: run.execution.name,
    attempt: attemptOf(run),
    buckets,
  });
  if (!plan.ok) return failTurn(`Nothing could be emptied: ${plan.why}.`);
  const task = {
    manifest: plan.job,
    container: EMPTY_CONTAINER,
    mark: EMPTY_MARK,
    seconds: LOOK_SECONDS,
    isNamed: true,
  };
  const seen = await followTask(run, task, jobs, now, signal);
  if (!('log' in seen)) {
    const isOld = seen.verdict.state === 'act' && ageOfLook(run, now) > LOOK_HOLDS_MS;
    return isOld ? failTurn('The second look at the place is too long ago: start the drill again.') : seen;
  }
  const { log, learn } = seen;
  if (!log.known) return { ...failTurn(`Whether anything was emptied is not known: ${log.why}.`), learn };
  const left = findNotEmptied(log.value, buckets);
  return left.length > 0
    ? { ...failTurn(...left), learn }
    : { verdict: { state: 'done', message: 'repositories, database and buckets are empty' }, learn };
};

const attemptOf = (run: DrillRun): number => findDrillStep(run)?.failures ?? 0;

/** Jobs of other tries that still work: two at once would find each other's work half done. */
const listOthers = async (
  run: DrillRun,
  jobs: Pick<KubernetesJobs, 'listJobs'>,
  signal: AbortSignal | undefined,
): Promise<readonly Job[]> => {
  const current = nameEmptyJob(run.id, run.execution.name, attemptOf(run));
  const selector = `${DRILL_LABEL}=${labelOf(run.id)}`;
  const all = await jobs.listJobs(run.target.namespace, selector, signal);
  return all.filter(
    (job) => job.name.startsWith(EMPTY_NAME) && job.name !== current && !hasEnded(job) && !job.deleting,
  );
};

/** One that this execution has counted as a failure would go on; that of another one is waited for. */
const endOthers = (
  run: DrillRun,
  others: readonly Job[],
  jobs: Pick<KubernetesJobs, 'deleteJob'>,
  signal: AbortSignal | undefined,
): DrillTurn => {
  const own = nameEmptyJob(run.id, run.execution.name, 0).slice(0, EMPTY_NAME.length + EXECUTION_DIGITS);
  const counted = others.filter(({ name }) => name.startsWith(own));
  const names = others.map(({ name }) => name).join(', ');
  if (counted.length === 0) {
    const message = `waits for ${names}, which an earlier execution has started`;
    return { verdict: { state: 'wait', seconds: LOOK_SECONDS, message } };
  }
  return {
    verdict: { state: 'act', message: `ends ${names}` },
    deed: async () => {
      for (const job of counted) await jobs.deleteJob(job, signal);
    },
  };
};

const ageOfLook = ({ steps }: DrillRun, now: Date): number => {
  const at = steps.find(({ step, state }) => step === 'look-again' && state === 'done')?.endedAt;
  return at === undefined ? Number.POSITIVE_INFINITY : now.getTime() - Date.parse(at);
};
