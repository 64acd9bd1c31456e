import type { ProbeAddress } from '../../records/backup/drill-proof.ts';
import { type CronJob, JOB_ID_ANNOTATION, type JobManifest } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER, EXECUTION_ANNOTATION } from '../job/backup-job.ts';
import { withoutScratch } from '../job/scratch-volume.ts';
import { findToolbox } from '../job/toolbox-container.ts';
import { drillLabels, nameDrillObject } from './drill-label.ts';
import { writeReachArguments } from './reach-script.ts';

/** One probe of the network of a place. */
export interface ReachRequest {
  readonly drill: string;
  /** Name of the execution that makes it. */
  readonly execution: string;
  readonly phase: 'open' | 'closed';
  /** Labels of a pod of Sidekiq. */
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly ProbeAddress[];
}

export type ReachPlan =
  | { readonly ok: true; readonly job: JobManifest }
  /** @property why without its dot. */
  | { readonly ok: false; readonly why: string };

export const REACH_CONTAINER = 'toolbox-reach';

/** An image comes in minutes, and two rounds take under one. */
export const REACH_DEADLINE_SECONDS = 600;
const KEPT_SECONDS = 600;

/**
 * A Job with the image of the toolbox under the labels of Sidekiq, so that whatever chooses pods by labels takes it for
 * one. A pod on the network of its node is in no policy's reach, and so would prove nothing.
 *
 * Source: Kubernetes documentation, "Network Policies", "hostNetwork Pods".
 */
export const makeReachJob = (cronJob: CronJob, request: ReachRequest): ReachPlan => {
  const { metadata, spec } = cronJob;
  const { template } = spec.jobTemplate.spec;
  const toolbox = findToolbox(cronJob);
  if (!toolbox.ok) return toolbox;
  const { where, shell, container } = toolbox;
  if (template.spec['hostNetwork'] === true) {
    return { ok: false, why: `pods of ${where} use the network of their node, which no policy closes` };
  }
  const labels = { ...request.labels, ...drillLabels(request.drill) };
  const name = nameDrillObject(request.drill, request.phase);
  const probe = { ...container, name: REACH_CONTAINER, args: writeReachArguments(shell, request.addresses) };
  const pod = withoutScratch(template.spec);
  return {
    ok: true,
    job: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        namespace: metadata.namespace,
        name,
        labels: drillLabels(request.drill),
        annotations: { [JOB_ID_ANNOTATION]: name, [EXECUTION_ANNOTATION]: request.execution },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid },
        ],
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: REACH_DEADLINE_SECONDS,
        ttlSecondsAfterFinished: KEPT_SECONDS,
        template: {
          ...template,
          metadata: { ...template.metadata, labels },
          spec: {
            ...pod,
            restartPolicy: 'Never',
            containers: pod.containers.map((one) => (one.name === BACKUP_CONTAINER ? probe : one)),
          },
        },
      },
    },
  };
};
