import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRetention } from '../../../functions/backup/retention/retention-plan.ts';
import type { RetentionPolicy } from '../../../functions/backup/retention/set-wish.ts';
import type { BackupSetEntry } from '../../../functions/records/backup/set-index.ts';
import { anyRetentionPolicy, anySets, BACKUP_TIME, buildEntry, hoursAgo } from '../../support/backup-sets.ts';
import { counterexample } from '../../support/counterexample.ts';

const anyPolicies = fc.tuple(anyRetentionPolicy, anyRetentionPolicy).map(
  ([daily, hourly]) =>
    new Map([
      ['daily', daily],
      ['hourly', hourly],
    ]),
);
type Policies = ReadonlyMap<string, RetentionPolicy>;

/** Ids of what goes at a time. */
const goes = (sets: readonly BackupSetEntry[], policies: Policies, now = BACKUP_TIME): Set<string> =>
  new Set(
    planRetention(sets, policies, { now, dryRun: false })
      .filter(({ action }) => action === 'delete')
      .map(({ set }) => set),
  );
const without = (sets: readonly BackupSetEntry[], gone: ReadonlySet<string>): BackupSetEntry[] =>
  sets.filter(({ id }) => !gone.has(id));
const isSubset = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  [...some].every((id) => all.has(id));
/** The newest of some sets, found otherwise than by the rule. */
const newestOf = (sets: readonly BackupSetEntry[]): BackupSetEntry | undefined =>
  sets.reduce<BackupSetEntry | undefined>(
    (best, set) => (best && Date.parse(best.takenAt) >= Date.parse(set.takenAt) ? best : set),
    undefined,
  );

describe('retention, whatever there is', () => {
  it('keeps the newest verified set, that of each policy, and the newest that holds database and repositories', () => {
    const property = fc.property(anySets, anyPolicies, (sets, policies) => {
      const gone = goes(sets, policies);
      const verified = sets.filter(({ state }) => state === 'verified');
      const whole = verified.filter(({ skip }) => !skip.includes('repositories'));
      const daily = verified.filter(({ policy }) => policy === 'daily');
      const hourly = verified.filter(({ policy }) => policy === 'hourly');
      return [verified, whole, daily, hourly].every((some) => !gone.has(newestOf(some)?.id ?? ''));
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('has nothing more to delete once it was done', () => {
    const property = fc.property(anySets, anyPolicies, (sets, policies) => {
      return goes(without(sets, goes(sets, policies)), policies).size === 0;
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('has nothing else to delete when it was interrupted and begins anew', () => {
    const property = fc.property(anySets, anyPolicies, fc.nat(9), (sets, policies, some) => {
      const wanted = goes(sets, policies);
      const first = new Set([...wanted].slice(0, some));
      const rest = goes(without(sets, first), policies);
      const done = new Set([...first, ...rest]);
      return isSubset(done, wanted) && isSubset(wanted, done);
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('deletes no more with longer retention', () => {
    const more = fc.record({
      days: fc.nat(20),
      count: fc.nat(4),
      daily: fc.nat(4),
      weekly: fc.nat(3),
      monthly: fc.nat(3),
      reportOnlyDays: fc.nat(90),
    });
    const property = fc.property(anySets, anyPolicies, more, (sets, policies, by) => {
      const longer = new Map(
        [...policies].map(([name, policy]): [string, RetentionPolicy] => {
          const { days, count, gfs, reportOnlyDays } = policy.retention;
          const retention = {
            days: days + by.days,
            count: count + by.count,
            gfs: {
              daily: gfs.daily + by.daily,
              weekly: gfs.weekly + by.weekly,
              monthly: gfs.monthly + by.monthly,
            },
            reportOnlyDays: reportOnlyDays + by.reportOnlyDays,
          };
          return [name, { ...policy, retention }];
        }),
      );
      return isSubset(goes(sets, longer), goes(sets, policies));
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('deletes no more at an earlier time, and nothing where a set is yet to come', () => {
    const property = fc.property(anySets, anyPolicies, fc.nat(60 * 24), (sets, policies, back) => {
      const earlier = hoursAgo(back);
      const gone = goes(sets, policies, earlier);
      const isAhead = sets.some(({ state, takenAt }) => state !== 'deleted' && new Date(takenAt) > earlier);
      return isAhead ? gone.size === 0 : isSubset(gone, goes(sets, policies));
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('deletes nothing with one more set of tomorrow', () => {
    const property = fc.property(
      anySets,
      anyPolicies,
      (sets, policies) => goes([...sets, buildEntry(-24)], policies).size === 0,
    );
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('decides the same in any order', () => {
    const shuffled = anySets.chain((sets) =>
      fc.tuple(fc.constant(sets), fc.shuffledSubarray(sets, { minLength: sets.length })),
    );
    const property = fc.property(shuffled, anyPolicies, fc.boolean(), ([sets, mixed], policies, dryRun) => {
      const now = BACKUP_TIME;
      expect(planRetention(mixed, policies, { now, dryRun })).toEqual(
        planRetention(sets, policies, { now, dryRun }),
      );
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('never deletes what is held, locked, being made, or needed by what stays', () => {
    const property = fc.property(anySets, anyPolicies, (sets, policies) => {
      const gone = goes(sets, policies);
      const needed = without(sets, gone).flatMap(({ state, needs }) => (state === 'deleted' ? [] : needs));
      return sets
        .filter(({ id }) => gone.has(id))
        .every(
          ({ id, legalHold, lockedUntil = '', state }) =>
            !legalHold &&
            state !== 'running' &&
            Date.parse(lockedUntil) <= BACKUP_TIME.getTime() &&
            !needed.includes(id),
        );
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('decides of every set once, with a reason, and deletes each after those that build on it', () => {
    const property = fc.property(anySets, anyPolicies, (sets, policies) => {
      const decisions = planRetention(sets, policies, { now: BACKUP_TIME, dryRun: false });
      const order = decisions.map(({ set }) => set);
      expect(order.toSorted()).toEqual(
        sets
          .filter(({ state }) => state !== 'deleted')
          .map(({ id }) => id)
          .toSorted(),
      );
      for (const { reason, set, after } of decisions) {
        expect(reason).toMatch(/^It .*\.$|^Its .*\.$|^The .*\.$/);
        for (const earlier of after) expect(order.indexOf(earlier)).toBeLessThan(order.indexOf(set));
      }
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });

  it('says in a dry run what it would delete otherwise, and deletes nothing', () => {
    const property = fc.property(anySets, anyPolicies, (sets, policies) => {
      const dry = planRetention(sets, policies, { now: BACKUP_TIME, dryRun: true });
      const would = new Set(dry.flatMap(({ set, action }) => (action === 'would-delete' ? [set] : [])));
      return dry.every(({ action }) => action !== 'delete') && isSubset(goes(sets, policies), would);
    });
    expect(counterexample(property, 400)).toBeUndefined();
  });
});
