import type { CronJob, JobManifest } from '../../records/kubernetes-job.ts';
import { makeToolboxJob, type ToolboxWork } from '../job/toolbox-job.ts';
import { drillLabels } from './drill-label.ts';

/** A Job of a drill: known by the label of the drill, and repeated under its name. */

interface DrillWork
  extends Pick<ToolboxWork, 'name' | 'execution' | 'container' | 'deadlineSeconds' | 'keptSeconds'> {
  readonly drill: string;
  /** Of its pod, in place of those of the CronJob. */
  readonly podLabels?: Readonly<Record<string, string>>;
}

export const makeDrillJob = (cronJob: CronJob, { drill, podLabels, ...work }: DrillWork): JobManifest => {
  const own = drillLabels(drill);
  const others = podLabels ?? cronJob.spec.jobTemplate.spec.template.metadata?.labels;
  return makeToolboxJob(cronJob, {
    ...work,
    jobId: work.name,
    labels: { job: own, pod: { ...others, ...own } },
    needsDisk: false,
  });
};
