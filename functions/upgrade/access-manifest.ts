import { UPGRADE_GROUP } from '../records/cluster-group.ts';
import { ACCESS_NAME, HELM_STORAGE, KUBE_PROXY, listRights, METRICS_PATH } from './cluster-access.ts';

type KubernetesObject = Readonly<Record<string, unknown>>;
type Rule = Readonly<Record<string, readonly string[]>>;

/**
 * Everything a cluster needs for the upgrade capability: the right to list what checks read, and, in the namespaces
 * that are named, Helm's releases. Apply it as a cluster administrator.
 *
 * @param helmNamespaces as in drydock.yaml; `all` opens every Secret of the cluster to reading.
 */
export const buildUpgradeAccessManifest = ({
  helmNamespaces,
}: {
  readonly helmNamespaces: 'all' | readonly string[];
}): readonly KubernetesObject[] => {
  const helmRule = { apiGroups: [''], resources: HELM_STORAGE.resources, verbs: ['list'] };
  const helmName = `${ACCESS_NAME}-helm`;
  return [
    ...inCluster(ACCESS_NAME, [
      ...listRights().map(({ group, resources }) => ({ apiGroups: [group], resources, verbs: ['list'] })),
      { nonResourceURLs: [METRICS_PATH], verbs: ['get'] },
    ]),
    // A list that selects one object by its name is asked for under that name.
    ...inNamespace(`${ACCESS_NAME}-kube-proxy`, KUBE_PROXY.namespace, [
      {
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: KUBE_PROXY.configMaps,
        verbs: ['get', 'list'],
      },
    ]),
    ...(helmNamespaces === 'all'
      ? inCluster(helmName, [helmRule])
      : helmNamespaces.flatMap((namespace) => inNamespace(helmName, namespace, [helmRule]))),
  ];
};

const RBAC = 'rbac.authorization.k8s.io';

const inCluster = (name: string, rules: readonly Rule[]): KubernetesObject[] => [
  { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name }, rules: [...rules] },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
    subjects: [GROUP],
  },
];

const inNamespace = (name: string, namespace: string, rules: readonly Rule[]): KubernetesObject[] => [
  { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { name, namespace }, rules: [...rules] },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: RBAC, kind: 'Role', name },
    subjects: [GROUP],
  },
];

const GROUP = { apiGroup: RBAC, kind: 'Group', name: UPGRADE_GROUP };
