import type { Pod, Workload, WorkloadKind } from '../records/workload.ts';

/** Is the rollout through? `says` is how far it is, for a person. */
export type Completion =
  | { readonly isDone: true; readonly code: CompletionCode; readonly says: string }
  | { readonly isDone: false; readonly says: string };

/**
 * `rolled-out`: every pod runs the new image. `scaled-to-zero`, `no-nodes`, `partitioned`, `on-delete`, `accepted`:
 * Kubernetes will use the new image, but nothing, or not everything, runs it yet, and nobody is waited for.
 */
export type CompletionCode =
  | 'rolled-out'
  | 'scaled-to-zero'
  | 'no-nodes'
  | 'partitioned'
  | 'on-delete'
  | 'accepted';

/**
 * Judges the counts of a workload whose controller has seen the newest generation.
 *
 * The same conditions as `kubectl rollout status` (k8s.io/kubectl, pkg/polymorphichelpers/rollout_status.go), and
 * the cases where that command gives up. Only the present numbers count, so an autoscaler may move them meanwhile.
 *
 * @param newPods pods of the new revision.
 */
export const judgeCompletion = (workload: Workload, newPods: readonly Pod[]): Completion => {
  const { counts, strategy, ref } = workload;
  if (ref.kind !== 'CronJob' && strategy === 'OnDelete' && counts.updated < counts.desired) {
    const says = `${ref.kind} replaces a pod only when somebody deletes it (OnDelete)`;
    return done('on-delete', `${says}: ${progress(counts.updated, counts.desired)}`);
  }
  return COMPLETIONS[ref.kind](workload, newPods);
};

/** Has the pod been ready since before `seconds` ago? `now` is ISO 8601. */
export const isSteady = (pod: Pod, now: string, seconds: number): boolean => {
  const ready = pod.conditions.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'True') return false;
  return ready.at === undefined || Date.parse(now) - Date.parse(ready.at) >= seconds * 1_000;
};

const COMPLETIONS: Record<WorkloadKind, (workload: Workload, newPods: readonly Pod[]) => Completion> = {
  Deployment: ({ counts }) => {
    const old = counts.current - counts.updated;
    if (counts.desired === 0) {
      return counts.current === 0 ? SCALED_TO_ZERO : waiting(`${pods(counts.current)} still to end`);
    }
    if (counts.updated < counts.desired) return waiting(progress(counts.updated, counts.desired));
    if (old > 0) return waiting(`${pods(old)} of the old image still to end`);
    if (counts.available < counts.updated) {
      return waiting(`${counts.available} of ${pods(counts.updated)} available`);
    }
    return done('rolled-out', progress(counts.updated, counts.desired));
  },

  StatefulSet: ({ counts, partition }, newPods) => {
    if (counts.desired === 0) {
      return counts.current === 0 ? SCALED_TO_ZERO : waiting(`${pods(counts.current)} still to end`);
    }
    const expected = Math.max(0, counts.desired - partition);
    const kept = `partition ${partition} keeps ${counts.desired - expected} of ${pods(counts.desired)} on the old image`;
    if (expected === 0) return done('partitioned', kept);
    if (counts.updated < expected) return waiting(progress(counts.updated, expected));
    if (partition > 0) {
      // The set's own counts mix old and new pods here, and an old one that is broken is not our release's fault.
      const ready = newPods.filter(isReady).length;
      if (ready < expected) return waiting(`${ready} of ${pods(expected)} of the new image ready`);
      return done('partitioned', `${progress(counts.updated, expected)}; ${kept}`);
    }
    if (counts.available < counts.desired) {
      return waiting(`${counts.available} of ${pods(counts.desired)} available`);
    }
    return done('rolled-out', progress(counts.updated, counts.desired));
  },

  DaemonSet: ({ counts }) => {
    if (counts.desired === 0) return done('no-nodes', 'no node matches this DaemonSet, so nothing runs');
    if (counts.updated < counts.desired) return waiting(progress(counts.updated, counts.desired));
    if (counts.available < counts.desired) {
      return waiting(`${counts.available} of ${pods(counts.desired)} available`);
    }
    return done('rolled-out', progress(counts.updated, counts.desired));
  },

  CronJob: ({ paused }) =>
    done(
      'accepted',
      paused ? 'accepted; the CronJob is suspended' : 'accepted; the next scheduled run uses the new image',
    ),
};

const isReady = (pod: Pod): boolean =>
  pod.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');

const done = (code: CompletionCode, says: string): Completion => ({ isDone: true, code, says });
const waiting = (says: string): Completion => ({ isDone: false, says });

const pods = (count: number): string => (count === 1 ? '1 pod' : `${count} pods`);
const progress = (updated: number, desired: number): string =>
  `${updated} of ${pods(desired)} updated to the new image`;

const SCALED_TO_ZERO: Completion = {
  isDone: true,
  code: 'scaled-to-zero',
  says: 'the workload is scaled to zero; the new image is proven only when it is scaled up',
};
