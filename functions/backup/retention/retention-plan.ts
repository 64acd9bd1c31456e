import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import { compareNewestFirst } from '../sets/verified-sets.ts';
import { type RetentionPolicy, type Wish, wishForSets } from './set-wish.ts';

/** What becomes of one set, and why, in a sentence. */
export interface RetentionDecision {
  readonly set: string;
  readonly policy: string;
  /** `would-delete`: but for a dry run, or for the first days of its policy, in which it is only reported. */
  readonly action: 'keep' | 'delete' | 'would-delete';
  readonly reason: string;
  /** Sets of this plan that build on this one: each must be gone before it goes. */
  readonly after: readonly string[];
}

interface RetentionRequest {
  readonly now: Date;
  readonly dryRun: boolean;
}

/**
 * Decides of every set of an environment whether it stays, newest first. Only verified sets count. It decides from
 * entries of an index: whoever deletes reads the manifest again before, since a legal hold may have come in between.
 *
 * @param sets of all policies, in any order; deleted ones are passed over.
 * @param policies those that the configuration names.
 */
export const planRetention = (
  sets: readonly BackupSetEntry[],
  policies: ReadonlyMap<string, RetentionPolicy>,
  { now, dryRun }: RetentionRequest,
): RetentionDecision[] => {
  const present = sets.filter(({ state }) => state !== 'deleted').toSorted(compareNewestFirst);
  const doubt = doubtClock(present, policies, now);
  if (doubt !== undefined) return present.map((set) => decide(set, 'keep', doubt));
  const wishes = respectLocks(present, wishForSets(present, policies, now), now);
  const wanted = keepNeeded(present, wishes, (set) => wishes.get(set.id)?.keep === true);
  // A set that is only reported stays for now, and with it all that it builds on.
  const reported = new Map(
    [...policies].flatMap(([name, policy]) => {
      const until = endOfReports(policy, now);
      return until === undefined ? [] : [[name, until] as const];
    }),
  );
  const final = keepNeeded(
    present,
    wanted,
    (set) => wanted.get(set.id)?.keep === true || reported.has(set.policy),
  );
  const builtOnBy = new Map<string, string[]>();
  for (const { id, needs } of present.filter((set) => final.get(set.id)?.keep === false)) {
    for (const needed of needs) builtOnBy.set(needed, [...(builtOnBy.get(needed) ?? []), id]);
  }
  return present.map((set) => {
    const { keep, reason } = final.get(set.id) ?? UNJUDGED;
    if (keep) return decide(set, 'keep', reason);
    const after = builtOnBy.get(set.id) ?? [];
    const until = reported.get(set.policy);
    if (until !== undefined) return decide(set, 'would-delete', `${reason} ${until}`, after);
    return dryRun
      ? decide(set, 'would-delete', `${reason} This is a dry run.`, after)
      : decide(set, 'delete', reason, after);
  });
};

const UNJUDGED: Wish = { keep: true, reason: 'It was not judged.' };

const decide = (
  { id, policy }: BackupSetEntry,
  action: RetentionDecision['action'],
  reason: string,
  after: readonly string[] = [],
): RetentionDecision => ({ set: id, policy, action, reason, after });

/** A clock that stands before what has happened can not tell how old anything is. */
const doubtClock = (
  sets: readonly BackupSetEntry[],
  policies: ReadonlyMap<string, RetentionPolicy>,
  now: Date,
): string | undefined => {
  const isAhead = (time: string | undefined): boolean =>
    time !== undefined && Date.parse(time) > now.getTime();
  const early = sets.find(({ takenAt }) => isAhead(takenAt));
  if (early)
    return `The set ${early.id} is of ${early.takenAt}, which is yet to come: a clock is wrong, and nothing is deleted.`;
  const policy = [...policies].find(([, { since }]) => isAhead(since));
  return (
    policy &&
    `The policy ${policy[0]} is there since ${policy[1].since}, which is yet to come: a clock is wrong, and nothing is deleted.`
  );
};

/** No role of ours opens an object lock, so a set that should go and is locked stays, and says so. */
const respectLocks = (
  sets: readonly BackupSetEntry[],
  wishes: ReadonlyMap<string, Wish>,
  now: Date,
): Map<string, Wish> =>
  new Map(
    sets.map(({ id, lockedUntil }) => {
      const wish = wishes.get(id) ?? UNJUDGED;
      const isLocked = lockedUntil !== undefined && Date.parse(lockedUntil) > now.getTime();
      return wish.keep || !isLocked
        ? [id, wish]
        : [id, { keep: true, reason: `It is locked until ${lockedUntil}; else it could go: ${wish.reason}` }];
    }),
  );

/** Keeps whatever a set that stays builds on, however many steps below it. */
const keepNeeded = (
  sets: readonly BackupSetEntry[],
  wishes: ReadonlyMap<string, Wish>,
  stays: (set: BackupSetEntry) => boolean,
): Map<string, Wish> => {
  const byId = new Map(sets.map((set) => [set.id, set]));
  const kept = new Map(wishes);
  const open = sets.filter(stays);
  const seen = new Set(open.map(({ id }) => id));
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const id of set.needs) {
      const needed = byId.get(id);
      if (!needed || seen.has(id)) continue;
      seen.add(id);
      open.push(needed);
      kept.set(id, { keep: true, reason: `The set ${set.id} builds on it.` });
    }
  }
  return kept;
};

/** Why a policy only reports as yet, in a sentence; undefined when it deletes. */
const endOfReports = ({ retention, since }: RetentionPolicy, now: Date): string | undefined => {
  if (since === undefined) return 'It is only reported, since nobody has noted yet when its policy began.';
  const end = Date.parse(since) + retention.reportOnlyDays * DAY_MS;
  return now.getTime() < end
    ? `It is only reported until ${new Date(end).toISOString()}, the first ${retention.reportOnlyDays} days of its policy.`
    : undefined;
};
