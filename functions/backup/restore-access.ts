import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';

/**
 * What a restore may do inside a cluster: the one source of its Roles, and of the tables that say what it can and
 * cannot do. Whoever makes its plan changes nothing; whoever scales and starts Jobs writes no Secret by the API; and
 * whoever writes Secrets does nothing else (restore-secret-access.ts).
 */

/** Names of the Roles and their bindings. */
export const RESTORE_ACCESS_NAME = 'drydock-restore';
export const RESTORE_PLAN_ACCESS_NAME = 'drydock-restore-plan';

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

/** Verbs that change nothing. */
const LOOKING = new Set(['get', 'list']);

/** Why a plan looks, where a restore does more than that. */
const PLAN_WHY: Readonly<Record<string, string>> = {
  deployments: 'what would be scaled to 0',
  scaledobjects: 'whether KEDA would scale up again',
  cronjobs: 'the template of the toolbox, and what would be suspended',
  jobs: 'whether a backup runs, which a restore would break',
  pods: 'what still talks to the database',
};

/** What a plan is made from. It needs no approval, so whoever makes it can touch nothing. */
export const RESTORE_PLAN_RIGHTS: readonly AllowedAccess[] = RESTORE_RIGHTS.filter(
  ({ resources }) => !resources.includes('pods/log'),
).flatMap(({ verbs, why, ...row }) => {
  const looking = verbs.filter((verb) => LOOKING.has(verb));
  return looking.length === 0
    ? []
    : [{ ...row, verbs: looking, why: PLAN_WHY[row.resources[0] ?? ''] ?? why }];
});

/** What of the restore's rights the plan has not. */
const FORBIDDEN_TO_PLAN: readonly ForbiddenAccess[] = [
  ...RESTORE_RIGHTS.flatMap(({ group, resources, verbs }) =>
    resources.map((resource) => ({
      group,
      resource,
      verbs: verbs.filter((verb) => resource === 'pods/log' || !LOOKING.has(verb)),
      why: 'a plan changes nothing',
    })),
  ),
  ...FORBIDDEN,
];

/** The can/cannot table of the restore for a namespace that is given; see `listNamespacedAccess`. */
export const listRestoreAccess = (namespace: string, others: readonly string[]): readonly AccessRow[] =>
  listNamespacedAccess({ given: RESTORE_RIGHTS, forbidden: FORBIDDEN }, namespace, others);

/** The same for whoever makes the plan. */
export const listRestorePlanAccess = (namespace: string, others: readonly string[]): readonly AccessRow[] =>
  listNamespacedAccess({ given: RESTORE_PLAN_RIGHTS, forbidden: FORBIDDEN_TO_PLAN }, namespace, others);
