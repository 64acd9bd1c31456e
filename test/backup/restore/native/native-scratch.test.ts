import { describe, expect, it, test } from 'vitest';
import { known, unknown } from '../../../../functions/backup/preflight/learn.ts';
import { makeRestorePlan } from '../../../../functions/backup/restore/make-restore-plan.ts';
import { describeNative, judgeNative } from '../../../../functions/backup/restore/native/draft-native.ts';
import type { NativeView } from '../../../../functions/backup/restore/native/native-view.ts';
import type { RestoreFacts } from '../../../../functions/backup/restore/prechecks/facts.ts';
import { RELEASE } from '../restore-facts.ts';
import { AT, ENABLED, main, SCRATCH_FACTS, SCRATCH_VIEW, SNAPSHOT } from './native-views.ts';

const against = (view: NativeView, facts: RestoreFacts) =>
  judgeNative(view, facts)
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ code, outcome, stops }) => [code, outcome, stops]);

const there = SCRATCH_VIEW.database.known ? SCRATCH_VIEW.database.value : undefined;
const withDatabase = (changes: Partial<NonNullable<typeof there>>): Partial<NativeView> => ({
  database: known({
    origin: undefined,
    main: undefined,
    interim: undefined,
    kept: undefined,
    ...there,
    ...changes,
  }),
});
const withRelease = (changes: Partial<typeof RELEASE>): Partial<RestoreFacts> => ({
  release: known({ ...(SCRATCH_FACTS.release.known ? SCRATCH_FACTS.release.value : RELEASE), ...changes }),
});

describe('before a native set is restored into the scratch place of its GitLab', () => {
  it('nothing stands against an ordinary one', () => {
    expect(against(SCRATCH_VIEW, SCRATCH_FACTS)).toEqual([]);
  });

  test.each<[string, Partial<NativeView>, Partial<RestoreFacts>, [string, string, boolean][]]>([
    [
      'the namespace that people use',
      {},
      { target: { ...SCRATCH_FACTS.target, namespace: SCRATCH_FACTS.origin.namespace } },
      [['scratch-apart', 'refuse', true]],
    ],
    [
      'a place for which drydock.yaml names no instance',
      { place: { ...SCRATCH_VIEW.place, instance: undefined } },
      {},
      [['native-place', 'refuse', true]],
    ],
    [
      'an instance of the place that is not there',
      withDatabase({ main: undefined }),
      {},
      [
        ['native-database', 'refuse', true],
        ['native-endpoint', 'not-checked', true],
      ],
    ],
    [
      'an instance that is set up for another major version',
      withDatabase({ origin: main({ engineVersion: '16.4' }) }),
      {},
      [['native-database', 'refuse', true]],
    ],
    [
      'a GitLab there that uses another server',
      {},
      withRelease({ databases: [{ name: 'main', host: 'other.abc.rds.amazonaws.com' }] }),
      [['native-endpoint', 'refuse', true]],
    ],
    [
      'a GitLab there whose server nobody names',
      {},
      withRelease({ databases: [] }),
      [['native-endpoint', 'not-checked', true]],
    ],
    [
      'a GitLab there that keeps no such objects',
      {},
      withRelease({
        components: [{ component: 'uploads', on: false, bucket: 'scratch-uploads', path: 'a' }],
      }),
      [['native-versions', 'refuse', true]],
    ],
    [
      'the bucket of the set itself',
      { place: { ...SCRATCH_VIEW.place, buckets: ['*'] } },
      withRelease({ components: [{ component: 'uploads', on: true, bucket: 'acme-uploads', path: 'a' }] }),
      [['native-versions', 'refuse', true]],
    ],
    [
      'a bucket of the place into which nobody may write',
      { place: { ...SCRATCH_VIEW.place, buckets: ['scratch-lfs'] } },
      {},
      [['native-versions', 'refuse', true]],
    ],
    [
      'a bucket of the set that nobody may read',
      { sourceBuckets: ['acme-lfs'] },
      {},
      [['native-versions', 'refuse', true]],
    ],
    [
      'a bucket of the set that makes no versions',
      { buckets: [{ ...ENABLED, versions: known({ versioning: 'suspended' }) }] },
      {},
      [['native-versions', 'refuse', true]],
    ],
    [
      'a Gitaly there that knows no bucket of backups',
      {},
      withRelease({ gitaly: RELEASE.gitaly }),
      [['native-gitaly', 'refuse', true]],
    ],
    [
      'a Gitaly there without a storage of the set',
      { manifests: known({ found: 7, isAll: true, storages: ['default', 'second'] }) },
      {},
      [['native-gitaly', 'refuse', true]],
    ],
    [
      'a GitLab there whose values nobody can read',
      {},
      { release: unknown('no right') },
      [
        ['native-endpoint', 'not-checked', true],
        ['native-versions', 'not-checked', true],
        ['native-gitaly', 'not-checked', true],
      ],
    ],
  ])('it finds %s', (_, view, facts, expected) => {
    expect(against({ ...SCRATCH_VIEW, ...view }, { ...SCRATCH_FACTS, ...facts })).toEqual(expected);
  });
});

describe('the plan of a native set for a scratch place', () => {
  const native = describeNative(SCRATCH_VIEW, SCRATCH_FACTS);
  const plan = makeRestorePlan(SCRATCH_FACTS, [], native);

  it('makes the instance of the place anew, of the snapshot of the other', () => {
    expect(native.database).toEqual({
      instance: 'scratch',
      origin: 'gitlab',
      source: { kind: 'snapshot', arn: SNAPSHOT },
      ...SCRATCH_VIEW.names,
    });
  });

  it('goes by the backups that RDS keeps of the other, where its snapshot is gone', () => {
    const view = { ...SCRATCH_VIEW, snapshot: known(undefined) };
    expect(describeNative(view, SCRATCH_FACTS).database).toMatchObject({ source: { kind: 'time', at: AT } });
    const none = {
      ...view,
      ...withDatabase({ origin: main({ settings: { ...main().settings, retentionDays: 0 } }) }),
    };
    expect(describeNative(none, SCRATCH_FACTS).database).toBeUndefined();
  });

  it('fills the buckets of the place, and reads those of the set', () => {
    expect(native.buckets).toEqual([
      { component: 'uploads', bucket: 'acme-uploads', at: AT, into: 'scratch-uploads' },
    ]);
    expect(plan.buckets).toEqual([{ component: 'uploads', bucket: 'scratch-uploads' }]);
  });

  it('says from where to where, and makes no backup of what nobody misses', () => {
    expect(plan.steps.map(({ step }) => step)).toEqual([
      'restore-database',
      'suspend-schedules',
      'quiesce',
      'restore-secrets',
      'swap-database',
      'restore-objects',
      'restore-repositories',
      'check',
      'open',
      'probe',
      'runners',
    ]);
    expect(plan.steps.find(({ step }) => step === 'restore-objects')?.title).toBe(
      'Copy every object of acme-uploads into scratch-uploads as it was at the time of the set; what lies there besides stays',
    );
  });

  it('is another one when GitLab there has moved to another bucket', () => {
    const components = [{ component: 'uploads' as const, on: true, bucket: 'scratch-2', path: 'a' }];
    const facts = { ...SCRATCH_FACTS, ...withRelease({ components }) };
    expect(makeRestorePlan(facts, [], describeNative(SCRATCH_VIEW, facts)).id).not.toBe(plan.id);
  });
});
