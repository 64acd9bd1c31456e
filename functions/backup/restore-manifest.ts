import { RESTORE_GROUP, RESTORE_PLAN_GROUP, RESTORE_SECRETS_GROUP } from '../records/cluster-group.ts';
import { buildPair, type KubernetesObject } from './access-manifest.ts';
import {
  RESTORE_ACCESS_NAME,
  RESTORE_PLAN_ACCESS_NAME,
  RESTORE_PLAN_RIGHTS,
  RESTORE_RIGHTS,
} from './restore-access.ts';
import { RESTORE_SECRETS_ACCESS_NAME, restoreSecretRights } from './restore-secret-access.ts';

/**
 * What a cluster needs to have a GitLab restored into these namespaces. Apply it as a cluster administrator.
 *
 * @param names of the Secrets that may be put back.
 */
export const buildRestoreAccessManifest = (
  namespaces: readonly string[],
  names: readonly string[],
): readonly KubernetesObject[] =>
  namespaces.flatMap((namespace) => [
    ...buildPair(RESTORE_PLAN_ACCESS_NAME, namespace, RESTORE_PLAN_GROUP, RESTORE_PLAN_RIGHTS),
    ...buildPair(RESTORE_ACCESS_NAME, namespace, RESTORE_GROUP, RESTORE_RIGHTS),
    ...buildPair(RESTORE_SECRETS_ACCESS_NAME, namespace, RESTORE_SECRETS_GROUP, restoreSecretRights(names)),
  ]);
