import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { buildBackupAccessManifest } from '../../functions/backup/access-manifest.ts';
import { listSecretAccess, type SecretReading } from '../../functions/backup/secret-access.ts';

/** The identity that reads Secrets, and nothing else. */

const Role = z.object({
  kind: z.literal('Role'),
  metadata: z.object({ name: z.literal('drydock-backup-secrets') }),
  rules: z.array(
    z.object({
      apiGroups: z.array(z.string()),
      resources: z.array(z.string()),
      resourceNames: z.array(z.string()).optional(),
      verbs: z.array(z.string()),
    }),
  ),
});

const rightsOf = (reading?: SecretReading): string[] =>
  buildBackupAccessManifest(['gitlab'], reading)
    .flatMap((object) => Role.safeParse(object).data?.rules ?? [])
    .flatMap(({ resources, resourceNames = [''], verbs }) =>
      resources.flatMap((resource) =>
        verbs.flatMap((verb) => resourceNames.map((name) => `${verb} ${resource} ${name}`.trim())),
      ),
    );

const NAMES = { names: ['gitlab-rails-secret', 'gitlab-gitaly-secret'] };

describe.each<[string, SecretReading, readonly string[]]>([
  ['reads any Secret of its namespace, to find the Helm release', 'listed', ['get secrets', 'list secrets']],
  [
    'reads those that are named, and lists none',
    NAMES,
    ['get secrets gitlab-rails-secret', 'get secrets gitlab-gitaly-secret'],
  ],
])('the reader of secrets %s', (_, reading, rights) => {
  const rows = listSecretAccess('gitlab', ['kube-system'], reading);

  it('by a Role that holds exactly what the table allows', () => {
    expect(rightsOf(reading)).toEqual(rights);
    const allowed = rows.filter((row) => row.allowed);
    expect(allowed.map(({ verb, resource, name = '' }) => `${verb} ${resource} ${name}`.trim())).toEqual(
      rights,
    );
  });

  it('and no question is answered both ways, nor beyond its namespace with yes', () => {
    const names = rows.map(
      ({ verb, group, resource, name, namespace }) => `${verb} ${resource}.${group} ${name} ${namespace}`,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(rows.filter(({ allowed, namespace }) => allowed && namespace !== 'gitlab')).toEqual([]);
    expect(rows.some(({ allowed, resource }) => allowed && resource !== 'secrets')).toBe(false);
  });
});
