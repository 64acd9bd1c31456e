import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import type { BackupPolicy } from '../../records/configuration/backup-policy.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import { compareNewestFirst, isWhole, listVerified } from '../sets/verified-sets.ts';
import { keepByPeriod } from './periods.ts';

/** What the policy of a set would have of it, before locks, and before other sets that build on it. */

/** A policy as retention needs it. */
export interface RetentionPolicy {
  readonly retention: BackupPolicy['retention'];
  readonly timeZone: string;
  /** Since when the policy is known; where nobody has noted that, nothing of it is deleted. */
  readonly since: string | undefined;
}

export interface Wish {
  readonly keep: boolean;
  readonly reason: string;
}

/** @param sets of all policies of one environment, without deleted ones. */
export const wishForSets = (
  sets: readonly BackupSetEntry[],
  policies: ReadonlyMap<string, RetentionPolicy>,
  now: Date,
): Map<string, Wish> => {
  const precious = findPrecious(sets);
  const byPolicy = Map.groupBy(sets.toSorted(compareNewestFirst), ({ policy }) => policy);
  return new Map(
    [...byPolicy].flatMap(([name, own]): [string, Wish][] => {
      const policy = policies.get(name);
      if (!policy) return own.map(({ id }) => [id, keep(unknownPolicy(name))]);
      const kept = keepVerified(listVerified(own), policy, now);
      return own.map((set) => [
        set.id,
        wishAnyway(set, precious) ??
          (set.state === 'verified'
            ? wishForVerified(set, kept, policy)
            : wishForOther(set, own, policy, now)),
      ]);
    }),
  );
};

const keep = (reason: string): Wish => ({ keep: true, reason });
const unknownPolicy = (name: string): string =>
  `Its policy ${name} is not in the configuration any more, so nothing says how long it is kept.`;

/** The last verified sets: of each policy, of the environment, and of those that bring a whole GitLab back. */
const findPrecious = (sets: readonly BackupSetEntry[]): Map<string, string> => {
  const verified = listVerified(sets);
  const precious = new Map<string, string>();
  const policies = new Set<string>();
  for (const { id, policy } of verified) {
    if (!policies.has(policy)) precious.set(id, `It is the last verified set of the policy ${policy}.`);
    policies.add(policy);
  }
  const whole = verified.find(isWhole);
  if (whole) precious.set(whole.id, 'It is the last verified set that brings the whole GitLab back.');
  if (verified[0]) precious.set(verified[0].id, 'It is the last verified set of the environment.');
  return precious;
};

const wishAnyway = (
  { id, state, legalHold }: BackupSetEntry,
  precious: ReadonlyMap<string, string>,
): Wish | undefined => {
  if (state === 'running') return keep('It is being made.');
  if (legalHold) return keep('It is under a legal hold.');
  const reason = precious.get(id);
  return reason === undefined ? undefined : keep(reason);
};

/** Verified sets that their policy keeps, by age, by count and by period. A day has 24 hours here, in every zone. */
const keepVerified = (
  verified: readonly BackupSetEntry[],
  { retention, timeZone }: RetentionPolicy,
  now: Date,
): Map<string, string> => {
  const { days, count, gfs } = retention;
  const counted = verified.slice(0, count);
  const young = verified.filter((set) => isYoung(set, days, now));
  return new Map([
    ...keepByPeriod(verified, gfs, timeZone),
    ...counted.map(({ id }) => [id, `It is one of the last ${count} verified sets.`] as const),
    ...young.map(({ id }) => [id, `It is not older than ${days} days.`] as const),
  ]);
};

const isYoung = ({ takenAt }: BackupSetEntry, days: number, now: Date): boolean =>
  now.getTime() - Date.parse(takenAt) <= days * DAY_MS;

const wishForVerified = (
  { id }: BackupSetEntry,
  kept: ReadonlyMap<string, string>,
  { retention: { days, count } }: RetentionPolicy,
): Wish => {
  const reason = kept.get(id);
  if (reason !== undefined) return keep(reason);
  return {
    keep: false,
    reason: `It is older than ${days} days, not one of the last ${count} verified sets, and the last of no day, week or month that is kept.`,
  };
};

/**
 * A set that is not verified counts for nothing and goes by its age, yet never while it may be the best there is: only
 * a verified set of its policy that is newer, and leaves out nothing that this one holds, makes up for it.
 *
 * @param own newest first.
 */
const wishForOther = (
  set: BackupSetEntry,
  own: readonly BackupSetEntry[],
  { retention: { days } }: RetentionPolicy,
  now: Date,
): Wish => {
  if (isYoung(set, days, now)) return keep(`It is ${set.state}, and not older than ${days} days.`);
  const newer = own.find(
    (one) =>
      one.state === 'verified' &&
      compareNewestFirst(one, set) < 0 &&
      one.skip.every((component) => set.skip.includes(component)),
  );
  return newer
    ? {
        keep: false,
        reason: `It is ${set.state}, older than ${days} days, and ${newer.id} is verified and newer.`,
      }
    : keep(`It is ${set.state}, and no verified set of its policy is newer and holds as much.`);
};
