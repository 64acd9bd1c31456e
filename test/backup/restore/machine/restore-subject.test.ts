import { describe, expect, it, test } from 'vitest';
import {
  chooseSafetyPolicy,
  findRestore,
} from '../../../../functions/backup/restore/reading/restore-subject.ts';
import { addOverrides, resumePlan } from '../../../../functions/backup/restore/reading/resumed-plan.ts';
import { judgeArchivePlace, judgeSafety } from '../../../../functions/backup/restore/reading/safety-check.ts';
import { findPlaceholders } from '../../../../functions/rules/answer-placeholders.ts';
import { buildSubject } from '../../../support/backup-step.ts';
import { SITE_CONFIGURATION } from '../../../support/restore-site.ts';
import { buildExecution, buildPlan } from '../restore-builders.ts';
import { RELEASE, RESTORE_SET } from '../restore-facts.ts';

describe('where a restore goes', () => {
  it('is the scratch place of the environment unless somebody names an environment', () => {
    const { target, originTarget, role } = findRestore(SITE_CONFIGURATION, {
      environment: 'production',
      target: 'scratch',
    });
    expect(target).toEqual({ ...originTarget, kind: 'scratch', namespace: 'gitlab-scratch' });
    expect(role).toBeUndefined();
  });

  it('is the environment that is named, under the role of its own toolbox', () => {
    const { target, role } = findRestore(SITE_CONFIGURATION, {
      environment: 'production',
      target: 'production',
    });
    expect(target).toMatchObject({
      kind: 'environment',
      cluster: 'blue',
      namespace: 'gitlab',
      release: 'gitlab',
    });
    expect(role).toBe('arn:aws:iam::111122223333:role/gitlab-toolbox');
  });

  test.each([
    ['an environment that is not backed up', { environment: 'x', target: 'scratch' }, 'backup.unknown'],
    ['a target that is not backed up', { environment: 'production', target: 'x' }, 'backup.unknown'],
  ])('is refused for %s', (_, request, code) => {
    expect(() => findRestore(SITE_CONFIGURATION, request)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused for a scratch that drydock.yaml does not name', () => {
    const bare = structuredClone(SITE_CONFIGURATION);
    const production = bare.backup?.environments['production'];
    if (production) delete production.restore.scratch;
    expect(() => findRestore(bare, { environment: 'production', target: 'scratch' })).toThrow(
      /names no scratch place/,
    );
  });
});

describe('the policy of a safety backup', () => {
  const policies = (all: Readonly<Record<string, object>>) =>
    buildSubject(
      {},
      {
        policies: Object.fromEntries(
          Object.entries(all).map(([name, policy], index) => [
            name,
            { schedule: `cron(0 ${index * 3} * * ? *)`, versions: [], ...policy },
          ]),
        ),
      },
    ).settings.policies;

  test.each([
    ['the one that skips least', { a: { skip: ['lfs', 'uploads'] }, daily: { skip: ['lfs'] } }, 'daily'],
    ['none that leaves out the database', { daily: { skip: ['db'] } }, undefined],
    ['none that leaves out the repositories', { daily: { skip: ['repositories'] } }, undefined],
    ['the first by name of equal ones', { b: {}, daily: {} }, 'b'],
  ])('is %s', (_, all, expected) => {
    expect(chooseSafetyPolicy(policies(all))?.name).toBe(expected);
  });

  it('is missed where what stands there is to be replaced, unless somebody lets that pass', () => {
    const owner = { ...buildSubject({ skip: ['db'] }) };
    const { target } = buildPlan();
    expect(judgeSafety({ target, owner }, { overrides: [] })).toMatchObject([
      { outcome: 'refuse', stops: true },
    ]);
    const overrides = [{ check: 'safety-backup', why: 'it is broken anyway' }];
    expect(judgeSafety({ target, owner }, { overrides })).toMatchObject([
      { stops: false, override: 'it is broken anyway' },
    ]);
    expect(judgeSafety({ target: { ...target, kind: 'scratch' }, owner }, { overrides: [] })).toEqual([]);
  });
});

describe('the archive', () => {
  test.each([
    ['lies where the toolbox looks', 'acme-backups', []],
    ['lies elsewhere', 'other', [{ code: 'archive-place', stops: true }]],
  ])('%s', (_, backupBucket, expected) => {
    expect(judgeArchivePlace(RESTORE_SET, { release: { ...RELEASE, backupBucket } })).toMatchObject(expected);
  });
});

describe('a plan that goes on', () => {
  const plan = buildPlan();
  const about = (overrides: readonly { check: string; why: string }[]) => ({
    request: { ...plan.request, overrides: [...overrides] },
    madeAt: plan.madeAt,
    execution: buildExecution('restore-2'),
  });

  it('is approved anew, and for what is let pass now', () => {
    const one = resumePlan({ id: 'restore-1', plan }, about([]));
    const other = resumePlan({ id: 'restore-1', plan }, about([{ check: 'doctor-secrets', why: 'known' }]));
    expect(new Set([plan.id, one.id, other.id]).size).toBe(3);
    expect(one).toMatchObject({ resumes: 'restore-1', steps: plan.steps });
  });

  it('keeps what was let pass before', () => {
    const before = { ...plan, request: about([{ check: 'gitops', why: 'a' }]).request };
    const after = addOverrides(
      before,
      about([
        { check: 'gitops', why: 'b' },
        { check: 'version', why: 'c' },
      ]),
    );
    expect(after.request.overrides).toEqual([
      { check: 'gitops', why: 'b' },
      { check: 'version', why: 'c' },
    ]);
  });
});

test.each([
  [{ by: '<you>', why: 'now', choice: 'resume' }, ['by']],
  [{ by: ' <you> ', why: '<why>' }, ['by', 'why']],
  [{ by: 'Ada <ada@example.com>', why: '1 < 2' }, []],
  ['yes', []],
  [null, []],
])('of the answer %j these places were left as they stood: %j', (answer, expected) => {
  expect(findPlaceholders(answer)).toEqual(expected);
});
