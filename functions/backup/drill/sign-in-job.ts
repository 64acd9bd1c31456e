import { type CronJob, JOB_ID_ANNOTATION, type JobManifest } from '../../records/kubernetes-job.ts';
import { BACKUP_CONTAINER, EXECUTION_ANNOTATION } from '../job/backup-job.ts';
import { withoutScratch } from '../job/scratch-volume.ts';
import { findToolbox } from '../job/toolbox-container.ts';
import { drillLabels, nameDrillObject } from './drill-label.ts';
import { writeSignInArguments } from './sign-in-script.ts';

/** One look at the sign-in page of a restored GitLab. */
export interface SignInRequest {
  readonly drill: string;
  /** Name of the execution that makes it. */
  readonly execution: string;
  /** Services of its web pods. */
  readonly hosts: readonly string[];
}

export type SignInPlan =
  | { readonly ok: true; readonly job: JobManifest }
  /** @property why without its dot. */
  | { readonly ok: false; readonly why: string };

export const SIGN_IN_CONTAINER = 'toolbox-sign-in';

/** An image comes in minutes, and a web pod that does not answer is asked for six. */
const DEADLINE_SECONDS = 1_800;
const KEPT_SECONDS = 3_600;

/** A Job with the image of the toolbox: whoever asks from outside of the closed place gets no answer. */
export const makeSignInJob = (cronJob: CronJob, { drill, execution, hosts }: SignInRequest): SignInPlan => {
  const { metadata, spec } = cronJob;
  const { template } = spec.jobTemplate.spec;
  const toolbox = findToolbox(cronJob);
  if (!toolbox.ok) return toolbox;
  const { shell, container } = toolbox;
  const name = nameDrillObject(drill, 'sign-in');
  const labels = { ...template.metadata?.labels, ...drillLabels(drill) };
  const worker = { ...container, name: SIGN_IN_CONTAINER, args: writeSignInArguments(shell, hosts) };
  const pod = withoutScratch(template.spec);
  return {
    ok: true,
    job: {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        namespace: metadata.namespace,
        name,
        labels: drillLabels(drill),
        annotations: { [JOB_ID_ANNOTATION]: name, [EXECUTION_ANNOTATION]: execution },
        ownerReferences: [
          { apiVersion: 'batch/v1', kind: 'CronJob', name: metadata.name, uid: metadata.uid },
        ],
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        ttlSecondsAfterFinished: KEPT_SECONDS,
        template: {
          ...template,
          metadata: { ...template.metadata, labels },
          spec: {
            ...pod,
            restartPolicy: 'Never',
            containers: pod.containers.map((one) => (one.name === BACKUP_CONTAINER ? worker : one)),
          },
        },
      },
    },
  };
};
