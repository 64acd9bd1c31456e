import type { PodContainer, RolloutObservation } from '../records/workload.ts';
import { findNewPods } from './rollout-verdict.ts';

/** The log of one container; `previous` means of its run before the last restart. */
export interface LogChoice {
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
}

/** Pods that fail alike say the same; three show whether they do. */
const MAX_LOGS = 3;

/**
 * Which logs tell why a rollout failed: those of new pods' containers that ran and are not ready, the most
 * restarted first. Where a container was restarted, the run before tells, since the present one has just begun.
 */
export const chooseLogs = (observation: RolloutObservation): readonly LogChoice[] =>
  findNewPods(observation)
    .flatMap((pod) => pod.containers.map((container) => ({ pod: pod.name, container })))
    .filter(({ container }) => !container.ready && hasRun(container))
    .sort((a, b) => b.container.restarts - a.container.restarts || a.pod.localeCompare(b.pod))
    .slice(0, MAX_LOGS)
    .map(({ pod, container }) => ({
      pod,
      container: container.name,
      previous: container.last !== undefined,
    }));

const hasRun = ({ state, last }: PodContainer): boolean =>
  state.type === 'running' || state.type === 'terminated' || last !== undefined;
