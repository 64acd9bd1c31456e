import type { AccessRow, ForbiddenAccess } from '../rules/access-row.ts';
import { listRuledResources } from './deprecations/table.ts';

/**
 * What the upgrade capability may do inside a cluster: the one source of the ClusterRole that ships to users, and of
 * the table that says what it can and cannot do. It lists, and does nothing else.
 */

/** Name of the ClusterRole, its binding, and what else ships with it. */
export const ACCESS_NAME = 'drydock-upgrade';

export interface ListRight {
  /** API group, empty for the core. */
  readonly group: string;
  /** Plural names. */
  readonly resources: readonly string[];
  readonly why: string;
}

const READ_WHOLE: readonly ListRight[] = [
  { group: '', resources: ['nodes'], why: 'kubelet, runtime and image of each node' },
  {
    group: '',
    resources: ['pods', 'replicationcontrollers'],
    why: 'workloads that would not survive a drain, and fields that the next version refuses',
  },
  { group: 'apps', resources: ['deployments', 'statefulsets', 'daemonsets'], why: 'the same' },
  { group: 'batch', resources: ['jobs', 'cronjobs'], why: 'the same' },
  { group: 'policy', resources: ['poddisruptionbudgets'], why: 'budgets that would stop a node group' },
  { group: '', resources: ['services'], why: 'external IPs' },
  {
    group: 'admissionregistration.k8s.io',
    resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
    why: 'webhooks that would stand in the way of an upgrade',
  },
  { group: '', resources: ['namespaces'], why: 'which namespaces a webhook selects' },
  { group: 'discovery.k8s.io', resources: ['endpointslices'], why: 'does anybody answer behind a webhook' },
  { group: 'karpenter.sh', resources: ['nodepools', 'nodeclaims'], why: 'drift and budgets of node pools' },
  { group: 'karpenter.k8s.aws', resources: ['ec2nodeclasses'], why: 'the images that node pools pin' },
  { group: 'eks.amazonaws.com', resources: ['nodeclasses'], why: 'the same, of Auto Mode' },
  {
    group: 'crd.k8s.amazonaws.com',
    resources: ['eniconfigs'],
    why: 'subnets of pods, with custom networking',
  },
];

/** Which addresses beside resources: the API server's count of requests for deprecated APIs. */
export const METRICS_PATH = '/metrics';
/** The one ConfigMap that is read without being asked for, by its name: the mode of kube-proxy. */
export const KUBE_PROXY = {
  namespace: 'kube-system',
  configMaps: ['kube-proxy-config', 'kube-proxy'],
} as const;
/** Where Helm keeps releases, in the namespaces that a user names. */
export const HELM_STORAGE: ListRight = {
  group: '',
  resources: ['secrets', 'configmaps'],
  why: 'Helm releases lie in them, and RBAC cannot tell them apart',
};

/** Every list right in the whole cluster: what checks read, and every resource that the table of removals names. */
export const listRights = (): readonly ListRight[] => {
  const known = new Set(
    READ_WHOLE.flatMap(({ group, resources }) => resources.map((one) => key(group, one))),
  );
  const ruled = listRuledResources().filter(({ group, resource }) => !known.has(key(group, resource)));
  const byGroup = Map.groupBy(ruled, ({ group }) => group);
  const scanned = [...byGroup].map(([group, members]) => ({
    group,
    resources: [...new Set(members.map(({ resource }) => resource))].toSorted(),
    why: 'by which API versions it was written; its metadata only',
  }));
  return [...READ_WHOLE, ...scanned.toSorted((a, b) => (a.group < b.group ? -1 : 1))];
};

const key = (group: string, resource: string): string => `${resource}.${group}`;

/** What must be refused although something near it is allowed, or worth a look when it were. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'watch'], why: 'no Secret' },
  { group: '', resource: 'configmaps', verbs: ['get', 'list', 'watch'], why: 'no configuration' },
  { group: '', resource: 'pods/log', verbs: ['get'], why: 'no log' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'pods/eviction', verbs: ['create'], why: 'no node is drained by us' },
  { group: '', resource: 'nodes/proxy', verbs: ['get'], why: 'no way to a kubelet' },
  { group: '', resource: 'serviceaccounts/token', verbs: ['create'], why: 'no identity of others' },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterroles',
    verbs: ['create', 'patch', 'escalate', 'bind'],
    why: 'no right for itself',
  },
];

const CHANGING = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/**
 * The can/cannot table.
 *
 * @param helm namespaces whose Helm releases may be read.
 * @param others namespaces that are not given; the right to read Helm releases is shown to end at them.
 */
export const listUpgradeAccess = (
  helm: readonly string[],
  others: readonly string[],
): readonly AccessRow[] => {
  const everywhere = listRights().flatMap(({ group, resources, why }) =>
    resources.map((resource) => ({ verb: 'list', group, resource, namespace: '', why })),
  );
  const changed = READ_WHOLE.flatMap(({ group, resources }) =>
    resources.flatMap((resource) =>
      CHANGING.map((verb) => ({ verb, group, resource, namespace: '', why: 'it lists, and nothing else' })),
    ),
  );
  const refused = FORBIDDEN.flatMap(({ group, resource, verbs, why }) =>
    verbs.map((verb) => ({ verb, group, resource, namespace: '', why })),
  );
  const releases = (namespaces: readonly string[], verbs: readonly string[], why: string) =>
    namespaces.flatMap((namespace) =>
      HELM_STORAGE.resources.flatMap((resource) =>
        verbs.map((verb) => ({ verb, group: '', resource, namespace, why })),
      ),
    );
  const allowed = [...everywhere, ...releases(helm, ['list'], HELM_STORAGE.why)];
  const names = new Set(allowed.map(name));
  // Who gives every namespace gives what is refused otherwise.
  const forbidden = [
    ...changed,
    ...refused,
    ...releases(helm, ['get', 'watch', ...CHANGING], 'releases are listed, and nothing else'),
    ...releases(others, ['list'], 'not a namespace that was given'),
  ].filter((row) => !names.has(name(row)));
  return [
    ...allowed.map((row) => ({ ...row, allowed: true })),
    ...new Map(forbidden.map((row) => [name(row), { ...row, allowed: false }])).values(),
  ];
};

const name = ({ verb, group, resource, namespace }: Omit<AccessRow, 'allowed' | 'why'>): string =>
  `${verb} ${resource}.${group} in ${namespace}`;
