import { describe, expect, it, test } from 'vitest';
import { known, unknown } from '../../../../functions/backup/preflight/learn.ts';
import { makeRestorePlan } from '../../../../functions/backup/restore/make-restore-plan.ts';
import { describeNative, judgeNative } from '../../../../functions/backup/restore/native/draft-native.ts';
import { type NativeView, partsOf } from '../../../../functions/backup/restore/native/native-view.ts';
import { listPlanChanges } from '../../../../functions/backup/restore/plan-changes.ts';
import type { RestoreFacts } from '../../../../functions/backup/restore/prechecks/facts.ts';
import { RELEASE } from '../restore-facts.ts';
import { AT, alone, ENABLED, FACTS, main, SET, snapshot, VIEW } from './native-views.ts';

const judge = (changes: Partial<NativeView>, facts: RestoreFacts = FACTS) =>
  judgeNative({ ...VIEW, ...changes }, facts);
const against = (checks: ReturnType<typeof judge>) =>
  checks
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ code, outcome, stops }) => [code, outcome, stops]);

describe('before a native set is restored', () => {
  it('nothing stands against an ordinary one', () => {
    expect(against(judge({}))).toEqual([]);
  });

  test.each([
    ['runningVersion', 'version'],
    ['secrets', 'secrets'],
    ['hasCronJob', 'cron-template'],
    ['running', 'other-backup'],
    ['pause', 'not-paused'],
    ['maintenance', 'no-maintenance'],
    ['place', 'workloads'],
    ['place', 'gitops'],
    ['place', 'autoscalers'],
  ] as const)('as long as %s is not known, %s stops it as it stops any other', (fact, code) => {
    const checks = against(judge({}, { ...FACTS, [fact]: unknown('no right') }));
    expect(checks).toContainEqual([code, 'not-checked', true]);
  });

  test.each<[string, Partial<NativeView>, [string, string, boolean][]]>([
    [
      'an instance that drydock.yaml does not name',
      { place: { ...VIEW.place, instance: 'other' } },
      [['native-database', 'refuse', true]],
    ],
    [
      'an RDS that may not be asked',
      { database: unknown('no right') },
      [['native-database', 'not-checked', true]],
    ],
    [
      'a database that is gone',
      { database: known({ origin: undefined, main: undefined, interim: undefined, kept: undefined }) },
      [['native-database', 'refuse', true]],
    ],
    ['a cluster', { database: alone({ isOfCluster: true }) }, [['native-database', 'refuse', true]]],
    [
      'a database that is being changed',
      { database: alone({ status: 'modifying' }) },
      [['native-database', 'refuse', true]],
    ],
    [
      'a name that somebody has',
      { database: known({ origin: main(), main: main(), interim: main(), kept: undefined }) },
      [['native-database', 'refuse', true]],
    ],
    [
      'a snapshot that is gone, while RDS goes back so far',
      { snapshot: known(undefined) },
      [['native-database', 'warn', false]],
    ],
    [
      'a snapshot that is gone, and backups of RDS that are too',
      { snapshot: known(undefined), database: alone({ settings: { ...main().settings, retentionDays: 1 } }) },
      [['native-database', 'refuse', true]],
    ],
    [
      'a snapshot that is not finished, and a database without backups of RDS',
      {
        snapshot: known({ ...snapshot, status: 'creating' }),
        database: alone({ latestRestorableTime: '2026-11-20T00:00:00.000Z' }),
      },
      [['native-database', 'refuse', true]],
    ],
    [
      'a key that is switched off',
      { key: known({ usable: false, reason: 'Disabled' }) },
      [['native-database', 'refuse', true]],
    ],
    [
      'versions that are switched off',
      { buckets: [{ ...ENABLED, versions: known({ versioning: 'suspended' }) }] },
      [['native-versions', 'refuse', true]],
    ],
    [
      'versions that have expired',
      { buckets: [{ ...ENABLED, versions: known({ versioning: 'enabled', noncurrentDays: 1 }) }] },
      [['native-versions', 'refuse', true]],
    ],
    [
      'versions in an archive',
      { buckets: [{ ...ENABLED, versions: known({ versioning: 'enabled' }), archived: known(3) }] },
      [['native-versions', 'refuse', true]],
    ],
    ['buckets that nobody named', { sourceBuckets: ['*'] }, [['native-versions', 'refuse', true]]],
    [
      'other buckets than those named',
      { sourceBuckets: ['acme-lfs'] },
      [['native-versions', 'refuse', true]],
    ],
    [
      'repositories that are gone',
      { manifests: known({ found: 0, isAll: true, storages: [] }) },
      [['native-gitaly', 'refuse', true]],
    ],
    [
      'repositories that were not found soon',
      { manifests: known({ found: 0, isAll: false, storages: [] }) },
      [['native-gitaly', 'warn', false]],
    ],
    [
      'a bucket of Gitaly that may not be listed',
      { manifests: unknown('no right') },
      [['native-gitaly', 'not-checked', true]],
    ],
  ])('it finds %s', (_, changes, expected) => {
    expect(against(judge(changes))).toEqual(expected);
  });

  test.each<[string, Partial<RestoreFacts>, string]>([
    ['another environment', { target: { ...FACTS.target, environment: 'staging' } }, 'native-place'],
    ['a set without its parts', { set: { ...SET, parts: [] } }, 'native-parts'],
    [
      'a GitLab that has moved to another bucket',
      {
        release: known({
          ...RELEASE,
          components: [{ component: 'uploads', on: true, bucket: 'other', path: 'a' }],
        }),
      },
      'native-versions',
    ],
    [
      'a Gitaly that has moved to another bucket',
      { release: known({ ...RELEASE, gitaly: { ...RELEASE.gitaly, bucket: 'other' } }) },
      'native-gitaly',
    ],
  ])('it refuses %s', (_, changes, code) => {
    const facts = { ...FACTS, ...changes };
    const checks = judge({ parts: partsOf(facts.set.parts) }, facts);
    expect(checks.filter(({ stops }) => stops).map((one) => one.code)).toEqual([code]);
  });
});

describe('the plan of a native set', () => {
  const plan = (view: NativeView = VIEW, facts = FACTS) =>
    makeRestorePlan(facts, [], describeNative(view, facts));

  it('replaces the buckets of the set, and those alone', () => {
    expect(plan().buckets).toEqual([{ component: 'uploads', bucket: 'acme-uploads' }]);
    expect(plan().skip).toContain('lfs');
  });

  it('is another one when its snapshot is gone, and says so to whoever approved it', () => {
    const later = plan({ ...VIEW, snapshot: known(undefined) });
    expect(later.id).not.toBe(plan().id);
    expect(listPlanChanges(plan(), later)).toEqual([expect.stringContaining('Snapshots, versions')]);
  });

  it('brings the password of the time back, since the database knows no other', () => {
    const row = {
      id: 'postgresql-password',
      name: 'gitlab-psql',
      state: 'differs' as const,
      differences: [],
      meaning: 'as-it-is' as const,
      message: '',
    };
    const fingerprint = {
      id: row.id,
      name: row.name,
      need: 'required' as const,
      purpose: 'connection' as const,
      state: 'read' as const,
      keys: {},
    };
    const saved = { takenAt: AT, keyId: 'k', environment: 'production', secrets: [fingerprint] };
    const secrets = {
      object: { bucket: 'b', key: 'k' },
      kmsKey: 'k',
      fingerprints: { version: 1 as const, ...saved },
    };
    const facts: RestoreFacts = {
      ...FACTS,
      set: { ...SET, secrets },
      secrets: known({ meaning: 'as-it-is', secrets: [row] }),
    };
    expect(plan(VIEW, facts).secrets).toEqual([{ id: row.id, name: row.name }]);
    expect(makeRestorePlan(facts, []).secrets).toEqual([]);
  });
});
