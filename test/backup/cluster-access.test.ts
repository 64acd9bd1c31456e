import { expect, test } from 'vitest';
import * as z from 'zod';
import { buildBackupAccessManifest } from '../../functions/backup/access-manifest.ts';
import { listBackupAccess } from '../../functions/backup/cluster-access.ts';
import { BACKUP_GROUP, BACKUP_SECRETS_GROUP } from '../../functions/records/cluster-group.ts';

const Role = z.object({
  kind: z.literal('Role'),
  metadata: z.object({ name: z.literal('drydock-backup'), namespace: z.string() }),
  rules: z.array(
    z.object({ apiGroups: z.array(z.string()), resources: z.array(z.string()), verbs: z.array(z.string()) }),
  ),
});

test('the Role holds exactly what the table allows, in each namespace that is given', () => {
  const roles = buildBackupAccessManifest(['gitlab', 'other']).flatMap((object) => {
    const role = Role.safeParse(object);
    return role.success ? [role.data] : [];
  });
  expect(roles.map(({ metadata }) => metadata.namespace)).toEqual(['gitlab', 'other']);
  const held = roles[0]?.rules.flatMap(({ apiGroups, resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${apiGroups.join()}`)),
  );
  expect(held).toEqual([
    'get cronjobs.batch',
    'create jobs.batch',
    'get jobs.batch',
    'list jobs.batch',
    'delete jobs.batch',
    'get pods.',
    'list pods.',
    'list resourcequotas.',
    'get pods/log.',
  ]);
  const allowed = listBackupAccess('gitlab', []).filter((row) => row.allowed);
  expect(allowed.map(({ verb, resource, group }) => `${verb} ${resource}.${group}`)).toEqual(held);
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
      roleRef: { kind: 'Role', name: 'drydock-backup-secrets' },
      subjects: [{ kind: 'Group', name: BACKUP_SECRETS_GROUP }],
    },
  ]);
});

test('the table says of no question both yes and no, and ends at other namespaces', () => {
  const rows = listBackupAccess('gitlab', ['kube-system']);
  const names = rows.map(
    ({ verb, group, resource, namespace }) => `${verb} ${resource}.${group} ${namespace}`,
  );
  expect(new Set(names).size).toBe(names.length);
  expect(rows.filter(({ allowed, namespace }) => allowed && namespace !== 'gitlab')).toEqual([]);
});
