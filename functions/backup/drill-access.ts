import { DRILL_GROUP } from '../records/cluster-group.ts';
import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';
import { buildPair, type KubernetesObject } from './access-manifest.ts';

/**
 * What a drill may do inside a cluster, in the namespace of its place and nowhere else: the one source of its Role, and
 * of the table that says what it can and cannot do. The restore itself has a role of its own.
 */

/** Name of the Role and its binding. */
const DRILL_ACCESS_NAME = 'drydock-drill';

export const DRILL_RIGHTS: readonly AllowedAccess[] = [
  {
    group: 'networking.k8s.io',
    resources: ['networkpolicies'],
    verbs: ['get', 'list', 'create', 'delete'],
    why: 'nothing gets out of the place before data goes in; its own ones are deleted at the end',
  },
  {
    group: 'apps',
    resources: ['deployments', 'statefulsets'],
    verbs: ['get', 'list'],
    why: 'what runs, and that Sidekiq does not',
  },
  {
    group: 'apps',
    resources: ['deployments/scale', 'statefulsets/scale'],
    verbs: ['patch'],
    why: 'storages and web pods up for the drill, and back to 0',
  },
  {
    group: 'autoscaling',
    resources: ['horizontalpodautoscalers'],
    verbs: ['list'],
    why: 'whether something scales by itself',
  },
  {
    group: 'keda.sh',
    resources: ['scaledobjects'],
    verbs: ['list'],
    why: 'KEDA scales up from 0, so a place that it looks after is refused',
  },
  { group: 'batch', resources: ['cronjobs'], verbs: ['get', 'list'], why: 'the template of the toolbox' },
  {
    group: 'batch',
    resources: ['jobs'],
    verbs: ['create'],
    // RBAC has no smaller right, and no table should hide it.
    why: 'probes, and what empties the place; a Job may mount any Secret of the namespace, so trust this role as the namespace',
  },
  {
    group: 'batch',
    resources: ['jobs'],
    verbs: ['get', 'list', 'delete'],
    why: 'how they stand, and their end',
  },
  { group: '', resources: ['pods'], verbs: ['get', 'list'], why: 'say why a Job failed' },
  { group: '', resources: ['pods/log'], verbs: ['get'], why: 'read what the probes saw' },
];

/** What must be refused although something near it is allowed. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    verbs: ['update', 'patch', 'deletecollection'],
    why: 'those of others stay as they are',
  },
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'create', 'update', 'delete'], why: 'no Secret' },
  { group: '', resource: 'namespaces', verbs: ['delete', 'patch'], why: 'the place itself is its owner’s' },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['create', 'delete'], why: 'no volume' },
  { group: '', resource: 'pods', verbs: ['create', 'delete', 'patch'], why: 'no pod is touched' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  {
    group: 'apps',
    resource: 'deployments',
    verbs: ['create', 'update', 'patch', 'delete'],
    why: 'scaled, and nothing else',
  },
  { group: 'batch', resource: 'cronjobs', verbs: ['create', 'patch', 'delete'], why: 'read as a template' },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'rolebindings',
    verbs: ['get', 'create', 'patch', 'bind'],
    why: 'no right for itself',
  },
];

/** The can/cannot table for a namespace that is given; see `listNamespacedAccess`. */
export const listDrillAccess = (namespace: string, others: readonly string[]): readonly AccessRow[] =>
  listNamespacedAccess({ given: DRILL_RIGHTS, forbidden: FORBIDDEN }, namespace, others);

/** What a cluster needs to have drills in these namespaces. Apply it as a cluster administrator. */
export const buildDrillAccessManifest = (namespaces: readonly string[]): readonly KubernetesObject[] =>
  namespaces.flatMap((namespace) => buildPair(DRILL_ACCESS_NAME, namespace, DRILL_GROUP, DRILL_RIGHTS));
