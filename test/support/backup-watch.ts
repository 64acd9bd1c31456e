import { run as watch } from '../../functions/backup/watch-backup-job.ts';
import type { KubernetesJobs } from '../../functions/clients/kubernetes-jobs.ts';
import type { BackupWorld, executeBackup } from './backup-world.ts';
import { calmInvocation } from './target-world.ts';

interface Given {
  readonly world: BackupWorld;
  readonly backup: ReturnType<typeof executeBackup>;
}

/** One look at a Job through a cluster that is broken in a way. */
export const watchWith = (
  { world: { deps }, backup }: Given,
  broken: Partial<Pick<KubernetesJobs, 'observeJob' | 'streamLog' | 'deleteJob'>>,
  looks = 0,
) => {
  const jobs = () => ({ ...deps.jobs(), ...broken });
  const input = { execution: backup.execution, set: backup.set(), looks };
  return watch(input, { ...deps, jobs }, calmInvocation());
};
