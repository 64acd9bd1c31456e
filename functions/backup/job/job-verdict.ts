import type { Job } from '../../records/kubernetes-job.ts';
import type { Pod } from '../../records/workload.ts';
import { BACKUP_CONTAINER } from './backup-job.ts';
import { sayWords } from './foreign-words.ts';
import type { JobFailure } from './job-failure.ts';
import { explainPodEnd } from './pod-end.ts';
import { findPodWait } from './pod-start.ts';

/** `isLeft`: the Job has not ended by itself and would go on; whoever acts on the verdict deletes it. */
export type JobVerdict =
  | { readonly state: 'waiting'; readonly message: string }
  | { readonly state: 'running'; readonly since: string; readonly message: string }
  | {
      /** The tool ended with 0, which proves nothing of the archive. Times are ISO 8601. */
      readonly state: 'succeeded';
      readonly startedAt: string;
      readonly endedAt: string;
      readonly isLeft: boolean;
    }
  | ({ readonly state: 'failed'; readonly isLeft: boolean } & JobFailure);

/** The Job controller makes a pod within seconds; a quota or an admission policy may refuse it for ever. */
const NO_POD_SECONDS = 300;
/** Containers beside the backup's, a service mesh's say, end soon behind it or never. */
const LINGER_SECONDS = 120;

/**
 * Tells how a backup's Job stands.
 *
 * @param job undefined when there is none any more.
 * @param pods of that Job.
 * @param container that does the work: when it has ended, those beside it are not waited for.
 */
export const judgeBackupJob = (
  job: Job | undefined,
  pods: readonly Pod[],
  now: Date,
  container = BACKUP_CONTAINER,
): JobVerdict => {
  if (!job) return failed(JOB_DELETED);
  const isTrue = (wanted: string) =>
    job.conditions.find(({ type, status }) => type === wanted && status === 'True');
  const complete = isTrue('Complete');
  if (complete) return succeeded(job, job.completedAt ?? complete.at ?? now.toISOString());
  const end = isTrue('Failed');
  const pod = pods.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1);
  if (end) return failed(explainJobEnd(end.reason, end.message, pod));
  if (job.deleting) return failed(JOB_DELETED);
  return judgeActive(job, pod, now, container);
};

const judgeActive = (job: Job, pod: Pod | undefined, now: Date, container: string): JobVerdict => {
  const isOver = (seconds: number, since: string): boolean =>
    now.getTime() - Date.parse(since) >= seconds * 1_000;
  if (job.suspended) {
    return { state: 'waiting', message: 'The Job is suspended: a queue or a person holds it back.' };
  }
  if (!pod) {
    const isOverdue = isOver(NO_POD_SECONDS, job.startedAt ?? job.createdAt);
    return isOverdue ? failed(NO_POD, true) : { state: 'waiting', message: 'The Job has no pod yet.' };
  }
  const wait = findPodWait(pod);
  if (wait) {
    const { since, graceSeconds, ...failure } = wait;
    return isOver(graceSeconds, since)
      ? failed(failure, true)
      : { state: 'waiting', message: failure.message };
  }
  const backup = pod.containers.find(({ name }) => name === container)?.state;
  if (backup?.type === 'terminated' && pod.phase === 'Running' && backup.finishedAt) {
    const isLingering = isOver(LINGER_SECONDS, backup.finishedAt);
    const failure = backup.exitCode === 0 ? undefined : explainPodEnd(pod);
    if (isLingering && failure) return failed(failure, true);
    if (isLingering) return succeeded(job, backup.finishedAt, true);
  }
  const since = backup?.startedAt ?? job.startedAt ?? job.createdAt;
  const message =
    pod.phase === 'Running' ? 'The backup runs.' : 'Its pod has ended; its Job has not noted it.';
  return { state: 'running', since, message };
};

const explainJobEnd = (reason: string, said: string, pod: Pod | undefined): JobFailure => {
  if (reason === 'DeadlineExceeded') return DEADLINE;
  const ofPod = pod && explainPodEnd(pod);
  if (ofPod) return ofPod;
  if (!pod || pod.deleting) return POD_DELETED;
  return {
    reason: 'backoff-limit',
    message: `The Job failed (${reason || 'no reason'}${sayWords(said)})${sayWords(pod.message)}.`,
    remedy: 'Look at its pod with kubectl describe pod, and start it again.',
  };
};

const failed = (failure: JobFailure, isLeft = false): JobVerdict => ({ state: 'failed', isLeft, ...failure });

const succeeded = (job: Job, endedAt: string, isLeft = false): JobVerdict => ({
  state: 'succeeded',
  startedAt: job.startedAt ?? job.createdAt,
  endedAt,
  isLeft,
});

const JOB_DELETED: JobFailure = {
  reason: 'job-deleted',
  message: 'Its Job was deleted, and its pod with it.',
  remedy: 'Find out who deletes Jobs of the toolbox (the audit log tells), and start it again.',
};
const NO_POD: JobFailure = {
  reason: 'not-started',
  message: 'The Job has no pod: Kubernetes refuses to make one.',
  remedy: 'A quota of the namespace or an admission policy says no; kubectl describe job tells which.',
};
const POD_DELETED: JobFailure = {
  reason: 'pod-deleted',
  message: 'Its pod was deleted while it ran.',
  remedy:
    'Start it again. A restore by the book deletes pods by -l app=toolbox, which hits a backup as well; a drain does too.',
};
const DEADLINE: JobFailure = {
  reason: 'deadline',
  message: 'It took longer than its deadline allows and was ended (DeadlineExceeded).',
  remedy:
    'Its log tells at which step the time went. Skip buckets that are protected otherwise, take repositories server-side, or raise the deadline.',
};
