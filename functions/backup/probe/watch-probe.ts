import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { ObjectRef } from '../../records/kubernetes-job.ts';
import type { Clock } from '../../runtime/clock.ts';
import { PROBE_CONTAINER } from './probe-job.ts';
import type { ProbeRecord } from './probe-record.ts';
import { readProbeReport } from './probe-report.ts';
import { judgeProbe } from './probe-verdict.ts';

/** So long one call watches; its Lambda has a minute. */
export const WATCH_MS = 40_000;
/** A pod on a node that has its image takes five seconds or so. */
const PAUSE_MS = 3_000;

/** A line has at most 700 characters, and there are eleven kinds of buckets: whatever comes behind is not ours. */
const MOST_CHARACTERS = 64 * 1024;

/** Texts are without their dot. */
export type WatchedProbe =
  | { readonly state: 'waiting'; readonly why: string }
  | { readonly state: 'ended'; readonly found: ProbeRecord['found'] };

/** Looks at a probe until it has ended, or the time of one call is over, and reads what it wrote. */
export const watchProbe = async (
  job: ObjectRef,
  { jobs, clock }: { readonly jobs: Pick<KubernetesJobs, 'observeJob' | 'streamLog'>; readonly clock: Clock },
  signal: AbortSignal,
): Promise<WatchedProbe> => {
  const until = clock.now().getTime() + WATCH_MS;
  for (;;) {
    const verdict = judgeProbe(await jobs.observeJob(job, signal), clock.now());
    if (verdict.state === 'failed') return { state: 'ended', found: { known: false, why: verdict.why } };
    if (verdict.state === 'ended') {
      const log = await readLog({ ...job, pod: verdict.pod }, jobs, signal);
      return { state: 'ended', found: explain(log, verdict.failure) };
    }
    if (clock.now().getTime() + PAUSE_MS > until) return verdict;
    await clock.sleep(PAUSE_MS, signal);
  }
};

const readLog = async (
  { namespace, pod }: { readonly namespace: string; readonly pod: string },
  jobs: Pick<KubernetesJobs, 'streamLog'>,
  signal: AbortSignal,
): Promise<string> => {
  let log = '';
  const container = { namespace, pod, container: PROBE_CONTAINER };
  for await (const { text } of jobs.streamLog(container, { chunkCharacters: MOST_CHARACTERS }, signal)) {
    log += text;
    if (log.length >= MOST_CHARACTERS) break;
  }
  return log;
};

/** What it saw before a bad end was seen all the same. */
const explain = (log: string, failure: string | undefined): ProbeRecord['found'] => {
  const report = readProbeReport(log);
  if (!report) return { known: false, why: failure ?? 'the pod of the probe ended well and wrote nothing' };
  return { known: true, ...report, listed: { ...report.listed } };
};
