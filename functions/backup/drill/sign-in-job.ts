import type { CronJob } from '../../records/kubernetes-job.ts';
import { findToolbox } from '../job/toolbox-container.ts';
import type { ToolboxJobPlan } from '../job/toolbox-job.ts';
import { makeDrillJob } from './drill-job.ts';
import { nameDrillObject } from './drill-label.ts';
import { writeSignInArguments } from './sign-in-script.ts';

/** One look at the sign-in page of a restored GitLab. */
interface SignInRequest {
  readonly drill: string;
  /** Name of the execution that makes it. */
  readonly execution: string;
  /** Services of its web pods. */
  readonly hosts: readonly string[];
}

export const SIGN_IN_CONTAINER = 'toolbox-sign-in';

/** An image comes in minutes, and a web pod that does not answer is asked for six. */
const DEADLINE_SECONDS = 1_800;
const KEPT_SECONDS = 3_600;

/** A Job with the image of the toolbox: whoever asks from outside of the closed place gets no answer. */
export const makeSignInJob = (
  cronJob: CronJob,
  { drill, execution, hosts }: SignInRequest,
): ToolboxJobPlan => {
  const toolbox = findToolbox(cronJob);
  if (!toolbox.ok) return toolbox;
  const { shell, container } = toolbox;
  return {
    ok: true,
    job: makeDrillJob(cronJob, {
      drill,
      name: nameDrillObject(drill, 'sign-in'),
      execution,
      container: { ...container, name: SIGN_IN_CONTAINER, args: writeSignInArguments(shell, hosts) },
      deadlineSeconds: DEADLINE_SECONDS,
      keptSeconds: KEPT_SECONDS,
    }),
  };
};
