import type { BackupPart } from '../../../records/backup/set-parts.ts';
import type { VerificationReason } from '../../../records/backup/verification.ts';
import { DAY_MS } from '../../../rules/utc-days.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { bucketSubject } from '../subjects.ts';

type BucketMark = Extract<BackupPart, { kind: 'bucket' }>;

/** Buckets whose versions are to lead back to the moment of the set. */
export const judgeBuckets = (look: PartLook): VerificationReason[] => {
  const { set, expected, problems = [], off } = look;
  const marks = new Map(
    set.parts.flatMap((part) => (part.kind === 'bucket' ? [[part.component, part]] : [])),
  );
  return expected.buckets.flatMap((component) => {
    const subject = bucketSubject(component);
    const mark = marks.get(component);
    if (mark) return judgeMark(mark, subject, look);
    const isTold = problems.some((problem) => problem.subject === subject);
    if (isTold || off?.includes(component)) return [];
    const message = off
      ? `The bucket of ${component} was not marked.`
      : `Whether ${component} is switched on, and where it lies, nobody knows.`;
    return [makePartReason(off ? 'part-unmarked' : 'release-unknown', subject, message)];
  });
};

const judgeMark = (mark: BucketMark, subject: string, look: PartLook): VerificationReason[] => [
  ...judgeVersions(mark, subject, look),
  ...judgeReplica(mark, subject),
];

const judgeVersions = (
  mark: BucketMark,
  subject: string,
  { now, policy }: PartLook,
): VerificationReason[] => {
  const { bucket, versioning, noncurrentDays } = mark;
  if (versioning !== 'enabled') {
    const how = versioning === 'off' ? 'has no versions' : 'makes versions no more';
    return [makePartReason('versions-off', subject, `Bucket ${bucket} ${how}.`)];
  }
  if (noncurrentDays === undefined) return [];
  const message = `Bucket ${bucket} deletes versions ${noncurrentDays} days after they were replaced`;
  const age = (now.getTime() - Date.parse(mark.at)) / DAY_MS;
  if (age > noncurrentDays) {
    const whole = Math.floor(age);
    return [makePartReason('versions-expired', subject, `${message}, and this set is ${whole} days old.`)];
  }
  const { days } = policy.policySettings.retention;
  return noncurrentDays < days
    ? [makePartReason('versions-short', subject, `${message}, and sets are kept for ${days}.`)]
    : [];
};

const judgeReplica = ({ bucket, replication }: BucketMark, subject: string): VerificationReason[] => {
  const { status, to, pending } = replication;
  if (status === 'complete') return [];
  const replica = to === undefined ? 'the replica' : `the replica ${to}`;
  const sentences = {
    none: `No rule copies the whole of bucket ${bucket}.`,
    behind: `Of bucket ${bucket}, ${pending ?? 'some'} operations waited for ${replica}.`,
    failed: `Of bucket ${bucket}, ${replica} lacks objects.`,
    unknown: `How far ${replica} of bucket ${bucket} is, nobody knows.`,
  };
  return [makePartReason(REPLICA_CODES[status], subject, sentences[status])];
};

const REPLICA_CODES = {
  none: 'replica-missing',
  behind: 'replica-behind',
  failed: 'replica-failed',
  unknown: 'replica-unknown',
} as const;
