import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import type { JobManifest } from '../../../records/kubernetes-job.ts';
import { judgeBackupJob } from '../../job/job-verdict.ts';
import { withoutDot } from '../../job/sentence-part.ts';
import type { Known } from '../../preflight/facts.ts';
import type { DrillTurn } from '../drill-turn.ts';
import { noteJob, noteUids } from './network-turns.ts';

/** A Job of a drill that is made once and says in its log what came of it. */

export type TaskJobs = Pick<KubernetesJobs, 'readCronJob' | 'createJob' | 'observeJob' | 'streamLog'>;

interface TaskEnd {
  /** What its container wrote, or why nobody knows, without a dot. */
  readonly log: Known<string>;
  readonly learn: (run: DrillRun) => DrillRun;
}

export interface Task {
  readonly manifest: JobManifest;
  /** That does the work, and whose log is read. */
  readonly container: string;
  /** By which its lines are known among those of other programs; only they are kept. */
  readonly mark: string;
  /** Between two looks. */
  readonly seconds: number;
  /** Given up after so long, also where its Job is suspended and so comes to no deadline of its own; never without it. */
  readonly giveUpSeconds?: number;
  /** Do messages call it by its name, or is it clear which Job is meant? */
  readonly isNamed: boolean;
}

/**
 * Makes the Job and follows it to its end. One whose uid was written down and that is gone was deleted by somebody: no
 * second one is made.
 *
 * @returns a turn while it has not ended.
 */
export const followTask = async (
  run: DrillRun,
  { manifest, container, mark, seconds, giveUpSeconds, isNamed }: Task,
  jobs: TaskJobs,
  now: Date,
  signal?: AbortSignal,
): Promise<DrillTurn | TaskEnd> => {
  const { metadata } = manifest;
  const words = speakOf(metadata.name, isNamed);
  const { job, pods } = await jobs.observeJob(metadata, signal);
  if (!job) {
    const wasThere = run.made.some(({ name, uid }) => name === metadata.name && uid !== undefined);
    return wasThere
      ? { log: { known: false, why: `${words.job} is gone, and its log with it` }, learn: same }
      : makeTask(manifest, jobs, now, signal);
  }
  const learn = (before: DrillRun): DrillRun => noteUids(before, [{ ...job, kind: 'Job' }]);
  const pod = pods.find(({ containers }) =>
    containers.some(({ name, state }) => name === container && state.type === 'terminated'),
  );
  if (pod) {
    const where = { namespace: metadata.namespace, pod: pod.name, container };
    return { log: { known: true, value: await readLines(where, mark, jobs, signal) }, learn };
  }
  const verdict = judgeBackupJob(job, pods, now, container);
  if (verdict.state === 'failed') return { log: { known: false, why: withoutDot(verdict.message) }, learn };
  if (verdict.state === 'succeeded') {
    return { log: { known: false, why: `${words.pod} is gone, and its log with it` }, learn };
  }
  if (giveUpSeconds !== undefined && now.getTime() - Date.parse(job.createdAt) > giveUpSeconds * 1_000) {
    return { log: { known: false, why: `it did not end in time: ${withoutDot(verdict.message)}` }, learn };
  }
  return { verdict: { state: 'wait', seconds, message: `${words.before}${verdict.message}` }, learn };
};

const speakOf = (name: string, isNamed: boolean) =>
  isNamed
    ? { job: `Job ${name}`, pod: `the pod of Job ${name}`, before: `${name}: ` }
    : { job: 'its Job', pod: 'its pod', before: '' };

const same = (run: DrillRun): DrillRun => run;

const makeTask = (
  job: JobManifest,
  jobs: TaskJobs,
  now: Date,
  signal: AbortSignal | undefined,
): DrillTurn => ({
  verdict: { state: 'act', message: `starts ${job.metadata.name}` },
  intend: (before) => noteJob(before, job.metadata, now),
  deed: async () => {
    await jobs.createJob(job, signal);
  },
});

/** Chunks are of whole lines, and what others have written is thrown away at once: it may be of any length. */
const readLines = async (
  where: { readonly namespace: string; readonly pod: string; readonly container: string },
  mark: string,
  jobs: TaskJobs,
  signal: AbortSignal | undefined,
): Promise<string> => {
  const lines: string[] = [];
  for await (const { text } of jobs.streamLog(where, {}, signal)) {
    lines.push(...text.split('\n').filter((line) => line.startsWith(mark)));
  }
  return lines.join('\n');
};
