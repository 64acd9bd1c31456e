import type { ProbeAddress } from '../../records/backup/drill-proof.ts';
import type { CronJob } from '../../records/kubernetes-job.ts';
import { findToolbox } from '../job/toolbox-container.ts';
import type { ToolboxJobPlan } from '../job/toolbox-job.ts';
import { makeDrillJob } from './drill-job.ts';
import { nameDrillObject } from './drill-label.ts';
import { writeReachArguments } from './reach-script.ts';

/** One probe of the network of a place. */
interface ReachRequest {
  readonly drill: string;
  /** Name of the execution that makes it. */
  readonly execution: string;
  readonly phase: 'open' | 'closed';
  /** Labels of a pod of Sidekiq. */
  readonly labels: Readonly<Record<string, string>>;
  readonly addresses: readonly ProbeAddress[];
}

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
export const makeReachJob = (cronJob: CronJob, request: ReachRequest): ToolboxJobPlan => {
  const toolbox = findToolbox(cronJob);
  if (!toolbox.ok) return toolbox;
  const { where, shell, container } = toolbox;
  if (cronJob.spec.jobTemplate.spec.template.spec['hostNetwork'] === true) {
    return { ok: false, why: `pods of ${where} use the network of their node, which no policy closes` };
  }
  const { drill, execution, phase, labels, addresses } = request;
  return {
    ok: true,
    job: makeDrillJob(cronJob, {
      drill,
      name: nameDrillObject(drill, phase),
      execution,
      podLabels: labels,
      container: { ...container, name: REACH_CONTAINER, args: writeReachArguments(shell, addresses) },
      deadlineSeconds: REACH_DEADLINE_SECONDS,
      keptSeconds: KEPT_SECONDS,
    }),
  };
};
