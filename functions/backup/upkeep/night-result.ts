import type { BackupSet } from '../../records/backup/set.ts';
import type { UpkeepDecision, UpkeepPlan, UpkeepTold } from '../../records/backup/upkeep.ts';
import { DAY_MS } from '../../rules/utc-days.ts';
import { isLockRefusal } from './deletion-note.ts';

/** What came of a night, by its plan and by the manifests as they are after it. */
export interface NightResult {
  /** Sets that were read tonight. */
  readonly verified: readonly BackupSet[];
  /** Counted before this night, and do not any more. */
  readonly lost: readonly BackupSet[];
  /** Did not count before, and now something is known to be missing or damaged. */
  readonly broken: readonly BackupSet[];
  readonly deleted: readonly BackupSet[];
  readonly wouldDelete: readonly UpkeepDecision[];
  /** What stays until a person sees to it, a sentence each, the same every night. */
  readonly problems: readonly string[];
}

/** Intervals after which a set that can not be read is no delay any more. */
const OVERDUE_INTERVALS = 2;

/**
 * @param sets the manifests of what was due, and of what was to go, by their ids.
 * @param verifyEveryDays undefined when the environment is not backed up any more.
 */
export const sumUpNight = (
  plan: UpkeepPlan,
  sets: ReadonlyMap<string, BackupSet>,
  verifyEveryDays: number | undefined,
): NightResult => {
  const since = Date.parse(plan.plannedAt);
  const due = plan.due.flatMap((one) => {
    const set = sets.get(one.set.id);
    return set ? [{ ...one, now: set }] : [];
  });
  const read = due.filter(({ now }) => now.verification && Date.parse(now.verification.at) >= since);
  const limit = since - OVERDUE_INTERVALS * (verifyEveryDays ?? Number.POSITIVE_INFINITY) * DAY_MS;
  const unread = due.filter(
    (one) => !read.includes(one) && one.now.state !== 'deleted' && lastReadAt(one.now) < limit,
  );
  const doomed = plan.decisions
    .filter(({ action }) => action === 'delete')
    .flatMap(({ set }) => sets.get(set) ?? []);
  return {
    verified: read.map(({ now }) => now),
    lost: read
      .filter(({ state, now }) => state === 'verified' && isJudgedOtherwise(now))
      .map(({ now }) => now),
    broken: read
      .filter(
        ({ state, now }) => state !== 'verified' && (now.state === 'incomplete' || now.state === 'corrupt'),
      )
      .map(({ now }) => now),
    deleted: doomed.filter(({ state }) => state === 'deleted'),
    wouldDelete: plan.decisions.filter(({ action }) => action === 'would-delete'),
    problems: [
      ...plan.problems,
      ...plan.ended.map(({ set, reason }) => `Set ${set} was noted as failed. ${reason}`),
      ...(unread.length === 0
        ? []
        : [
            `Sets that should be read every ${verifyEveryDays} days were not read for twice as long; look at the executions of backup-verification.`,
          ]),
      ...(plan.postponed === 0
        ? []
        : [
            'More sets are due than one night reads; the others wait for the next. Raise verifyEveryDays in drydock.yaml.',
          ]),
      ...doomed.flatMap(({ id, deletion }) =>
        deletion?.refused === undefined || isLockRefusal(deletion.refused)
          ? []
          : [`Set ${id} could not be deleted: ${deletion.refused}`],
      ),
    ],
  };
};

const isJudgedOtherwise = ({ state }: BackupSet): boolean =>
  state === 'incomplete' || state === 'corrupt' || state === 'not-checked';

const lastReadAt = ({ verification, takenAt, startedAt }: BackupSet): number =>
  Date.parse(verification?.at ?? takenAt ?? startedAt);

/** What of a night is news: problems that were not told before, and the first deletions of a policy. */
export interface NightNews {
  readonly problems: readonly string[];
  /** Policies whose deletions are reported the first time. */
  readonly reported: readonly string[];
  /** Policies of which sets are deleted the first time. */
  readonly begun: readonly string[];
}

/** @param isDryRun the person who asked for it reads its plan; it is told to nobody. */
export const findNews = (
  { problems, wouldDelete, deleted }: NightResult,
  told: UpkeepTold | undefined,
  isDryRun: boolean,
): NightNews => {
  const policies = (names: readonly string[]): string[] => [...new Set(names)].toSorted();
  return {
    problems: problems.filter((problem) => told?.problems.includes(problem) !== true),
    reported: isDryRun
      ? []
      : policies(wouldDelete.map(({ policy }) => policy)).filter(
          (policy) => told?.policies[policy]?.reported === undefined,
        ),
    begun: policies(deleted.map(({ policy }) => policy)).filter(
      (policy) => told?.policies[policy]?.deleted === undefined,
    ),
  };
};

/** Notes what has been told; a problem that is gone is told again when it comes back. */
export const noteTold = (
  told: UpkeepTold | undefined,
  environment: string,
  { problems }: Pick<NightResult, 'problems'>,
  { reported, begun }: NightNews,
  now: Date,
): UpkeepTold => {
  const at = now.toISOString();
  const policies = { ...told?.policies };
  for (const policy of reported) policies[policy] = { ...policies[policy], reported: at };
  for (const policy of begun) policies[policy] = { ...policies[policy], deleted: at };
  return { version: 1, environment, policies, problems: [...problems] };
};
