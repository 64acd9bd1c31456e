import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';

/**
 * What the backup capability may do inside a cluster: the one source of the Role that ships to users, and of the table
 * that says what it can and cannot do. It starts the backup of the chart's CronJob, watches it, and clears it away.
 */

/** Name of the Role and its binding. */
export const ACCESS_NAME = 'drydock-backup';

/** Every right, each in the namespace of GitLab and nowhere else. */
export const BACKUP_RIGHTS: readonly AllowedAccess[] = [
  { group: 'batch', resources: ['cronjobs'], verbs: ['get'], why: 'the template of the toolbox' },
  {
    group: 'batch',
    resources: ['jobs'],
    verbs: ['create'],
    // RBAC has no smaller right, and no table should hide it.
    why: 'the backup itself; a Job may mount any Secret of the namespace, so trust this role as the namespace',
  },
  {
    group: 'batch',
    resources: ['jobs'],
    verbs: ['get', 'list'],
    why: 'how it stands, and whether another runs',
  },
  { group: 'batch', resources: ['jobs'], verbs: ['delete'], why: 'end one that hangs or cannot start' },
  { group: '', resources: ['pods'], verbs: ['get', 'list'], why: 'say why a backup failed' },
  {
    group: '',
    resources: ['pods/log'],
    verbs: ['get'],
    why: 'read what the tool wrote: its exit code hides much',
  },
];

/** What must be refused although something near it is allowed. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  { group: '', resource: 'secrets', verbs: ['get', 'list', 'watch', 'create', 'patch'], why: 'no Secret' },
  { group: '', resource: 'configmaps', verbs: ['get', 'list', 'patch'], why: 'no configuration' },
  { group: '', resource: 'pods', verbs: ['create', 'delete', 'patch', 'watch'], why: 'no pod is touched' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'pods/portforward', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'pods/eviction', verbs: ['create'], why: 'no pod is evicted' },
  { group: '', resource: 'persistentvolumeclaims', verbs: ['create', 'delete'], why: 'no volume' },
  { group: '', resource: 'serviceaccounts/token', verbs: ['create'], why: 'no identity of others' },
  {
    group: 'batch',
    resource: 'cronjobs',
    verbs: ['list', 'create', 'update', 'patch', 'delete'],
    why: 'the template is read, and nothing else',
  },
  {
    group: 'batch',
    resource: 'jobs',
    verbs: ['update', 'patch', 'deletecollection', 'watch'],
    why: 'made, read and deleted one by one',
  },
  {
    group: 'apps',
    resource: 'deployments',
    verbs: ['get', 'list', 'patch', 'delete'],
    why: 'a backup changes no workload',
  },
  { group: 'apps', resource: 'deployments/scale', verbs: ['patch', 'update'], why: 'no scaling' },
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
export const listBackupAccess = (namespace: string, others: readonly string[]): readonly AccessRow[] =>
  listNamespacedAccess({ given: BACKUP_RIGHTS, forbidden: FORBIDDEN }, namespace, others);
