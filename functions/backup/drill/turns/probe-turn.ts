import type { DrillRun } from '../../../records/backup/drill.ts';
import type { ProbeAddress, ReachReport } from '../../../records/backup/drill-proof.ts';
import { nameCronJob } from '../../job/backup-job.ts';
import type { Known } from '../../preflight/facts.ts';
import { known, unknown } from '../../preflight/learn.ts';
import { judgeProof, type ProofFacts } from '../closed-proof.ts';
import { type DrillTurn, failTurn } from '../drill-turn.ts';
import { makeReachJob, REACH_CONTAINER, REACH_DEADLINE_SECONDS } from '../reach-job.ts';
import { readReachReport } from '../reach-report.ts';
import { REACH_MARK } from '../reach-script.ts';
import { followTask, type TaskJobs } from './task-job.ts';

/** Probes the network of a place: open, and closed. */

interface ProbeWishes extends Pick<ProofFacts, 'outside' | 'controls' | 'wayOut'> {
  /** Labels of a pod of Sidekiq. */
  readonly labels: Readonly<Record<string, string>>;
}

const LOOK_SECONDS = 10;

/** The turn `probe-open`: what a pod reaches before anything is closed. That nothing is, is judged with the proof. */
export const probeOpen = async (
  run: DrillRun,
  wishes: ProbeWishes,
  jobs: TaskJobs,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const seen = await probe(run, 'open', wishes, jobs, now, signal);
  if (!('report' in seen)) return seen;
  const { report } = seen;
  if (!report.known) {
    return { ...failTurn(`The probe of the open network did not run: ${report.why}.`), learn: seen.learn };
  }
  return {
    verdict: { state: 'done', message: `tried ${report.value.length} addresses` },
    learn: (record) => ({ ...seen.learn(record), before: report.value }),
  };
};

/** The turn `probe-closed`: the proof, or why there is none. */
export const probeClosed = async (
  run: DrillRun,
  wishes: ProbeWishes,
  jobs: TaskJobs,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const seen = await probe(run, 'closed', wishes, jobs, now, signal);
  if (!('report' in seen)) return seen;
  const before = run.before ? known(run.before) : unknown('nothing was written down of it');
  const proof = judgeProof({ ...wishes, before, after: seen.report }, now);
  return {
    verdict:
      proof.state === 'closed'
        ? { state: 'done', message: `no answer of ${proof.proven.join(', ')}` }
        : { state: 'failed', reasons: proof.reasons },
    learn: (record) => ({ ...seen.learn(record), proof }),
  };
};

interface Probed {
  readonly report: Known<ReachReport>;
  readonly learn: (run: DrillRun) => DrillRun;
}

const unseen = (why: string): Probed => ({ report: { known: false, why }, learn: (run) => run });

const probe = async (
  run: DrillRun,
  phase: 'open' | 'closed',
  { outside, controls, labels }: ProbeWishes,
  jobs: TaskJobs,
  now: Date,
  signal: AbortSignal | undefined,
): Promise<DrillTurn | Probed> => {
  const { namespace, release } = run.target;
  const name = nameCronJob(release);
  const cronJob = await jobs.readCronJob({ namespace, name }, signal);
  if (!cronJob) return unseen(`there is no CronJob ${namespace}/${name}`);
  const addresses: readonly ProbeAddress[] = [...outside, ...controls];
  const plan = makeReachJob(cronJob, {
    drill: run.id,
    execution: run.execution.name,
    phase,
    labels,
    addresses,
  });
  if (!plan.ok) return unseen(plan.why);
  const task = {
    manifest: plan.job,
    container: REACH_CONTAINER,
    mark: REACH_MARK,
    seconds: LOOK_SECONDS,
    giveUpSeconds: REACH_DEADLINE_SECONDS,
    isNamed: false,
  };
  const seen = await followTask(run, task, jobs, now, signal);
  if (!('log' in seen)) return seen;
  const { log, learn } = seen;
  return { report: log.known ? known(readReachReport(log.value)) : log, learn };
};
