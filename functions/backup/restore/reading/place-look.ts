import type { KubernetesScaling } from '../../../clients/kubernetes-scaling.ts';
import type { PlaceFacts } from '../place-facts.ts';

/** One look at what runs at a place. @throws what `KubernetesScaling` throws. */
export const lookAtPlace = async (
  scaling: Pick<KubernetesScaling, 'listWorkloads' | 'listAutoscalers' | 'listCronJobs'>,
  namespace: string,
  now: Date,
  signal: AbortSignal,
): Promise<PlaceFacts> => {
  const [workloads, autoscalers, cronJobs] = await Promise.all([
    scaling.listWorkloads(namespace, signal),
    scaling.listAutoscalers(namespace, signal),
    scaling.listCronJobs(namespace, signal),
  ]);
  return { now, workloads, autoscalers, cronJobs };
};
