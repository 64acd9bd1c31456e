import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { listRestoreAccess, listRestorePlanAccess } from '../../functions/backup/restore-access.ts';
import { buildRestoreAccessManifest } from '../../functions/backup/restore-manifest.ts';
import { listRestoreSecretAccess } from '../../functions/backup/restore-secret-access.ts';
import {
  RESTORE_GROUP,
  RESTORE_PLAN_GROUP,
  RESTORE_SECRETS_GROUP,
} from '../../functions/records/cluster-group.ts';

/** The three identities of a restore. */

const NAMES = ['gitlab-rails-secret', 'gitlab-registry-secret'];
const manifest = buildRestoreAccessManifest(['gitlab'], NAMES);

const Role = z.object({
  kind: z.literal('Role'),
  metadata: z.object({ name: z.string() }),
  rules: z.array(
    z.object({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      resourceNames: z.array(z.string()).optional(),
      verbs: z.array(z.string()),
    }),
  ),
});

const rightsOf = (wanted: string): string[] =>
  manifest
    .flatMap((object) => Role.safeParse(object).data ?? [])
    .filter(({ metadata }) => metadata.name === wanted)
    .flatMap(({ rules }) => rules)
    .flatMap(({ apiGroups, resources, resourceNames = [''], verbs }) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) =>
          verbs.map((verb) => `${verb} ${resource}.${apiGroups.join()} ${name}`.trim()),
        ),
      ),
    );

const TABLES = [
  ['drydock-restore', RESTORE_GROUP, listRestoreAccess('gitlab', ['kube-system'])],
  ['drydock-restore-plan', RESTORE_PLAN_GROUP, listRestorePlanAccess('gitlab', ['kube-system'])],
  [
    'drydock-restore-secrets',
    RESTORE_SECRETS_GROUP,
    listRestoreSecretAccess('gitlab', ['kube-system'], NAMES),
  ],
] as const;

describe.each(TABLES)('%s', (role, group, rows) => {
  test('holds exactly what its table allows, and no right beyond its namespace', () => {
    const allowed = rows.filter((row) => row.allowed);
    const held = allowed.map(({ verb, resource, group: api, name = '' }) =>
      `${verb} ${resource}.${api} ${name}`.trim(),
    );
    expect(rightsOf(role).toSorted()).toEqual(held.toSorted());
    expect(allowed.filter(({ namespace }) => namespace !== 'gitlab')).toEqual([]);
  });

  test('is said of no question both yes and no', () => {
    const questions = rows.map(
      ({ verb, group: api, resource, name = '', namespace }) =>
        `${verb} ${resource}.${api} ${name} ${namespace}`,
    );
    expect(questions.filter((one, index) => questions.indexOf(one) !== index)).toEqual([]);
  });

  test(`is bound to ${group} alone`, () => {
    const bindings = manifest.filter(({ kind, roleRef }) => {
      return kind === 'RoleBinding' && JSON.stringify(roleRef).includes(`"${role}"`);
    });
    expect(bindings).toMatchObject([{ subjects: [{ kind: 'Group', name: group }] }]);
  });
});

test('whoever scales reads and writes no Secret', () => {
  expect(rightsOf('drydock-restore').filter((right) => right.includes('secrets'))).toEqual([]);
});

test('whoever makes the plan changes nothing, and reads no log', () => {
  const rights = rightsOf('drydock-restore-plan');
  expect(rights.filter((right) => !/^(get|list) /.test(right))).toEqual([]);
  expect(rights).not.toContain('get pods/log.');
  expect(rights).toContain('list deployments.apps');
});

test('whoever writes Secrets reaches those that are named, may make one that is missing, and lists none', () => {
  expect(rightsOf('drydock-restore-secrets').toSorted()).toEqual(
    [
      ...NAMES.flatMap((name) => ['get', 'update', 'delete'].map((verb) => `${verb} secrets. ${name}`)),
      'create secrets.',
    ].toSorted(),
  );
});
