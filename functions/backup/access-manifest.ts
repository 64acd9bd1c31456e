import { BACKUP_GROUP, BACKUP_PREFLIGHT_GROUP, BACKUP_SECRETS_GROUP } from '../records/cluster-group.ts';
import type { AllowedAccess } from '../rules/access-row.ts';
import { ACCESS_NAME, BACKUP_RIGHTS } from './cluster-access.ts';
import { PREFLIGHT_ACCESS_NAME, PREFLIGHT_RIGHTS } from './preflight-access.ts';
import { SECRET_ACCESS_NAME, type SecretReading, secretRights } from './secret-access.ts';

export type KubernetesObject = Readonly<Record<string, unknown>>;

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Everything a cluster needs for the backup capability: in each namespace of a GitLab a Role and a RoleBinding for whoever
 * starts backups, another pair for whoever looks beforehand, and a third for whoever reads secrets. Apply it as a cluster administrator.
 */
export const buildBackupAccessManifest = (
  namespaces: readonly string[],
  reading: SecretReading = 'listed',
): readonly KubernetesObject[] =>
  namespaces.flatMap((namespace) => [
    ...buildPair(ACCESS_NAME, namespace, BACKUP_GROUP, BACKUP_RIGHTS),
    ...buildPair(PREFLIGHT_ACCESS_NAME, namespace, BACKUP_PREFLIGHT_GROUP, PREFLIGHT_RIGHTS),
    ...buildSecretAccessManifest([namespace], reading),
  ]);

/** What the reader of secrets alone needs, where nothing is backed up. */
export const buildSecretAccessManifest = (
  namespaces: readonly string[],
  reading: SecretReading = 'listed',
): readonly KubernetesObject[] =>
  namespaces.flatMap((namespace) =>
    buildPair(SECRET_ACCESS_NAME, namespace, BACKUP_SECRETS_GROUP, secretRights(reading)),
  );

/** A Role with these rights, bound to a group. */
export const buildPair = (
  name: string,
  namespace: string,
  group: string,
  rights: readonly (AllowedAccess & { readonly names?: readonly string[] })[],
): KubernetesObject[] => [
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name, namespace },
    rules: rights.map(({ group: apiGroup, resources, verbs, names }) => ({
      apiGroups: [apiGroup],
      resources: [...resources],
      ...(names && { resourceNames: [...names] }),
      verbs: [...verbs],
    })),
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: RBAC, kind: 'Role', name },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: group }],
  },
];
