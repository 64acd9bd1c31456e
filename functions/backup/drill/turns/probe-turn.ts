import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import type { ProbeAddress, ReachReport } from '../../../records/backup/drill-proof.ts';
import type { JobManifest, JobObservation } from '../../../records/kubernetes-job.ts';
import { nameCronJob } from '../../job/backup-job.ts';
import { judgeBackupJob } from '../../job/job-verdict.ts';
import type { Known } from '../../preflight/facts.ts';
import { judgeProof, type ProofFacts } from '../closed-proof.ts';
import type { DrillTurn } from '../drill-turn.ts';
import { makeReachJob, REACH_CONTAINER, REACH_DEADLINE_SECONDS } from '../reach-job.ts';
import { readReachReport } from '../reach-report.ts';
import { noteJob, noteUids } from './network-turns.ts';

/** Probes the network of a place: open, and closed. */

type Jobs = Pick<KubernetesJobs, 'readCronJob' | 'createJob' | 'observeJob' | 'streamLog'>;

export interface ProbeWishes extends Pick<ProofFacts, 'outside' | 'controls' | 'wayOut'> {
  /** Labels of a pod of Sidekiq. */
  readonly labels: Readonly<Record<string, string>>;
}

const LOOK_SECONDS = 10;
/** A line has at most 350 characters. */
const MOST_CHARACTERS = 256 * 1024;

/** The turn `probe-open`: what a pod reaches before anything is closed. That nothing is, is judged with the proof. */
export const probeOpen = async (
  run: DrillRun,
  wishes: ProbeWishes,
  jobs: Jobs,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const seen = await probe(run, 'open', wishes, jobs, now, signal);
  if (!('report' in seen)) return seen;
  const { report } = seen;
  if (!report.known) {
    return {
      learn: seen.learn,
      verdict: { state: 'failed', reasons: [`The probe of the open network did not run: ${report.why}.`] },
    };
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
  jobs: Jobs,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn> => {
  const seen = await probe(run, 'closed', wishes, jobs, now, signal);
  if (!('report' in seen)) return seen;
  const before: Known<ReachReport> = run.before
    ? { known: true, value: run.before }
    : { known: false, why: 'nothing was written down of it' };
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

const unseen = (why: string, learn: Probed['learn'] = (run) => run): Probed => ({
  report: { known: false, why },
  learn,
});

const probe = async (
  run: DrillRun,
  phase: 'open' | 'closed',
  { outside, controls, labels }: ProbeWishes,
  jobs: Jobs,
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
  const { metadata } = plan.job;
  const observed = await jobs.observeJob(metadata, signal);
  if (!observed.job) {
    // One whose uid is known was there, so a second one would be another probe.
    return run.made.some((one) => one.name === metadata.name && one.uid !== undefined)
      ? unseen('its Job is gone, and its log with it')
      : makeJob(plan.job, jobs, now, signal);
  }
  return readProbe(observed, { namespace, jobs, now, signal });
};

const makeJob = (job: JobManifest, jobs: Jobs, now: Date, signal: AbortSignal | undefined): DrillTurn => ({
  verdict: { state: 'act', message: `starts ${job.metadata.name}` },
  intend: (before) => noteJob(before, job.metadata, now),
  deed: async () => {
    await jobs.createJob(job, signal);
  },
});

const readProbe = async (
  { job, pods }: JobObservation,
  {
    namespace,
    jobs,
    now,
    signal,
  }: {
    readonly namespace: string;
    readonly jobs: Jobs;
    readonly now: Date;
    readonly signal: AbortSignal | undefined;
  },
): Promise<DrillTurn | Probed> => {
  const learn = (run: DrillRun): DrillRun => (job ? noteUids(run, [{ ...job, kind: 'Job' }]) : run);
  const pod = pods.find(({ containers }) =>
    containers.some(({ name, state }) => name === REACH_CONTAINER && state.type === 'terminated'),
  );
  if (pod) {
    let log = '';
    const container = { namespace, pod: pod.name, container: REACH_CONTAINER };
    for await (const { text } of jobs.streamLog(container, { chunkCharacters: MOST_CHARACTERS }, signal)) {
      log += text;
      if (log.length >= MOST_CHARACTERS) break;
    }
    return { report: { known: true, value: readReachReport(log) }, learn };
  }
  const verdict = judgeBackupJob(job, pods, now, REACH_CONTAINER);
  if (verdict.state === 'failed') return unseen(trim(verdict.message), learn);
  if (verdict.state === 'succeeded') return unseen('its pod is gone, and its log with it', learn);
  const age = (now.getTime() - Date.parse(job?.createdAt ?? now.toISOString())) / 1_000;
  return age > REACH_DEADLINE_SECONDS
    ? unseen(`it did not end in time: ${trim(verdict.message)}`, learn)
    : { verdict: { state: 'wait', seconds: LOOK_SECONDS, message: verdict.message }, learn };
};

const trim = (text: string): string => text.replace(/\.$/, '');
