import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { Pod } from '../../records/workload.ts';
import { RefusedError, TransientError } from '../../runtime/errors.ts';
import type { JobFailure } from '../job/job-failure.ts';
import { type JobVerdict, judgeBackupJob } from '../job/job-verdict.ts';
import type { JobFact } from './job-fact.ts';

/** What was seen of a Job, or why nothing was. */
type JobLook =
  | {
      readonly seen: true;
      readonly verdict: JobVerdict;
      readonly pod: Pod | undefined;
      /** When the Job began, ISO 8601; its pod a little later. */
      readonly startedAt: string | undefined;
    }
  | { readonly seen: false; readonly error: TransientError | RefusedError };

/** Looks at the Job of a set once. One of another uid has its name only. */
export const lookAtJob = async (
  { namespace, name, uid }: Pick<JobFact, 'namespace' | 'name' | 'uid'>,
  jobs: Pick<KubernetesJobs, 'observeJob'>,
  now: Date,
  signal: AbortSignal,
): Promise<JobLook> => {
  try {
    const observed = await jobs.observeJob({ namespace, name }, signal);
    const job = observed.job?.uid === uid ? observed.job : undefined;
    const pods = job ? observed.pods : [];
    const pod = pods.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1);
    return { seen: true, verdict: judgeBackupJob(job, pods, now), pod, startedAt: job?.startedAt };
  } catch (error) {
    if (error instanceof TransientError || error instanceof RefusedError) return { seen: false, error };
    throw error;
  }
};

/** The Job's own deadline ends it; so much later it did not, as of one that is held back or has no controller. */
const OVERDUE_SECONDS = 900;
/**
 * A refusal passes when it comes of a control plane that is being changed, or of credentials that just ended. Longer
 * than that it is one. A cluster that does not answer at all is waited for until the Job would be over.
 */
const REFUSED_SECONDS = 600;

/** Should it have ended by now, whatever is seen of it? */
export const isOverdue = ({ createdAt }: Pick<JobFact, 'createdAt'>, deadlineHours: number, now: Date) =>
  now.getTime() - Date.parse(createdAt) > (deadlineHours * 3_600 + OVERDUE_SECONDS) * 1_000;

/** Is the time over for which nobody being able to look is put up with? */
export const isLost = (
  error: TransientError | RefusedError,
  silentSince: string,
  overdue: boolean,
  now: Date,
): boolean => {
  const isRefused =
    error instanceof RefusedError && now.getTime() - Date.parse(silentSince) > REFUSED_SECONDS * 1_000;
  return overdue || isRefused;
};

/** What becomes of a backup that nobody can see any more. */
export const describeLoss = (
  error: TransientError | RefusedError,
  { namespace, name }: Pick<JobFact, 'namespace' | 'name'>,
  silentSince: string,
): JobFailure => ({
  reason: 'unreachable',
  message: `Since ${silentSince} nobody could look at its Job: ${error.message}`,
  remedy: `Whether it goes on is not known. When the cluster is back: kubectl --namespace ${namespace} delete job ${name}`,
});

/** One that has neither ended nor failed, and long should have. */
export const OVERDUE: JobFailure = {
  reason: 'deadline',
  message: 'It has not ended although its deadline is over: it is held back, or nobody carries its Job out.',
  remedy:
    'See whether its Job is suspended, by a queue or a person, and whether the controllers of the cluster run.',
};
