import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { KubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import { PAUSED_ANNOTATION } from '../autoscaling.ts';
import type { Change } from '../step-turn.ts';

export interface ChangeSources {
  readonly scaling: Pick<KubernetesScaling, 'scale' | 'restart' | 'suspendCronJob' | 'annotateScaledObject'>;
  readonly jobs: Pick<KubernetesJobs, 'deleteJob'>;
}

/**
 * Makes one change of the cluster; made twice it is the same. Secrets are written by whoever may, and not here.
 *
 * @throws what the clients throw.
 */
export const makeChange = async (
  change: Change,
  { scaling, jobs }: ChangeSources,
  signal: AbortSignal,
): Promise<void> => {
  if (change.deed === 'scaled') await scaling.scale(change.object, change.replicas, signal);
  if (change.deed === 'restarted') await scaling.restart(change.object, change.cause, signal);
  if (change.deed === 'suspended') await scaling.suspendCronJob(change.object, change.suspended, signal);
  if (change.deed === 'paused') {
    await scaling.annotateScaledObject(change.object, PAUSED_ANNOTATION, change.annotation, signal);
  }
  if (change.deed === 'deleted') await jobs.deleteJob(change.object, signal);
};
