import { describe, expect, it } from 'vitest';
import { planRetention } from '../../../functions/backup/retention/retention-plan.ts';
import type { RetentionPolicy } from '../../../functions/backup/retention/set-wish.ts';
import type { BackupSetEntry } from '../../../functions/records/backup/set-index.ts';
import { BACKUP_TIME, buildEntry, buildRetentionPolicy, hoursAgo } from '../../support/backup-sets.ts';

const day = (days: number, changes: Partial<BackupSetEntry> = {}) => buildEntry(days * 24, changes);
const policies = (
  changes: Parameters<typeof buildRetentionPolicy>[0] = {},
  others: Parameters<typeof buildRetentionPolicy>[1] = {},
) => new Map([['daily', buildRetentionPolicy(changes, others)]]);

const plan = (
  sets: readonly BackupSetEntry[],
  of: ReadonlyMap<string, RetentionPolicy> = policies(),
  { now = BACKUP_TIME, dryRun = false } = {},
) => planRetention(sets, of, { now, dryRun });
/** What becomes of one of the sets. */
const fateOf = (set: BackupSetEntry, ...rest: Parameters<typeof plan>) => {
  const decision = plan(...rest).find((one) => one.set === set.id);
  return decision && `${decision.action}: ${decision.reason}`;
};

/** Two verified sets of today and yesterday, so that age and count alone keep nothing else. */
const FRESH = [day(0), day(1)];
const OLD = day(40);
/** Its beginning, as long as the other text: `would-delete` is not `delete`. */
const startOf = (fate: string | undefined, like: string) => fate?.slice(0, like.length);
const AGED = 'delete: It is older than 10 days, not one of the last 2 verified sets';

describe('a verified set', () => {
  it.each<[string, BackupSetEntry, string]>([
    ['of 9 days is kept for its age', day(9), 'keep: It is not older than 10 days.'],
    ['of 10 days exactly is kept for its age', day(10), 'keep: It is not older than 10 days.'],
    ['of 10 days and an hour goes', buildEntry(241), AGED],
    ['under a legal hold is kept', day(40, { legalHold: true }), 'keep: It is under a legal hold.'],
    [
      'that is locked for an hour more is kept, and says why it could go',
      day(40, { lockedUntil: hoursAgo(-1).toISOString() }),
      'keep: It is locked until 2026-11-21T13:00:00.000Z; else it could go: It is older than 10 days',
    ],
    ['whose lock has just ended goes', day(40, { lockedUntil: BACKUP_TIME.toISOString() }), AGED],
    [
      'of a policy that is gone is kept',
      day(40, { policy: 'hourly' }),
      'keep: Its policy hourly is not in the configuration any more',
    ],
  ])('%s', (_, set, fate) => {
    expect(startOf(fateOf(set, [...FRESH, day(2, { policy: 'hourly' }), set]), fate)).toBe(fate);
  });

  it('is kept as one of the last two, however old', () => {
    expect(fateOf(OLD, [day(0), OLD])).toBe('keep: It is one of the last 2 verified sets.');
  });

  it('does not lose its place among the last two to sets that are not verified', () => {
    const others = [1, 2, 3].map((days) => day(days, { state: 'incomplete' }));
    expect(fateOf(OLD, [day(0), ...others, OLD])).toBe('keep: It is one of the last 2 verified sets.');
  });

  it('is kept as the last one of the environment, even by a policy that keeps one day', () => {
    const failed = [1, 2, 3].map((days) => day(days, { state: 'corrupt' }));
    expect(fateOf(OLD, [...failed, OLD], policies({ days: 1, count: 1 }))).toBe(
      'keep: It is the last verified set of the environment.',
    );
  });

  it('is kept as the last one of its policy, though another policy has newer ones', () => {
    const both = new Map([...policies(), ['monthly', buildRetentionPolicy({ days: 1 })]]);
    const monthly = day(50, { policy: 'monthly' });
    expect(fateOf(monthly, [...FRESH, monthly], both)).toBe(
      'keep: It is the last verified set of the policy monthly.',
    );
  });

  it('is kept as the last that brings the repositories back, once its policy has the database alone', () => {
    const alone = [0, 1, 2].map((days) => day(days, { skip: ['repositories'] }));
    expect(fateOf(OLD, [...alone, OLD, day(41)])).toBe(
      'keep: It is the last verified set that brings the whole GitLab back.',
    );
  });
});

describe('a set that is not verified', () => {
  const incomplete = day(40, { state: 'incomplete' });
  it.each<[string, BackupSetEntry, BackupSetEntry[], string]>([
    ['goes by its age', incomplete, FRESH, 'delete: It is incomplete, older than 10 days, and 1795'],
    [
      'is kept while it is young',
      day(3, { state: 'failed' }),
      FRESH,
      'keep: It is failed, and not older than 10 days.',
    ],
    [
      'is kept while no verified set is newer',
      incomplete,
      [day(41), day(42), day(1, { state: 'corrupt' })],
      'keep: It is incomplete, and no verified set of its policy is newer and holds as much.',
    ],
    [
      'is kept while the newer ones leave out what it holds',
      incomplete,
      [day(0, { skip: ['db'] })],
      'keep: It is incomplete, and no verified set of its policy is newer and holds as much.',
    ],
    [
      'stays while it is being made, however long ago that began',
      day(40, { state: 'running' }),
      FRESH,
      'keep: It is being made.',
    ],
  ])('%s', (_, set, others, fate) => {
    expect(startOf(fateOf(set, [...others, set]), fate)).toBe(fate);
  });

  it('is kept though another policy has newer verified ones', () => {
    const both = new Map([...policies(), ['hourly', buildRetentionPolicy()]]);
    const set = day(40, { state: 'not-checked', policy: 'hourly' });
    expect(fateOf(set, [...FRESH, set], both)).toMatch(
      /^keep: It is not-checked, and no verified set of its policy/,
    );
  });
});

describe('a set that others build on', () => {
  const full = day(40);
  const increment = day(38, { needs: [full.id] });

  it('is kept with the last of them, through every one between', () => {
    const next = day(37, { needs: [increment.id] });
    const third = day(36, { needs: [next.id] });
    const last = day(3, { needs: [third.id] });
    const sets = [...FRESH, last, third, next, increment, full];
    expect(fateOf(third, sets)).toBe(`keep: The set ${last.id} builds on it.`);
    expect(fateOf(full, sets)).toBe(`keep: The set ${increment.id} builds on it.`);
  });

  it('goes with them, and after them', () => {
    const decisions = plan([...FRESH, full, increment]);
    expect(decisions.map(({ set, action, after }) => [set, action, after]).slice(2)).toEqual([
      [increment.id, 'delete', []],
      [full.id, 'delete', [increment.id]],
    ]);
  });

  it('stays while one that builds on it is only reported', () => {
    const other = { ...increment, policy: 'young' };
    const both = new Map([
      ...policies(),
      ['young', buildRetentionPolicy({}, { since: hoursAgo(24).toISOString() })],
    ]);
    const sets = [...FRESH, full, other, day(2, { policy: 'young' }), day(3, { policy: 'young' })];
    expect(fateOf(other, sets, both)).toMatch(/^would-delete: /);
    expect(fateOf(full, sets, both)).toBe(`keep: The set ${other.id} builds on it.`);
  });
});

describe('what would be deleted is only reported', () => {
  it('with all that it builds on, where that is of the same policy', () => {
    const full = day(42);
    const increment = day(41, { needs: [full.id] });
    const young = policies({}, { since: hoursAgo(24).toISOString() });
    const fates = plan([...FRESH, full, increment], young).slice(2);
    expect(fates.map(({ set, action, after }) => [set, action, after])).toEqual([
      [increment.id, 'would-delete', []],
      [full.id, 'would-delete', [increment.id]],
    ]);
  });

  it.each<[string, ReturnType<typeof policies>, boolean, string]>([
    [
      'in the first 30 days of a policy',
      policies({}, { since: hoursAgo(29 * 24).toISOString() }),
      false,
      'It is only reported until 2026-11-22T12:00:00.000Z, the first 30 days of its policy.',
    ],
    [
      'while nobody has noted when the policy began',
      policies({}, { since: undefined }),
      false,
      'It is only reported, since nobody has noted yet when its policy began.',
    ],
    ['in a dry run', policies(), true, 'This is a dry run.'],
  ])('%s', (_, of, dryRun, why) => {
    const fate = fateOf(OLD, [...FRESH, OLD], of, { dryRun });
    expect(fate).toMatch(/^would-delete: It is older than 10 days/);
    expect(fate).toContain(why);
  });

  it('and no longer at the end of those days', () => {
    const since = hoursAgo(30 * 24).toISOString();
    expect(startOf(fateOf(OLD, [...FRESH, OLD], policies({}, { since })), AGED)).toBe(AGED);
  });
});

describe('a clock that is wrong deletes nothing', () => {
  it.each<[string, BackupSetEntry[], ReturnType<typeof policies>, RegExp]>([
    ['when a set is yet to come', [buildEntry(-1), ...FRESH, OLD], policies(), /is of 2026-11-21T13:00/],
    [
      'when a policy is yet to begin',
      [...FRESH, OLD],
      policies({}, { since: hoursAgo(-1).toISOString() }),
      /The policy daily is there since 2026-11-21T13:00/,
    ],
  ])('%s', (_, sets, of, reason) => {
    const decisions = plan(sets, of);
    expect(decisions).toHaveLength(sets.length);
    for (const { action, reason: said } of decisions)
      expect([action, said]).toEqual(['keep', expect.stringMatching(reason)]);
  });
});

it('a set that was deleted is not decided again', () => {
  expect(plan([...FRESH, day(40, { state: 'deleted' })])).toHaveLength(2);
});
