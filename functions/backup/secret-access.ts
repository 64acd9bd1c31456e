import {
  type AccessRow,
  type AllowedAccess,
  type ForbiddenAccess,
  listNamespacedAccess,
} from '../rules/access-row.ts';

/**
 * What the reader of secrets may do inside a cluster. It is an identity of its own, of a role that does nothing else: who
 * starts backups reads no Secret by the API, and who reads Secrets starts nothing.
 */

/** Name of the Role and its binding. */
export const SECRET_ACCESS_NAME = 'drydock-backup-secrets';

/**
 * How it finds what it reads. `listed`: the values of the Helm release too, which lie in Secrets that no name tells apart;
 * with the right to list goes that to read, so no names would make it smaller. Otherwise the Secrets of these names alone,
 * and no values of Helm: `secrets.helmValues: false` in drydock.yaml.
 */
export type SecretReading = 'listed' | { readonly names: readonly string[] };

/** Its rights, each in the namespace of GitLab and nowhere else. */
export const secretRights = (
  reading: SecretReading,
): readonly (AllowedAccess & { readonly names?: readonly string[] })[] => {
  const get = { group: '', resources: ['secrets'], verbs: ['get'] };
  if (reading === 'listed') {
    return [
      {
        ...get,
        why: 'save the secrets that belong to a backup; every Secret of the namespace can be read by it',
      },
      { ...get, verbs: ['list'], why: 'find the Helm release, whose values name the secrets' },
    ];
  }
  return [{ ...get, names: reading.names, why: 'save the secrets that belong to a backup, by their names' }];
};

/** What must be refused although something near it is allowed. */
const FORBIDDEN: readonly ForbiddenAccess[] = [
  {
    group: '',
    resource: 'secrets',
    verbs: ['watch', 'create', 'update', 'patch', 'delete', 'deletecollection'],
    why: 'no Secret is changed',
  },
  { group: '', resource: 'configmaps', verbs: ['get', 'list'], why: 'no configuration' },
  { group: '', resource: 'pods', verbs: ['get', 'list', 'create', 'delete'], why: 'no pod' },
  { group: '', resource: 'pods/exec', verbs: ['create', 'get'], why: 'no way into a container' },
  { group: '', resource: 'serviceaccounts/token', verbs: ['create'], why: 'no identity of others' },
  { group: 'batch', resource: 'jobs', verbs: ['get', 'create', 'delete'], why: 'it starts nothing' },
  { group: 'batch', resource: 'cronjobs', verbs: ['get', 'patch'], why: 'it starts nothing' },
  { group: 'apps', resource: 'deployments', verbs: ['get', 'patch'], why: 'it changes no workload' },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'roles',
    verbs: ['get', 'create', 'patch', 'escalate'],
    why: 'no right for itself',
  },
];

/** Of names that are given, whatever is asked without one of them is refused as well. */
const UNNAMED: ForbiddenAccess = {
  group: '',
  resource: 'secrets',
  verbs: ['get', 'list'],
  why: 'no Secret but those that are named',
};

/**
 * The can/cannot table for a namespace that is given.
 *
 * @param others namespaces that are not given; every right is shown to end at them, and at the whole cluster.
 */
export const listSecretAccess = (
  namespace: string,
  others: readonly string[],
  reading: SecretReading = 'listed',
): readonly AccessRow[] => {
  if (reading === 'listed') {
    return listNamespacedAccess({ given: secretRights(reading), forbidden: FORBIDDEN }, namespace, others);
  }
  const [{ why } = { why: '' }] = secretRights(reading);
  const row = { verb: 'get', group: '', resource: 'secrets' };
  return [
    ...reading.names.map((name) => ({ ...row, name, namespace, allowed: true, why })),
    ...listNamespacedAccess({ given: [], forbidden: [...FORBIDDEN, UNNAMED] }, namespace, others),
    ...[...others, ''].flatMap((other) =>
      reading.names.map((name) => ({
        ...row,
        name,
        namespace: other,
        allowed: false,
        why: 'not a namespace that was given',
      })),
    ),
  ];
};
