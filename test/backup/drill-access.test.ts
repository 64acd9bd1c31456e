import { describe, expect, it } from 'vitest';
import {
  buildDrillAccessManifest,
  DRILL_RIGHTS,
  listDrillAccess,
} from '../../functions/backup/drill-access.ts';
import { DRILL_GROUP } from '../../functions/records/cluster-group.ts';

const rows = listDrillAccess('gitlab-drill', ['gitlab']);

describe('the rights of a drill', () => {
  it('end at its namespace', () => {
    expect(rows.filter(({ allowed, namespace }) => allowed && namespace !== 'gitlab-drill')).toEqual([]);
    expect(rows.filter(({ namespace }) => namespace === 'gitlab')).not.toEqual([]);
  });

  it('are said of no question both yes and no', () => {
    const questions = rows.map(
      ({ verb, group, resource, namespace }) => `${verb} ${resource}.${group} ${namespace}`,
    );
    expect(questions.filter((one, index) => questions.indexOf(one) !== index)).toEqual([]);
  });

  it('change no policy of others, and read no Secret', () => {
    const verbs = (resource: string) =>
      DRILL_RIGHTS.filter(({ resources }) => resources.includes(resource)).flatMap((right) => right.verbs);
    expect(verbs('networkpolicies')).toEqual(['get', 'list', 'create', 'delete']);
    expect(verbs('secrets')).toEqual([]);
  });

  it('are bound to one group in each namespace', () => {
    expect(buildDrillAccessManifest(['gitlab-drill'])).toMatchObject([
      { kind: 'Role', metadata: { name: 'drydock-drill', namespace: 'gitlab-drill' } },
      { kind: 'RoleBinding', subjects: [{ kind: 'Group', name: DRILL_GROUP }] },
    ]);
  });
});
