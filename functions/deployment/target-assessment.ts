import type { Kubernetes } from '../clients/kubernetes.ts';
import type { Ledger } from '../clients/ledger.ts';
import type { Pauses } from '../clients/pauses.ts';
import type { Target } from '../records/configuration.ts';
import { parseImageReference } from '../records/image-reference.ts';
import {
  emptyTargetState,
  type TargetState,
  targetStateKey,
  targetStateKind,
} from '../records/target-state.ts';
import { describeWorkload, type TemplateContainer, type Workload } from '../records/workload.ts';
import type { PauseVerdict } from '../rules/pausing.ts';
import { judgeImageOwner } from './image-owner.ts';
import { findRunningDigest } from './running-digest.ts';
import { decideTag } from './tag-policy.ts';
import { type Decision, decideTarget, type RunningImage } from './target-decision.ts';

/** A target with the name it has in drydock.yaml. */
export type NamedTarget = Target & { readonly name: string };

export interface AssessmentDeps {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly pauses: Pauses;
  /** The Kubernetes API of an environment's cluster. */
  readonly cluster: (environment: string) => Promise<Pick<Kubernetes, 'readWorkload' | 'observeRollout'>>;
}

export interface Candidate {
  readonly tag: string;
  readonly digest: string;
  readonly redeploy: boolean;
}

/** What a target runs and what stands in the way now; workload and container are there whenever they exist. */
export interface Inspection {
  readonly target: NamedTarget;
  readonly state: TargetState;
  readonly pause: PauseVerdict;
  readonly workload?: Workload;
  readonly container?: TemplateContainer;
  readonly running?: RunningImage;
}

/**
 * Looks at what a target runs now: its workload, its record, and the stop button, all at once. Pods are listed only
 * when the workload does not say itself which digest they run.
 *
 * @throws TransientError, RefusedError of the Kubernetes client and of the ledger.
 */
export const inspectTarget = async (
  target: NamedTarget,
  deps: AssessmentDeps,
  signal?: AbortSignal,
): Promise<Inspection> => {
  const kubernetes = await deps.cluster(target.environment);
  const [workload, stored, pause] = await Promise.all([
    kubernetes.readWorkload(target.workload, signal),
    deps.ledger.read(targetStateKind, targetStateKey(target.name)),
    deps.pauses.judge({ capability: 'deployment', environment: target.environment, target: target.name }),
  ]);
  const state = stored?.value ?? emptyTargetState(target.name);
  const container = workload?.containers.find(({ name }) => name === containerName(target));
  if (!workload || !container) return { target, state, pause, ...(workload ? { workload } : {}) };
  const reference = parseImageReference(container.image);
  const digest =
    reference?.digest ??
    findRunningDigest(await kubernetes.observeRollout(target.workload, signal), container.name);
  // Where a workload pins a digest without a tag, the tag is the one noted when that digest was rolled out.
  const noted = state.running?.digest === digest ? state.running?.tag : undefined;
  const running: RunningImage = {
    image: reference?.name ?? container.image,
    tag: reference?.tag ?? noted,
    digest,
    isPinned: reference?.digest !== undefined,
  };
  return { target, state, pause, workload, container, running };
};

/**
 * Decides about one confirmed image from an inspection. Asked twice for each rollout: before it is started, and
 * again under the target's lock, since the world may have changed in between.
 *
 * @param isUnderLock the asker holds the target's lock: a rollout that is noted as under way has ended without a
 * word, and stands in nobody's way.
 */
export const decideCandidate = (
  { target, state, pause, workload, container, running }: Inspection,
  candidate: Candidate,
  isUnderLock: boolean,
): Decision => {
  if (!workload) return missing('workload', describeWorkload(target.workload));
  if (!container || !running) {
    return missing('container', `container ${containerName(target)} in ${describeWorkload(target.workload)}`);
  }
  return decideTarget({
    image: target.image,
    mode: target.mode,
    candidate,
    running,
    state: isUnderLock ? { ...state, rolling: undefined } : state,
    applied: state.applied?.workload === workload.uid ? state.applied : undefined,
    policy: decideTag(target.policy, running.tag, candidate.tag),
    owner: judgeImageOwner(workload, container, target.takeOwnership),
    pause,
  });
};

/** The container that a target names, ordinary or init. */
export const containerName = (target: Target): string => target.container ?? target.initContainer ?? '';

const missing = (what: 'workload' | 'container', which: string): Decision => ({
  deploy: false,
  code: `${what}.missing`,
  reason: `there is no ${which}; correct drydock.yaml, or create it`,
});
