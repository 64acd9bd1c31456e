import { join } from 'node:path';
import {
  BACKUP_GROUP,
  BACKUP_PREFLIGHT_GROUP,
  BACKUP_SECRETS_GROUP,
  DRILL_GROUP,
  RESTORE_GROUP,
  RESTORE_PLAN_GROUP,
  RESTORE_SECRETS_GROUP,
} from '../../../functions/records/cluster-group.ts';
import type { Cluster } from '../cluster/start-cluster.ts';
import { GITLAB, SCRATCH } from '../gitlab-release/names.ts';
import {
  type LocalGitLabRelease,
  type StartGitLabRelease,
  startGitLabRelease,
} from '../gitlab-release/start-gitlab-release.ts';
import { applyBackupManifests, applyDrillManifests, applyRestoreManifests } from './access.ts';
import type { BackupSite, DrillSite, RestoreSite } from './deploy-site.ts';

/** The folder of it within that of the run. */
export const RELEASE_FOLDER = 'gitlab-release';

/**
 * Starts the GitLab of a world.
 *
 * @throws Error on a cluster of the user's own: no node of ours belongs there, and its pods run on this machine.
 */
export const openGitLabRelease = async (start: StartGitLabRelease): Promise<LocalGitLabRelease> => {
  if (!('apiServer' in start.cluster)) {
    throw new Error('A GitLab to back up runs in the local cluster only. Take DRYDOCK_KUBECONFIG away.');
  }
  return startGitLabRelease({ ...start, folder: join(start.folder, RELEASE_FOLDER) });
};

/** Lets the roles of the backup capability into the cluster, and gives them what ships to users. */
export const enterForBackup = async (
  enter: (roleArn: string, group: string) => Promise<void>,
  cluster: Cluster,
  { clusterRoleArn, preflightRoleArn, secretsRoleArn }: BackupSite,
): Promise<void> => {
  await Promise.all([
    enter(clusterRoleArn, BACKUP_GROUP),
    enter(preflightRoleArn, BACKUP_PREFLIGHT_GROUP),
    enter(secretsRoleArn, BACKUP_SECRETS_GROUP),
    applyBackupManifests(cluster, GITLAB.namespace),
  ]);
};

/** The same for a restore, which may write the Secrets of these names. */
export const enterForRestore = async (
  enter: (roleArn: string, group: string) => Promise<void>,
  cluster: Cluster,
  { planRoleArn, beginRoleArn, advanceRoleArn, secretsRoleArn }: RestoreSite,
  names: readonly string[],
): Promise<void> => {
  await Promise.all([
    enter(planRoleArn, RESTORE_PLAN_GROUP),
    enter(beginRoleArn, RESTORE_PLAN_GROUP),
    enter(advanceRoleArn, RESTORE_GROUP),
    enter(secretsRoleArn, RESTORE_SECRETS_GROUP),
    applyRestoreManifests(cluster, GITLAB.namespace, names),
  ]);
};

/** The same for drills in the scratch, whose Secrets have these names. */
export const enterForDrill = async (
  enter: (roleArn: string, group: string) => Promise<void>,
  cluster: Cluster,
  { advanceRoleArn }: DrillSite,
  names: readonly string[],
): Promise<void> => {
  await Promise.all([
    enter(advanceRoleArn, DRILL_GROUP),
    applyDrillManifests(cluster, SCRATCH.namespace, names),
  ]);
};
