import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { BackupSet } from '../../records/backup/set.ts';
import type { Execution } from '../../records/execution.ts';
import type { JobManifest } from '../../records/kubernetes-job.ts';
import type { BackupSubject } from '../backup-subject.ts';
import { makeBackupJob, nameCronJob } from '../job/backup-job.ts';
import { findRunningBackups, TOOLBOX_SELECTOR } from '../job/running-backups.ts';
import { readGitLabVersion } from './gitlab-version.ts';
import { jobWishes } from './job-wishes.ts';

type PlannedJob =
  | { readonly ok: true; readonly job: JobManifest; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly reason: string };

/**
 * The Job of a set, from the CronJob as it is now. What was right when the run began is asked again: marks may have
 * taken an hour, and in an hour somebody upgrades GitLab or starts a backup by hand.
 */
export const planJob = async (
  subject: BackupSubject,
  run: { readonly set: BackupSet; readonly execution: Execution; readonly fence: number },
  jobs: Pick<KubernetesJobs, 'readCronJob' | 'listJobs'>,
  signal: AbortSignal,
): Promise<PlannedJob> => {
  const { namespace, release } = subject.settings;
  const name = nameCronJob(release);
  const cronJob = await jobs.readCronJob({ namespace, name }, signal);
  if (!cronJob) return { ok: false, reason: `CronJob ${namespace}/${name} is gone since the run began.` };
  const now = readGitLabVersion(cronJob);
  if (!now.ok) return now;
  const { id, gitlabVersion } = run.set;
  if (now.version !== gitlabVersion) {
    const reason = `GitLab went from ${gitlabVersion} to ${now.version} since the run began; start backup again when the upgrade is done.`;
    return { ok: false, reason };
  }
  const all = await jobs.listJobs(namespace, TOOLBOX_SELECTOR, signal);
  const other = findRunningBackups(all).find(({ backupId }) => backupId !== id);
  if (other) {
    const reason = `Job ${namespace}/${other.job} makes a backup since ${other.since}, and two at once clash. Wait for its end, or delete it when it hangs.`;
    return { ok: false, reason };
  }
  const wishes = jobWishes(subject, cronJob);
  return makeBackupJob(cronJob, {
    ...wishes,
    backupId: id,
    execution: run.execution.name,
    fence: run.fence,
  });
};
