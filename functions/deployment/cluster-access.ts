import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';

/**
 * What the deployment capability may do inside a cluster: the one source of the Role that ships to users, of the
 * table that says what it can and cannot do, and of the questions that `doctor` asks.
 */

/** Name of the Role, RoleBinding and admission policy. */
export const ACCESS_NAME = 'drydock-deployment';

/** Every right, each in the namespaces that are given and nowhere else. */
export const DEPLOYMENT_RIGHTS: readonly AllowedAccess[] = [
  {
    group: 'apps',
    resources: ['deployments', 'statefulsets', 'daemonsets'],
    verbs: ['get', 'list', 'watch', 'patch'],
    why: 'change the image, and watch the rollout',
  },
  {
    group: 'batch',
    resources: ['cronjobs'],
    verbs: ['get', 'list', 'watch', 'patch'],
    why: 'change the image',
  },
  {
    group: 'apps',
    resources: ['replicasets', 'controllerrevisions'],
    verbs: ['list'],
    why: 'tell new pods from old ones',
  },
  { group: '', resources: ['pods'], verbs: ['list', 'watch'], why: 'see why a rollout fails' },
  {
    group: '',
    resources: ['pods/log'],
    verbs: ['get'],
    why: 'keep the last log lines of a failed container',
  },
  { group: '', resources: ['events'], verbs: ['list'], why: 'say what the scheduler and kubelet said' },
];

/** What must be refused although something near it is allowed. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'watch', 'create', 'patch'], why: 'no Secret' },
  { group: '', resource: 'configmaps', verbs: ['get', 'list', 'patch'], why: 'no configuration' },
  { group: '', resource: 'pods', verbs: ['create', 'delete', 'patch'], why: 'no pod is touched' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'pods/portforward', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'pods/ephemeralcontainers', verbs: ['patch'], why: 'no way into a container' },
  { group: '', resource: 'serviceaccounts/token', verbs: ['create'], why: 'no identity of others' },
  {
    group: 'apps',
    resource: 'deployments',
    verbs: ['create', 'delete', 'update', 'deletecollection'],
    why: 'only patched',
  },
  { group: 'apps', resource: 'statefulsets', verbs: ['create', 'delete', 'update'], why: 'only patched' },
  { group: 'apps', resource: 'daemonsets', verbs: ['create', 'delete', 'update'], why: 'only patched' },
  { group: 'batch', resource: 'cronjobs', verbs: ['create', 'delete', 'update'], why: 'only patched' },
  { group: 'apps', resource: 'deployments/scale', verbs: ['patch', 'update'], why: 'no scaling' },
  { group: 'apps', resource: 'replicasets', verbs: ['patch', 'delete'], why: 'read only' },
  { group: 'batch', resource: 'jobs', verbs: ['create', 'list', 'delete'], why: 'no job is run' },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'roles',
    verbs: ['get', 'create', 'patch', 'escalate'],
    why: 'no right for itself',
  },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'rolebindings',
    verbs: ['get', 'create', 'patch', 'bind'],
    why: 'no right for itself',
  },
];

/**
 * The can/cannot table for a namespace that is given.
 *
 * @param others namespaces that are not given; every right is shown to end at them, and at the whole cluster.
 */
export const listAccess = (namespace: string, others: readonly string[]): readonly AccessRow[] => [
  ...listNamespacedAccess({ given: DEPLOYMENT_RIGHTS, forbidden: FORBIDDEN }, namespace, others),
  {
    allowed: false,
    verb: 'list',
    group: '',
    resource: 'nodes',
    namespace: '',
    why: 'nothing of the cluster',
  },
  {
    allowed: false,
    verb: 'list',
    group: '',
    resource: 'namespaces',
    namespace: '',
    why: 'nothing of the cluster',
  },
  {
    allowed: false,
    verb: 'patch',
    group: 'admissionregistration.k8s.io',
    resource: 'validatingadmissionpolicies',
    namespace: '',
    why: 'its own limit stays',
  },
];
