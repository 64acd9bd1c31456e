import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { ObjectRef } from '../../records/kubernetes-job.ts';
import type { Clock } from '../../runtime/clock.ts';
import { judgeProbe } from './probe-verdict.ts';

/** So long one call watches; its Lambda has a minute. */
const WATCH_MS = 40_000;
/** A pod on a node that has its image takes five seconds or so. */
const PAUSE_MS = 3_000;

/** A line of ours has at most some hundred characters, and there are a dozen: whatever comes behind is not ours. */
const MOST_CHARACTERS = 64 * 1024;

/** Texts are without their dot. */
type WatchedPod =
  | { readonly state: 'waiting'; readonly why: string }
  | EndedPod
  | { readonly state: 'failed'; readonly why: string };

export interface EndedPod {
  readonly state: 'ended';
  readonly log: string;
  /** How its container ended, when not well; without a dot. */
  readonly failure?: string;
}

interface WatchSources {
  readonly jobs: Pick<KubernetesJobs, 'observeJob' | 'streamLog'>;
  readonly clock: Clock;
}

/** Looks at a short Job until it has ended, or the time of one call is over, and reads what its container wrote. */
export const watchPod = async (
  job: ObjectRef,
  container: string,
  { jobs, clock }: WatchSources,
  signal: AbortSignal,
): Promise<WatchedPod> => {
  const until = clock.now().getTime() + WATCH_MS;
  for (;;) {
    const verdict = judgeProbe(await jobs.observeJob(job, signal), clock.now(), container);
    if (verdict.state === 'failed') return verdict;
    if (verdict.state === 'ended') {
      const { pod, failure } = verdict;
      const log = await readLog({ namespace: job.namespace, pod, container }, jobs, signal);
      return { state: 'ended', log, ...(failure === undefined ? {} : { failure }) };
    }
    if (clock.now().getTime() + PAUSE_MS > until) return verdict;
    await clock.sleep(PAUSE_MS, signal);
  }
};

const readLog = async (
  container: Parameters<KubernetesJobs['streamLog']>[0],
  jobs: Pick<KubernetesJobs, 'streamLog'>,
  signal: AbortSignal,
): Promise<string> => {
  let log = '';
  for await (const { text } of jobs.streamLog(container, { chunkCharacters: MOST_CHARACTERS }, signal)) {
    log += text;
    if (log.length >= MOST_CHARACTERS) break;
  }
  return log;
};
