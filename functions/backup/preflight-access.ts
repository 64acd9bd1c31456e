import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';

/**
 * What the preflight of a backup may do inside a cluster. Its role looks into buckets, databases and the rights of others,
 * so it is an identity of its own here as well: it reads, and whoever holds it starts nothing.
 */

/** Name of the Role and its binding. */
export const PREFLIGHT_ACCESS_NAME = 'drydock-backup-preflight';

/** Every right, each in the namespace of GitLab and nowhere else. */
export const PREFLIGHT_RIGHTS: readonly AllowedAccess[] = [
  { group: 'batch', resources: ['cronjobs'], verbs: ['get'], why: 'the template of the toolbox' },
  { group: 'batch', resources: ['jobs'], verbs: ['list'], why: 'see whether another backup runs' },
  { group: '', resources: ['resourcequotas'], verbs: ['list'], why: 'see whether its pod has room' },
];

/** What must be refused although something near it is allowed. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'create', 'patch'], why: 'no Secret' },
  { group: '', resource: 'configmaps', verbs: ['get', 'list', 'patch'], why: 'no configuration' },
  { group: '', resource: 'pods', verbs: ['create', 'delete'], why: 'no pod is touched' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'resourcequotas', verbs: ['create', 'patch', 'delete'], why: 'it only looks' },
  { group: '', resource: 'serviceaccounts/token', verbs: ['create'], why: 'no identity of others' },
  { group: 'batch', resource: 'jobs', verbs: ['create', 'patch', 'delete'], why: 'it starts nothing' },
  { group: 'batch', resource: 'cronjobs', verbs: ['create', 'patch', 'delete'], why: 'it starts nothing' },
  { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'], why: 'it changes no workload' },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'roles',
    verbs: ['get', 'create', 'patch', 'escalate'],
    why: 'no right for itself',
  },
];

/**
 * The can/cannot table for a namespace that is given.
 *
 * @param others namespaces that are not given; every right is shown to end at them, and at the whole cluster.
 */
export const listPreflightAccess = (namespace: string, others: readonly string[]): readonly AccessRow[] =>
  listNamespacedAccess({ given: PREFLIGHT_RIGHTS, forbidden: FORBIDDEN }, namespace, others);
