import { BACKUP_GROUP } from '../records/cluster-group.ts';
import { ACCESS_NAME, BACKUP_RIGHTS } from './cluster-access.ts';

type KubernetesObject = Readonly<Record<string, unknown>>;

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Everything a cluster needs for the backup capability: a Role and a RoleBinding in each namespace of a GitLab. Apply
 * it as a cluster administrator.
 */
export const buildBackupAccessManifest = (namespaces: readonly string[]): readonly KubernetesObject[] =>
  namespaces.flatMap((namespace) => [
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'Role',
      metadata: { name: ACCESS_NAME, namespace },
      rules: BACKUP_RIGHTS.map(({ group, resources, verbs }) => ({
        apiGroups: [group],
        resources: [...resources],
        verbs: [...verbs],
      })),
    },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: ACCESS_NAME, namespace },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: ACCESS_NAME },
      subjects: [{ apiGroup: RBAC, kind: 'Group', name: BACKUP_GROUP }],
    },
  ]);
