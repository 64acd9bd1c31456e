import type { Freshness } from '../../records/backup/freshness.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import type { VerifiedBackup } from '../../records/verified-backup.ts';
import { HOUR_MS } from '../../rules/utc-days.ts';
import { sayDuration } from '../telling/quantities.ts';

/**
 * The dead man's rule: a backup that is not there says nothing, so its absence is asked for, from outside, whether or
 * not anything ran.
 */

/** What is known of one policy, or of an environment. */
export interface FreshnessFacts {
  /** Absent: the environment as a whole. */
  readonly policy?: string;
  readonly limitHours: number;
  /** Since when it is watched; undefined where nobody has noted that. */
  readonly since: string | undefined;
  /** In any order and state. */
  readonly sets: readonly BackupSetEntry[];
  /** Why not all sets could be looked at. */
  readonly unread?: string;
  /** A backup of another tool that a person named. */
  readonly named?: VerifiedBackup;
  /** What holds the backups up, as a sentence's end: `paused (all) by ada since ...`. */
  readonly paused?: string;
}

/** Clocks of two machines may be this far apart. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * Judges how old the last verified backup is. Only the moment for which it holds counts: an old set that was verified
 * again today is as old as it was. A pause makes no backup younger, so it is told and changes nothing; and what can not
 * be told alarms as well.
 */
export const judgeFreshness = (facts: FreshnessFacts, now: Date): Freshness => {
  const { policy, limitHours, paused } = facts;
  const { text, ...judged } = judge(facts, now);
  return {
    ...(policy === undefined ? {} : { policy }),
    limitHours,
    ...judged,
    text: paused === undefined ? text : `${text} Backups are ${paused}.`,
  };
};

type Judged = Omit<Freshness, 'policy' | 'limitHours'>;

const judge = (facts: FreshnessFacts, now: Date): Judged => {
  const { limitHours, since, unread } = facts;
  const limit = limitHours * HOUR_MS;
  const taken = listTaken(facts);
  const newest = taken.find(({ at }) => at <= now.getTime() + CLOCK_SKEW_MS);
  if (newest && now.getTime() - newest.at <= limit) return judgeNewest(newest, facts, now);
  if (unread !== undefined) return sayUnknown(`Not all sets could be looked at: ${unread}`, now);
  const [ahead] = taken;
  if (ahead && ahead !== newest) {
    return sayUnknown(
      `The set ${ahead.set} is of ${ahead.takenAt}, which is yet to come: a clock is wrong.`,
      now,
    );
  }
  if (newest) return judgeNewest(newest, facts, now);
  if (since === undefined)
    return sayUnknown('There is no verified backup, and nobody has noted since when.', now);
  const watched = now.getTime() - Date.parse(since);
  if (watched < -CLOCK_SKEW_MS) {
    return sayUnknown(`It is watched since ${since}, which is yet to come: a clock is wrong.`, now);
  }
  const due = new Date(Date.parse(since) + limit).toISOString();
  const alarming = watched > limit;
  return {
    state: 'never',
    alarming,
    since,
    ageSeconds: inSeconds(watched),
    text: alarming
      ? `There has been no verified backup in the ${sayDuration(watched)} since it is watched; within ${limitHours} h there must be one.`
      : `There is no verified backup yet; the first must be there until ${due}.`,
  };
};

interface Taken {
  readonly set: string;
  readonly takenAt: string;
  readonly at: number;
}

/** Newest first. */
const listTaken = ({ sets, named }: FreshnessFacts): Taken[] =>
  [
    ...sets.filter(({ state }) => state === 'verified').map(({ id, takenAt }) => ({ set: id, takenAt })),
    ...(named ? [{ set: named.set, takenAt: named.takenAt }] : []),
  ]
    .map((one) => ({ ...one, at: Date.parse(one.takenAt) }))
    .toSorted((a, b) => b.at - a.at || (a.set < b.set ? 1 : -1));

const judgeNewest = ({ set, takenAt, at }: Taken, { limitHours }: FreshnessFacts, now: Date): Judged => {
  const age = now.getTime() - at;
  const isLate = age > limitHours * HOUR_MS;
  return {
    state: isLate ? 'late' : 'ok',
    alarming: isLate,
    since: isLate ? new Date(at + limitHours * HOUR_MS).toISOString() : takenAt,
    set,
    takenAt,
    ageSeconds: inSeconds(age),
    text: `The last verified backup, ${set}, is of ${takenAt}: it is ${sayDuration(Math.max(0, age))} old, and ${limitHours} h are allowed.`,
  };
};

const sayUnknown = (text: string, now: Date): Judged => ({
  state: 'unknown',
  alarming: true,
  since: now.toISOString(),
  text,
});

/** A clock that is a little behind makes an age of 0. */
const inSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1000));
