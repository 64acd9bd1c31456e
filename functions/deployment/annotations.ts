/**
 * What Drydock writes on a workload beside the image. The admission policy that ships with Drydock allows
 * exactly these: everything under the prefix, and the change cause that `kubectl rollout history` shows.
 */
export const ANNOTATION_PREFIX = 'drydock.dev/';

/**
 * Fencing token of the lock that was held when a target was last written; only ever grows. Each target has its own,
 * since each counts its own lock: a workload of several containers may have several targets.
 */
export const fenceOf = (target: string): string => `${ANNOTATION_PREFIX}${target}.fence`;
/** Name of the execution that wrote a target last. */
export const executionOf = (target: string): string => `${ANNOTATION_PREFIX}${target}.execution`;
/** `container=image` that ran before the last change of an image. */
export const PREVIOUS_IMAGE = `${ANNOTATION_PREFIX}previous-image`;
/** On the pod template: makes new pods of the same image, for a redeploy that somebody asked for. */
export const RESTARTED_BY = `${ANNOTATION_PREFIX}restarted-by`;
/** Kubernetes' own, shown by `kubectl rollout history`. */
export const CHANGE_CAUSE = 'kubernetes.io/change-cause';
