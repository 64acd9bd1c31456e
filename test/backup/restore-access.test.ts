import { expect, test } from 'vitest';
import { buildRestoreAccessManifest, listRestoreAccess } from '../../functions/backup/restore-access.ts';
import { RESTORE_GROUP, RESTORE_SECRETS_GROUP } from '../../functions/records/cluster-group.ts';

const manifest = buildRestoreAccessManifest(['gitlab'], ['gitlab-rails-secret']);
const roleNamed = (name: string) =>
  manifest.find(
    (object) => object['kind'] === 'Role' && JSON.stringify(object['metadata']).includes(`"${name}"`),
  );

test('the table says of no question both yes and no', () => {
  const rows = listRestoreAccess('gitlab', ['kube-system']);
  const names = rows.map(
    ({ verb, group, resource, namespace }) => `${verb} ${resource}.${group} ${namespace}`,
  );
  expect(new Set(names).size).toBe(names.length);
});

test('whoever scales reads and writes no Secret', () => {
  expect(JSON.stringify(roleNamed('drydock-restore'))).not.toContain('"secrets"');
});

test('whoever writes Secrets reaches those that are named, and may make one that is missing', () => {
  expect(roleNamed('drydock-restore-secrets')).toMatchObject({
    rules: [
      { resources: ['secrets'], resourceNames: ['gitlab-rails-secret'], verbs: ['get', 'update', 'delete'] },
      { resources: ['secrets'], verbs: ['create'] },
    ],
  });
});

test('each Role is bound to a group of its own', () => {
  expect(manifest.filter(({ kind }) => kind === 'RoleBinding')).toMatchObject([
    { roleRef: { name: 'drydock-restore' }, subjects: [{ name: RESTORE_GROUP }] },
    { roleRef: { name: 'drydock-restore-secrets' }, subjects: [{ name: RESTORE_SECRETS_GROUP }] },
  ]);
});
