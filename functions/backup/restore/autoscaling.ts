import type { Autoscaler } from '../../clients/kubernetes-scaling.ts';
import type { DatabaseClient } from './database-clients.ts';

/** Who would scale up again what a restore has scaled to 0. */

/** Source: KEDA documentation, "Scaling Deployments, StatefulSets & Custom Resources", "Pausing autoscaling". */
export const PAUSED_ANNOTATION = 'autoscaling.keda.sh/paused';
/** Holds a workload at a number of its own, whatever else is asked for. */
const PAUSED_REPLICAS_ANNOTATION = 'autoscaling.keda.sh/paused-replicas';

interface AutoscalerVerdict {
  readonly autoscaler: Autoscaler;
  readonly workload: DatabaseClient['workload'];
  /**
   * `pause`: KEDA scales from 0 by itself, so it is paused first. `stands-still`: an autoscaler of Kubernetes does
   * nothing at 0. `unstoppable`: it would scale up, and nothing pauses it.
   */
  readonly verdict: 'pause' | 'stands-still' | 'unstoppable';
  readonly message: string;
}

/**
 * Judges every autoscaler of the workloads that are scaled to 0. One that KEDA made is judged with its ScaledObject.
 *
 * Source: Kubernetes documentation, "Horizontal Pod Autoscaling", "Implicit maintenance-mode deactivation": at 0
 * replicas it stops, unless its own minimum is 0.
 */
export const judgeAutoscalers = (
  autoscalers: readonly Autoscaler[],
  clients: readonly DatabaseClient[],
): readonly AutoscalerVerdict[] =>
  autoscalers.flatMap((autoscaler): AutoscalerVerdict[] => {
    const { kind, name, target, minReplicas, annotations, owners } = autoscaler;
    const found = clients.find(
      ({ workload }) => workload.kind === target.kind && workload.name === target.name,
    );
    if (!found || owners.some((owner) => owner.kind === 'ScaledObject')) return [];
    const { workload } = found;
    if (kind === 'HorizontalPodAutoscaler') {
      return minReplicas > 0
        ? [
            {
              autoscaler,
              workload,
              verdict: 'stands-still',
              message: `HorizontalPodAutoscaler ${name} does nothing while ${workload.name} has 0 replicas.`,
            },
          ]
        : [
            {
              autoscaler,
              workload,
              verdict: 'unstoppable',
              message: `HorizontalPodAutoscaler ${name} may scale ${workload.name} up from 0, since its own minReplicas is 0.`,
            },
          ];
    }
    const held = annotations[PAUSED_REPLICAS_ANNOTATION];
    if (held !== undefined && held !== '0') {
      return [
        {
          autoscaler,
          workload,
          verdict: 'unstoppable',
          message: `ScaledObject ${name} is paused at ${held} replicas of ${workload.name}, and would hold them.`,
        },
      ];
    }
    return [
      {
        autoscaler,
        workload,
        verdict: 'pause',
        message: `ScaledObject ${name} is paused before ${workload.name}.`,
      },
    ];
  });
