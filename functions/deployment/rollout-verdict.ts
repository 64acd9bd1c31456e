import { describeWorkload, type Pod, type RolloutObservation, type Workload } from '../records/workload.ts';
import { DEFAULT_GRACES, findPodFailure, type Graces, type PodFailure, shorten } from './pod-failure.ts';
import { type CompletionCode, isSteady, judgeCompletion } from './rollout-completion.ts';

/** What was patched, since when it should be coming up, and how long that may take. */
export interface RolloutExpectations {
  /** Name of the container or init container. */
  readonly container: string;
  /** The image exactly as it was written. */
  readonly image: string;
  /** When the API server accepted the patch, ISO 8601. */
  readonly startedAt: string;
  readonly deadlineSeconds: number;
  readonly graces?: Graces;
  /** How long new pods must stay ready; see `STEADY_SECONDS`. */
  readonly steadySeconds?: number;
}

/**
 * `progressing`: look again. `healthy`: through. `failed`: broken, or not through in time. `overtaken`: a person
 * changed the image or paused the Deployment, and that wins. `gone`: deleted.
 */
export interface RolloutVerdict {
  readonly state: 'progressing' | 'healthy' | 'failed' | 'overtaken' | 'gone';
  readonly code: string;
  /** For a person at night: which pod, which container, what, and the last message. */
  readonly reasons: readonly string[];
}

/**
 * A container without a readiness probe is "ready" the moment it starts, so a release that crashes after a second
 * looks rolled out for that second. New pods therefore count only once they stayed ready for this long.
 */
export const STEADY_SECONDS = 10;

/** Reasons in one verdict at most: a message is read on a phone. */
const MAX_REASONS = 5;

/**
 * Judges one moment of a rollout. Pure: "now" is `observation.observedAt`, and nothing is remembered between calls.
 * Only pods of the new revision can fail it; a pod of the old image never does.
 */
export const judgeRollout = (
  observation: RolloutObservation,
  expectations: RolloutExpectations,
): RolloutVerdict => {
  const { workload } = observation;
  if (!workload || workload.deleting) return verdict('gone', 'gone', ['the workload has been deleted']);
  const taken = findTakeover(workload, expectations);
  if (taken) return taken;

  const newPods = findNewPods(observation);
  const now = observation.observedAt;
  const hasBeenSeen = workload.observedGeneration >= workload.generation;
  const completion = hasBeenSeen ? judgeCompletion(workload, newPods) : NOT_SEEN;
  const steadySeconds = expectations.steadySeconds ?? STEADY_SECONDS;
  const unsteady = newPods.filter((pod) => !isSteady(pod, now, steadySeconds));
  const failures = newPods
    .map((pod) => findPodFailure(pod, now, expectations.startedAt, expectations.graces ?? DEFAULT_GRACES))
    .filter((failure) => failure !== undefined);
  const overdue = failures.filter(({ isOverdue }) => isOverdue);

  if (completion.isDone && isProven(completion.code, unsteady, failures)) {
    return verdict('healthy', completion.code, [completion.says]);
  }
  const [worst] = overdue;
  if (worst) return verdict('failed', worst.code, describeFailures(overdue));

  const says = completion.isDone ? `${completion.says}; waiting that they stay ready` : completion.says;
  const details = [says, ...describeFailures(failures), ...describeUnready(observation, unsteady, failures)];
  const timedOut = hasBeenSeen ? findTimeOut(observation, workload) : undefined;
  if (timedOut) return verdict('failed', 'progress-deadline', [timedOut, ...details]);
  const seconds = Math.floor((Date.parse(now) - Date.parse(expectations.startedAt)) / 1_000);
  if (seconds >= expectations.deadlineSeconds) {
    const late = `not healthy ${seconds} s after the change (deadline ${expectations.deadlineSeconds} s)`;
    return verdict('failed', 'deadline', [late, ...details]);
  }
  return verdict('progressing', 'progressing', details);
};

/** Pods of the new revision that are meant to stay. Ended ones (evicted, say) are replaced by their controller. */
export const findNewPods = ({ newRevision, pods }: RolloutObservation): readonly Pod[] =>
  newRevision === undefined
    ? []
    : pods.filter(
        ({ revision, deleting, phase }) =>
          revision === newRevision && !deleting && phase !== 'Failed' && phase !== 'Succeeded',
      );

/** What else must hold before the counts are believed. Where nothing runs, there is nothing to wait for. */
const isProven = (
  code: CompletionCode,
  unsteady: readonly Pod[],
  failures: readonly PodFailure[],
): boolean => {
  if (code === 'rolled-out' || code === 'partitioned') return unsteady.length === 0;
  return code === 'on-delete' ? failures.length === 0 : true;
};

const NOT_SEEN = { isDone: false, says: 'its controller has not looked at the change yet' } as const;

const verdict = (
  state: RolloutVerdict['state'],
  code: string,
  reasons: readonly string[],
): RolloutVerdict => ({
  state,
  code,
  reasons: reasons.slice(0, MAX_REASONS),
});

const findTakeover = (
  workload: Workload,
  { container, image }: RolloutExpectations,
): RolloutVerdict | undefined => {
  const where = describeWorkload(workload.ref);
  const now = workload.containers.find(({ name }) => name === container);
  if (!now) return verdict('overtaken', 'container-removed', [`${where} has no container ${container} now`]);
  if (now.image !== image) {
    const reason = `somebody changed the image of container ${container} in ${where} to ${now.image}`;
    return verdict('overtaken', 'image-changed', [reason]);
  }
  if (workload.ref.kind !== 'Deployment' || !workload.paused) return undefined;
  const { namespace, name } = workload.ref;
  const resume = `kubectl -n ${namespace} rollout resume deployment/${name}`;
  return verdict('overtaken', 'paused', [
    `${where} is paused: it makes no pods of the new image until ${resume}`,
  ]);
};

/**
 * The Deployment controller's own deadline. A Deployment that goes back to an older ReplicaSet keeps the condition of
 * the newer one until pods move, so it counts only when it names the ReplicaSet of the present template.
 */
const findTimeOut = (
  { replicaSets, newRevision }: RolloutObservation,
  { conditions }: Workload,
): string | undefined => {
  const progressing = conditions.find(({ type }) => type === 'Progressing');
  if (progressing?.status !== 'False' || progressing.reason !== 'ProgressDeadlineExceeded') return undefined;
  const current = replicaSets.find(({ revision }) => revision === newRevision);
  if (!current || !progressing.message.includes(`"${current.name}"`)) return undefined;
  return `no progress within the Deployment's progressDeadlineSeconds: ${shorten(progressing.message)}`;
};

/** One line for each way to fail: thirty pods that fail alike are one fact. */
const describeFailures = (failures: readonly PodFailure[]): string[] => {
  const groups = new Map<string, PodFailure[]>();
  for (const failure of failures) {
    const key = `${failure.code} ${failure.container ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), failure]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group;
    if (!first) return '';
    const others = group.length > 1 ? ` (and ${group.length - 1} more pods)` : '';
    const container = first.container === undefined ? '' : `, container ${first.container}`;
    return `pod ${first.pod}${others}${container}: ${first.what}`;
  });
};

/** What else keeps new pods from being ready: their last warning, or what a container waits for. */
const describeUnready = (
  { events }: RolloutObservation,
  unsteady: readonly Pod[],
  failures: readonly PodFailure[],
): string[] => {
  const explained = new Set(failures.map(({ pod }) => pod));
  const lines = unsteady
    .filter(({ name }) => !explained.has(name))
    .map((pod) => {
      const container = pod.containers.find(({ ready }) => !ready);
      const warning = events.findLast(({ about, type }) => about === pod.name && type === 'Warning');
      const state = container?.state.reason || container?.state.type || pod.phase;
      const said = warning ? `${warning.reason}: ${shorten(warning.message)}` : container?.state.message;
      return `pod ${pod.name}${container ? `, container ${container.name}` : ''}: not ready (${state})${said ? `, ${said}` : ''}`;
    });
  return [...lines, ...describeRefusedPods(events)];
};

/** Pods that could not even be made: a quota, an admission policy, a missing service account. */
const describeRefusedPods = (events: RolloutObservation['events']): string[] => {
  const refused = events.findLast(({ reason }) => reason === 'FailedCreate');
  return refused ? [`${refused.about} cannot make pods (FailedCreate): ${shorten(refused.message)}`] : [];
};
