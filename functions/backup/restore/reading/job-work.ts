import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import { ARCHIVE_COMPONENTS, BUCKET_COMPONENTS } from '../../../records/backup/components.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { RestoreStep } from '../../../records/backup/restore-plan.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import type { JobManifest } from '../../../records/kubernetes-job.ts';
import { nameCronJob } from '../../job/backup-job.ts';
import { type GitLabVersion, readGitLabVersion } from '../../run/gitlab-version.ts';
import { makeRestoreJob, RESTORE_CONTAINERS, type RestoreJobRequest } from '../restore-job.ts';
import type { CurrentStep } from '../run-steps.ts';
import type { StepTurn } from '../step-turn.ts';

/** The Job that a turn asks for, made before its record is written: one that can not be made destroys nothing. */

/** A check of all repositories and secrets of a large GitLab; ANALYZE of a database of some terabytes. */
const TASK_SECONDS = 4 * 3_600;

/** The container that works in the Job of a step; undefined for a step without one. */
export const containerOf = ({ step, back }: Pick<CurrentStep, 'step' | 'back'>): string | undefined => {
  if (back) return undefined;
  if (RESTORING.includes(step)) return RESTORE_CONTAINERS.restore;
  if (step === 'analyse') return RESTORE_CONTAINERS.analyse;
  return step === 'check' ? RESTORE_CONTAINERS.check : undefined;
};

const RESTORING: readonly RestoreStep[] = ['restore-job', 'restore-repositories', 'put-back-job'];

export type WantedJob =
  | { readonly ok: true; readonly job: JobManifest }
  /** @property why a sentence. */
  | { readonly ok: false; readonly why: string };

/** Is a Job to be made by this turn? */
export const asksForJob = ({ verdict, changes, job }: StepTurn): boolean =>
  verdict.state === 'act' && changes.length === 0 && job !== undefined;

/**
 * Makes its manifest of the CronJob as it stands now: GitLab may have been upgraded since the plan was made, and the tool
 * takes exactly its own version.
 *
 * @param safety the safety backup, for a way back to it.
 * @throws what `KubernetesJobs` throws.
 */
export const composeJob = async (
  run: RestoreRun,
  current: CurrentStep,
  name: string,
  safety: Pick<BackupSet, 'id' | 'kind' | 'skip' | 'gitlabVersion'> | undefined,
  {
    jobs,
    restoreHours,
  }: { readonly jobs: Pick<KubernetesJobs, 'readCronJob'>; readonly restoreHours: number },
  signal: AbortSignal,
): Promise<WantedJob> => {
  const { namespace, release } = run.plan.target;
  const work = describeWork(run, current, safety);
  if (!work) return { ok: false, why: 'there is no safety backup to put back' };
  const cronJob = await jobs.readCronJob({ namespace, name: nameCronJob(release) }, signal);
  if (!cronJob)
    return { ok: false, why: `there is no CronJob ${namespace}/${nameCronJob(release)} any more` };
  const wanted = current.step === 'put-back-job' ? safety?.gitlabVersion : run.plan.gitlabVersion;
  const refusal = work.kind === 'restore' ? judgeVersion(readGitLabVersion(cronJob), wanted) : undefined;
  if (refusal !== undefined) return { ok: false, why: refusal };
  return makeRestoreJob(cronJob, {
    note: { name },
    execution: run.execution.name,
    fence: run.fence ?? 0,
    deadlineSeconds: work.kind === 'restore' ? restoreHours * 3_600 : TASK_SECONDS,
    work,
  });
};

/** What decides whether the tool may replace a GitLab must be known: an image without a version is none that fits. */
const judgeVersion = (there: GitLabVersion, wanted: string | undefined): string | undefined => {
  if (!there.ok) return there.reason;
  if (there.version === wanted) return undefined;
  return `GitLab ${there.version} stands there now, and the backup is of ${wanted ?? 'an unknown one'}: deploy that one first`;
};

const BUT_REPOSITORIES = ARCHIVE_COMPONENTS.filter((name) => name !== 'repositories');

const describeWork = (
  { plan }: RestoreRun,
  { step }: CurrentStep,
  safety: Pick<BackupSet, 'id' | 'kind' | 'skip'> | undefined,
): RestoreJobRequest['work'] | undefined => {
  if (step === 'restore-job') return { kind: 'restore', setId: plan.set.id, skip: plan.skip };
  if (step === 'restore-repositories') {
    return { kind: 'restore', setId: plan.set.id, skip: BUT_REPOSITORIES, repositoriesServerSide: true };
  }
  if (step === 'put-back-job') {
    if (!safety) return undefined;
    // The database of before is the instance of before, and objects have their versions.
    if (plan.native) {
      const repositoriesServerSide = safety.kind === 'native';
      return { kind: 'restore', setId: safety.id, skip: BUT_REPOSITORIES, repositoriesServerSide };
    }
    // Objects come from the tmp bucket, where the tool has put what it replaced.
    const left = new Set<string>([...BUCKET_COMPONENTS, ...safety.skip]);
    return { kind: 'restore', setId: safety.id, skip: ARCHIVE_COMPONENTS.filter((one) => left.has(one)) };
  }
  return step === 'analyse' || step === 'check' ? { kind: step } : undefined;
};
