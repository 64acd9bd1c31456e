import { DEPLOYMENT_GROUP } from '../records/cluster-group.ts';
import { buildAdmissionPolicy } from './admission-policy.ts';
import { ACCESS_NAME, DEPLOYMENT_RIGHTS } from './cluster-access.ts';

type KubernetesObject = Readonly<Record<string, unknown>>;

/**
 * Everything a cluster needs for the deployment capability: a Role and a RoleBinding in each namespace, and the
 * admission policy that limits them to images. Apply it as a cluster administrator.
 */
export const buildAccessManifest = (namespaces: readonly string[]): readonly KubernetesObject[] => [
  ...namespaces.flatMap((namespace) => [buildRole(namespace), buildRoleBinding(namespace)]),
  ...buildAdmissionPolicy(),
];

const RBAC = 'rbac.authorization.k8s.io';

const buildRole = (namespace: string): KubernetesObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'Role',
  metadata: { name: ACCESS_NAME, namespace },
  rules: DEPLOYMENT_RIGHTS.map(({ group, resources, verbs }) => ({
    apiGroups: [group],
    resources: [...resources],
    verbs: [...verbs],
  })),
});

const buildRoleBinding = (namespace: string): KubernetesObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'RoleBinding',
  metadata: { name: ACCESS_NAME, namespace },
  roleRef: { apiGroup: RBAC, kind: 'Role', name: ACCESS_NAME },
  subjects: [{ apiGroup: RBAC, kind: 'Group', name: DEPLOYMENT_GROUP }],
});
