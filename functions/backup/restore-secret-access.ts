import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';

/** What the writer of secrets may do inside a cluster: put back those that are named, and nothing else. */

/** Name of the Role and its binding. */
export const RESTORE_SECRETS_ACCESS_NAME = 'drydock-restore-secrets';

const WHY = 'put back the secrets of a backup, by their names; one of another type is made anew';

/**
 * Its rights, each in the namespace of GitLab and nowhere else.
 *
 * @param names of the Secrets that may be put back; wildcards mean nothing to Kubernetes.
 */
export const restoreSecretRights = (
  names: readonly string[],
): readonly (AllowedAccess & { readonly names?: readonly string[] })[] => [
  { group: '', resources: ['secrets'], verbs: ['get', 'update', 'delete'], names, why: WHY },
  // A name can not be asked for of what is not there yet: Kubernetes documentation, "Using RBAC Authorization".
  { group: '', resources: ['secrets'], verbs: ['create'], why: 'make one of them that is missing' },
];

/** What must be refused although something near it is allowed. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  {
    group: '',
    resource: 'secrets',
    verbs: ['get', 'list', 'watch', 'update', 'patch', 'delete', 'deletecollection'],
    why: 'no Secret but those that are named',
  },
  { group: '', resource: 'configmaps', verbs: ['get', 'list', 'patch'], why: 'no configuration' },
  { group: '', resource: 'pods', verbs: ['get', 'create', 'delete'], why: 'no pod' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'serviceaccounts/token', verbs: ['create'], why: 'no identity of others' },
  { group: 'batch', resource: 'jobs', verbs: ['get', 'create', 'delete'], why: 'it starts nothing' },
  { group: 'batch', resource: 'cronjobs', verbs: ['get', 'patch'], why: 'it starts nothing' },
  { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'], why: 'it changes no workload' },
  { group: 'apps', resource: 'deployments/scale', verbs: ['patch'], why: 'it changes no workload' },
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
export const listRestoreSecretAccess = (
  namespace: string,
  others: readonly string[],
  names: readonly string[],
): readonly AccessRow[] => {
  const rights = restoreSecretRights(names);
  const unnamed = rights.filter(({ names: some }) => some === undefined);
  const named = rights.flatMap(({ group, verbs, names: some = [], why }) =>
    some.flatMap((name) => verbs.map((verb) => ({ verb, group, resource: 'secrets', name, why }))),
  );
  return [
    ...named.map((row) => ({ ...row, namespace, allowed: true })),
    ...listNamespacedAccess({ given: unnamed, forbidden: FORBIDDEN }, namespace, others),
    ...[...others, ''].flatMap((other) =>
      named.map((row) => ({
        ...row,
        namespace: other,
        allowed: false,
        why: 'not a namespace that was given',
      })),
    ),
  ];
};
