import type { JobObservation } from '../../records/kubernetes-job.ts';
import type { Pod } from '../../records/workload.ts';
import { judgeBackupJob } from '../job/job-verdict.ts';
import { explainPodEnd } from '../job/pod-end.ts';
import { findPodWait } from '../job/pod-start.ts';
import { withoutDot } from '../job/sentence-part.ts';
import { PROBE_CONTAINER, PROBE_DEADLINE_SECONDS } from './probe-job.ts';

/** How a probe stands. Texts are without their dot. */
type ProbeVerdict =
  | { readonly state: 'waiting'; readonly why: string }
  /** Its container has ended, and its log is whole. `failure`: how it ended, when not well. */
  | { readonly state: 'ended'; readonly pod: string; readonly failure?: string }
  /** Nothing comes of it. */
  | { readonly state: 'failed'; readonly why: string };

/**
 * Before its own deadline, which would take the pod away with what it waits for: a node comes in minutes, and an image
 * of the toolbox takes two or three.
 */
export const GIVE_UP_SECONDS = PROBE_DEADLINE_SECONDS - 60;

/** Tells how a probe stands; a container beside it, of a service mesh say, that never ends is not waited for. */
export const judgeProbe = (
  { job, pods }: JobObservation,
  now: Date,
  container = PROBE_CONTAINER,
): ProbeVerdict => {
  const pod = pods.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt)).at(-1);
  const state = pod?.containers.find(({ name }) => name === container)?.state;
  if (job && pod && state?.type === 'terminated') {
    const failure = state.exitCode === 0 ? undefined : explainPodEnd(pod)?.message;
    return {
      state: 'ended',
      pod: pod.name,
      ...(failure === undefined ? {} : { failure: withoutDot(failure) }),
    };
  }
  const verdict = judgeBackupJob(job, pods, now, container);
  if (verdict.state === 'failed') return { state: 'failed', why: withoutDot(verdict.message) };
  if (verdict.state === 'succeeded') return { state: 'failed', why: 'its pod is gone, and its log with it' };
  const why = withoutDot(sayWait(pod) ?? (verdict.state === 'waiting' ? verdict.message : 'Its pod runs'));
  const age = (now.getTime() - Date.parse(job?.createdAt ?? now.toISOString())) / 1_000;
  return age < GIVE_UP_SECONDS
    ? { state: 'waiting', why }
    : { state: 'failed', why: `it did not end within ${GIVE_UP_SECONDS / 60} minutes: ${why}` };
};

const sayWait = (pod: Pod | undefined): string | undefined => pod && findPodWait(pod)?.message;
