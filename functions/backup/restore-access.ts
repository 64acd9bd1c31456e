import { RESTORE_GROUP, RESTORE_SECRETS_GROUP } from '../records/cluster-group.ts';
import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';
import { buildPair, type KubernetesObject } from './access-manifest.ts';

/**
 * What a restore may do inside a cluster: the one source of its Roles, and of the tables that say what it can and
 * cannot do. Two identities, as for backups: whoever scales and starts Jobs writes no Secret by the API, and whoever
 * writes Secrets does nothing else.
 */

export const RESTORE_ACCESS_NAME = 'drydock-restore';
export const RESTORE_SECRETS_ACCESS_NAME = 'drydock-restore-secrets';

/** Every right, each in the namespace of GitLab and nowhere else. */
export const RESTORE_RIGHTS: readonly AllowedAccess[] = [
  {
    group: 'apps',
    resources: ['deployments', 'statefulsets'],
    verbs: ['get', 'list', 'patch'],
    why: 'what runs, and a restart of what reads a secret that was put back',
  },
  {
    group: 'apps',
    resources: ['deployments/scale', 'statefulsets/scale'],
    verbs: ['patch'],
    why: 'to 0 before anything is replaced, and back to what was recorded',
  },
  {
    group: 'autoscaling',
    resources: ['horizontalpodautoscalers'],
    verbs: ['list'],
    why: 'whether something would scale up again',
  },
  {
    group: 'keda.sh',
    resources: ['scaledobjects'],
    verbs: ['get', 'list', 'patch'],
    why: 'KEDA scales up from 0, so it is paused by an annotation',
  },
  {
    group: 'batch',
    resources: ['cronjobs'],
    verbs: ['get', 'list', 'patch'],
    why: 'the template of the toolbox; schedules are suspended for the time',
  },
  {
    group: 'batch',
    resources: ['jobs'],
    verbs: ['create'],
    // RBAC has no smaller right, and no table should hide it.
    why: 'the restore itself; a Job may mount any Secret of the namespace, so trust this role as the namespace',
  },
  {
    group: 'batch',
    resources: ['jobs'],
    verbs: ['get', 'list', 'delete'],
    why: 'how it stands, and an end for one that would go on',
  },
  { group: '', resources: ['pods'], verbs: ['get', 'list'], why: 'say why a Job failed' },
  { group: '', resources: ['pods/log'], verbs: ['get'], why: 'read what the tool and the checks wrote' },
];

/** What must be refused although something near it is allowed. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'create', 'update', 'delete'], why: 'no Secret' },
  { group: '', resource: 'pods', verbs: ['create', 'delete', 'patch'], why: 'no pod is touched' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['create', 'delete'], why: 'no volume' },
  { group: '', resource: 'serviceaccounts/token', verbs: ['create'], why: 'no identity of others' },
  {
    group: 'apps',
    resource: 'deployments',
    verbs: ['create', 'update', 'delete', 'deletecollection'],
    why: 'scaled and restarted, and nothing else',
  },
  { group: 'apps', resource: 'daemonsets', verbs: ['patch', 'delete'], why: 'none has a part in it' },
  {
    group: 'autoscaling',
    resource: 'horizontalpodautoscalers',
    verbs: ['patch', 'update', 'delete'],
    why: 'at 0 replicas they stand still by themselves',
  },
  { group: 'batch', resource: 'cronjobs', verbs: ['create', 'delete'], why: 'suspended and resumed' },
  { group: 'batch', resource: 'jobs', verbs: ['update', 'patch', 'deletecollection'], why: 'one by one' },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'rolebindings',
    verbs: ['get', 'create', 'patch', 'bind'],
    why: 'no right for itself',
  },
];

/** The can/cannot table of the restore for a namespace that is given; see `listNamespacedAccess`. */
export const listRestoreAccess = (namespace: string, others: readonly string[]): readonly AccessRow[] =>
  listNamespacedAccess({ given: RESTORE_RIGHTS, forbidden: FORBIDDEN }, namespace, others);

/** Rights on the Secrets that a restore may put back. */
const secretWritingRights = (
  names: readonly string[],
): readonly (AllowedAccess & { readonly names?: readonly string[] })[] => [
  {
    group: '',
    resources: ['secrets'],
    verbs: ['get', 'update', 'delete'],
    names,
    why: 'put back the secrets of a backup, by their names; one of another type is made anew',
  },
  // A name can not be asked for of what is not there yet: Kubernetes documentation, "Using RBAC Authorization".
  { group: '', resources: ['secrets'], verbs: ['create'], why: 'make one of them that is missing' },
];

/**
 * What a cluster needs to have a GitLab restored into these namespaces. Apply it as a cluster administrator.
 *
 * @param names of the Secrets that may be put back; wildcards mean nothing to Kubernetes.
 */
export const buildRestoreAccessManifest = (
  namespaces: readonly string[],
  names: readonly string[],
): readonly KubernetesObject[] =>
  namespaces.flatMap((namespace) => [
    ...buildPair(RESTORE_ACCESS_NAME, namespace, RESTORE_GROUP, RESTORE_RIGHTS),
    ...buildPair(RESTORE_SECRETS_ACCESS_NAME, namespace, RESTORE_SECRETS_GROUP, secretWritingRights(names)),
  ]);
