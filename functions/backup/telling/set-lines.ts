import type { BackupSet } from '../../records/backup/set.ts';
import type { BackupSetEntry } from '../../records/backup/set-index.ts';
import type { BackupPart } from '../../records/backup/set-parts.ts';
import { saySize } from '../verify/rules/rule.ts';
import { sayDuration, sayGrowth } from './quantities.ts';

/** Reasons that a message takes (rules/message-text.ts). */
const MAX_LINES = 20;
/** Of what else is to be said; what speaks against the set needs room as well. */
const MAX_ALSO = 4;
/** Lines of what speaks against it, at least. */
const MIN_AGAINST = 4;

/** Durations of a set in milliseconds, and its sizes in bytes: what the next one is compared with. */
export type Comparison = Pick<BackupSetEntry, 'id' | 'size' | 'duration'>;

/** What a person must know of a set, a line each. Never more than a message takes, both together. */
interface SetLines {
  /** Whatever speaks against it, worst first; what does not fit is counted and said to be in the record. */
  readonly against: readonly string[];
  /** What it is, and what it took. */
  readonly facts: readonly string[];
}

/**
 * @param before the last verified set of the same policy and kind.
 * @param also what else is to be said, a line each.
 */
export const describeSet = (
  set: BackupSet,
  before: Comparison | undefined,
  also: readonly string[] = [],
): SetLines => {
  const facts = [
    `Set ${set.id}, GitLab ${set.gitlabVersion}, ${set.takenAt === undefined ? `begun at ${set.startedAt}` : `as of ${set.takenAt}`}.`,
    ...describeSize(set, before),
    ...describeTime(set, before),
    ...(set.skip.length === 0 ? [] : [`Left out on purpose: ${set.skip.join(', ')}.`]),
    ...describeParts(set.parts),
    ...describeCopies(set),
    ...describeMissingSecrets(set),
    ...also.slice(0, MAX_ALSO),
    ...(also.length > MAX_ALSO ? [`and ${also.length - MAX_ALSO} more to know, in its execution`] : []),
  ];
  const failure = set.failure ? [`It failed: ${set.failure.message}`] : [];
  const { reasons = [], found = 0, record = '' } = set.verification ?? {};
  const against = reasons.filter(({ result }) => result !== 'note');
  const total = Math.max(found, against.length);
  // Whatever speaks against it has its place, however much else there is to say.
  const kept = facts.slice(0, MAX_LINES - failure.length - Math.min(total, MIN_AGAINST));
  const room = MAX_LINES - failure.length - kept.length;
  const shown = total <= room ? against : against.slice(0, room - 1);
  const left = total - shown.length;
  return {
    against: [
      ...failure,
      ...shown.map(({ result, subject, message, remedy }) =>
        [`${result}: ${subject}: ${message}`, ...(remedy === undefined ? [] : [remedy])].join(' '),
      ),
      ...(left > 0 ? [`and ${left} more, in ${record} of the ledger`] : []),
    ],
    facts: kept,
  };
};

const describeSize = ({ size }: BackupSet, before: Comparison | undefined): string[] => {
  if (size === undefined) return [];
  if (before?.size === undefined) return [`Size: ${saySize(size)}; there is none before it to compare.`];
  return [`Size: ${saySize(size)}, ${sayGrowth(size, before.size)}, ${before.id}.`];
};

const describeTime = (
  { startedAt, endedAt, timings }: BackupSet,
  before: Comparison | undefined,
): string[] => {
  if (endedAt === undefined) return [];
  const steps = Object.entries(timings).flatMap(([step, time]) =>
    time?.endedAt === undefined ? [] : [`${step} ${sayDuration(between(time.startedAt, time.endedAt))}`],
  );
  const parts = steps.length === 0 ? '' : ` (${steps.join(', ')})`;
  const last = before?.duration === undefined ? '' : `; the one before took ${sayDuration(before.duration)}`;
  return [`Time: ${sayDuration(between(startedAt, endedAt))}${parts}${last}.`];
};

const between = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));

/** Many buckets are one line, and of those only the ones that do not lead back are named. */
const describeParts = (parts: readonly BackupPart[]): string[] => {
  const buckets = parts.flatMap((part) => (part.kind === 'bucket' ? [part] : []));
  const bare = buckets.filter(({ versioning }) => versioning !== 'enabled').map(({ bucket }) => bucket);
  const unlike = buckets
    .filter(({ replication: { status } }) => status !== 'complete')
    .map(({ bucket, replication: { status } }) => `${bucket} (${status})`);
  return [
    ...parts.flatMap(describePart),
    ...(buckets.length === 0 ? [] : [`Buckets whose versions were marked: ${buckets.length}.`]),
    ...(bare.length === 0 ? [] : [`Without versions, so nothing leads back: ${bare.join(', ')}.`]),
    ...(unlike.length === 0 ? [] : [`Replica not complete: ${unlike.join(', ')}.`]),
  ];
};

const describePart = (part: BackupPart): string[] => {
  if (part.kind === 'archive') return [`Archive: s3://${part.object.bucket}/${part.object.key}`];
  if (part.kind === 'database') {
    const snapshot = part.snapshot ? `, snapshot ${part.snapshot.arn}` : ', without a snapshot';
    const until = part.latestRestorableTime;
    const point = until === undefined ? 'to no point in time' : `to any second up to ${until}`;
    return [`Database ${part.instance}: ${point}${snapshot}.`];
  }
  if (part.kind === 'gitaly') {
    const projects = part.projects === undefined ? 'projects not counted' : `${part.projects} projects`;
    return [`Repositories: on the side of Gitaly in ${part.bucket}, ${projects}.`];
  }
  return part.kind === 'recovery-point' ? [`Recovery point of ${part.resourceType}: ${part.arn}`] : [];
};

const describeCopies = ({ copies }: BackupSet): string[] =>
  copies.map(
    ({ region, state, reason }) => `Copy in ${region}: ${state}${reason === undefined ? '.' : `, ${reason}`}`,
  );

const describeMissingSecrets = ({ secrets }: BackupSet): string[] => {
  const missing = (secrets?.fingerprints.secrets ?? [])
    .filter(({ state, need }) => state === 'unreadable' || (state === 'absent' && need === 'required'))
    .map(({ name, state }) => `${name} (${state})`);
  return missing.length === 0 ? [] : [`Not saved with it, and needed by a restore: ${missing.join(', ')}.`];
};
