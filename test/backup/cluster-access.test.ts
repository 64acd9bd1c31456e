import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { buildBackupAccessManifest } from '../../functions/backup/access-manifest.ts';
import { listBackupAccess } from '../../functions/backup/cluster-access.ts';
import { listPreflightAccess } from '../../functions/backup/preflight-access.ts';
import {
  BACKUP_GROUP,
  BACKUP_PREFLIGHT_GROUP,
  BACKUP_SECRETS_GROUP,
} from '../../functions/records/cluster-group.ts';

const Role = z.object({
  kind: z.literal('Role'),
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  rules: z.array(
    z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
});

const rolesOf = (name: string) =>
  buildBackupAccessManifest(['gitlab', 'other'])
    .flatMap((object) => Role.safeParse(object).data ?? [])
    .filter(({ metadata }) => metadata.name === name);

const STARTS = [
  'get cronjobs.batch',
  'create jobs.batch',
  'get jobs.batch',
  'list jobs.batch',
  'delete jobs.batch',
  'get pods.',
  'list pods.',
  'get pods/log.',
];
const LOOKS = ['get cronjobs.batch', 'list jobs.batch', 'list resourcequotas.'];

describe.each([
  ['that starts backups', 'drydock-backup', listBackupAccess, STARTS],
  ['of preflight, which only looks', 'drydock-backup-preflight', listPreflightAccess, LOOKS],
])('the Role %s', (_, name, listAccess, rights) => {
  test('holds exactly what the table allows, in each namespace that is given', () => {
    const roles = rolesOf(name);
    expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(['gitlab', 'other']);
    const held = roles[0]?.rules.flatMap(({ apiGroups, resources, verbs }) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${apiGroups.join()}`)),
    );
    expect(held).toEqual(rights);
    const allowed = listAccess('gitlab', []).filter((row) => row.allowed);
    expect(allowed.map(({ verb, resource, group }) => `${verb} ${resource}.${group}`)).toEqual(held);
  });

  test('has a table that says of no question both yes and no, and ends at other namespaces', () => {
    const rows = listAccess('gitlab', ['kube-system']);
    const names = rows.map(
      ({ verb, group, resource, namespace }) => `${verb} ${resource}.${group} ${namespace}`,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(rows.filter(({ allowed, namespace }) => allowed && namespace !== 'gitlab')).toEqual([]);
  });
});

test('each Role is bound to a group of its own', () => {
  const bindings = buildBackupAccessManifest(['gitlab']).filter(({ kind }) => kind === 'RoleBinding');
  expect(bindings).toMatchObject([
    {
      metadata: { namespace: 'gitlab' },
      roleRef: { kind: 'Role', name: 'drydock-backup' },
      subjects: [{ kind: 'Group', name: BACKUP_GROUP }],
    },
    {
      metadata: { namespace: 'gitlab' },
      roleRef: { kind: 'Role', name: 'drydock-backup-preflight' },
      subjects: [{ kind: 'Group', name: BACKUP_PREFLIGHT_GROUP }],
    },
    {
      metadata: { namespace: 'gitlab' },
      roleRef: { kind: 'Role', name: 'drydock-backup-secrets' },
      subjects: [{ kind: 'Group', name: BACKUP_SECRETS_GROUP }],
    },
  ]);
});
