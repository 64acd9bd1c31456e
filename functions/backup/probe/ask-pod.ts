import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { JobManifest } from '../../records/kubernetes-job.ts';
import type { Clock } from '../../runtime/clock.ts';
import { isDrydockError, RefusedError } from '../../runtime/errors.ts';
import type { Invocation } from '../../runtime/lambda.ts';
import { withoutDot } from '../job/sentence-part.ts';
import type { Known } from '../preflight/facts.ts';
import { type EndedPod, watchPod } from './watch-probe.ts';

/** A question that a pod of the toolbox answers, and whose answer is written down once. */

export type AskedJobs = Pick<
  KubernetesJobs,
  'readCronJob' | 'createJob' | 'observeJob' | 'streamLog' | 'deleteJob'
>;

type Unseen = Extract<Known<unknown>, { known: false }>;

export interface PodQuestion<Answer> {
  /** As the log names its Job: `The Job of the probe`. */
  readonly title: string;
  /** That gives the answer. */
  readonly container: string;
  /** Its Job, or why there is none, without a dot. */
  readonly plan: () => Promise<
    | { readonly ok: true; readonly jobs: AskedJobs; readonly job: JobManifest }
    | { readonly ok: false; readonly why: string }
  >;
  readonly read: (pod: EndedPod) => Answer | Unseen;
  /** Writes the answer down, and tells it to whoever watches. */
  readonly note: (answer: Answer | Unseen) => Promise<string>;
}

interface Answered {
  readonly outcome: 'waiting' | 'done';
  /** Until it is worth asking again; 0 when done. */
  readonly waitSeconds: number;
  readonly message: string;
}

/** A pod that waits for a node or an image does so for minutes. */
const WAIT_SECONDS = 10;

/**
 * Asks. Whatever keeps the answer away is noted as well: nothing stops for it. A repeat finds the Job by its name, and
 * the Job is deleted behind the note, so that no repeat makes a second one.
 *
 * @throws TransientError while the cluster or the ledger does not answer.
 */
export const askPod = async <Answer>(
  { title, container, plan, read, note }: PodQuestion<Answer>,
  clock: Clock,
  { signal, log }: Pick<Invocation, 'signal' | 'log'>,
): Promise<Answered> => {
  try {
    const planned = await plan();
    if (!planned.ok) return done(await note({ known: false, why: planned.why }));
    const { jobs } = planned;
    const { job } = await jobs.createJob(planned.job, signal);
    const seen = await watchPod(job, container, { jobs, clock }, signal);
    if (seen.state === 'waiting') {
      return { outcome: 'waiting', waitSeconds: WAIT_SECONDS, message: `${seen.why}.` };
    }
    const message = await note(seen.state === 'failed' ? { known: false, why: seen.why } : read(seen));
    try {
      await jobs.deleteJob(job, signal);
    } catch (error) {
      // What is left goes by itself soon after its end.
      const code = isDrydockError(error) ? error.code : 'unexpected';
      log.warn(`${title} stays until its time is over`, { code });
    }
    return done(message);
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return done(await note({ known: false, why: withoutDot(error.message) }));
  }
};

export const done = (message: string): Answered => ({ outcome: 'done', waitSeconds: 0, message });
