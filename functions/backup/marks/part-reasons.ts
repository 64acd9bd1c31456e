import type { PartProblemCode } from '../../records/backup/mark-progress.ts';
import type { VerificationReason } from '../../records/backup/verification.ts';

/** Every reason about a part that is no archive: what it does to the verdict, what it means, and what to do. */

interface PartReasonKind {
  readonly result: VerificationReason['result'];
  /** For the table of reasons. */
  readonly means: string;
  readonly remedy?: string;
}

const RIGHT =
  'Give the role of the marks the right that it names, or deploy again; then verify the set again.';
const NAMES = 'Look at the names in drydock.yaml and in the values of the chart.';

/** Those that are found by looking, and by everybody alike. */
const PROBLEMS = {
  'database-missing': {
    result: 'incomplete',
    means: 'RDS has no database of that identifier.',
    remedy: 'Write the identifier of the instance or cluster into database.instance of drydock.yaml.',
  },
  'restorable-time-none': {
    result: 'incomplete',
    means: 'RDS keeps no backups of the database by itself, so there is no point in time to go back to.',
    remedy: 'Switch automated backups of the database on, with as many days as sets are kept.',
  },
  'restorable-time-old': {
    result: 'incomplete',
    means: 'RDS can go back only to a moment that is long past: its own backups stand still.',
    remedy:
      'Look at the events of the database in RDS: a full disk or a key that is switched off stops them.',
  },
  'snapshot-failed': {
    result: 'incomplete',
    means: 'RDS made no snapshot of the database.',
    remedy: 'Look at the events of the database in RDS, and take the backup again.',
  },
  'snapshot-gone': {
    result: 'incomplete',
    means: 'The snapshot of the database is there no more, or can not be used.',
    remedy: 'Treat this set as lost, find out who deleted it, and take a new backup.',
  },
  'bucket-missing': {
    result: 'incomplete',
    means: 'There is no bucket of the name that the values have.',
    remedy: NAMES,
  },
  'gitaly-unnamed': {
    result: 'incomplete',
    means: 'Nobody said into which bucket Gitaly writes its backups.',
    remedy: 'Write it into gitaly.bucket of drydock.yaml, and gitlab.gitaly.backup.goCloudUrl of the chart.',
  },
  'recovery-point-missing': {
    result: 'incomplete',
    means: 'AWS Backup has no finished recovery point of a part that drydock.yaml names.',
    remedy: 'Look at the last jobs of its backup plan, and at the names in recoveryPoints of drydock.yaml.',
  },
  'database-unknown': { result: 'not-checked', means: 'RDS could not be asked.', remedy: RIGHT },
  'snapshot-unfinished': {
    result: 'not-checked',
    means: 'The snapshot of the database was still being made when the backup had to go on.',
    remedy: 'Verify the set again when RDS has made it.',
  },
  'release-unknown': {
    result: 'not-checked',
    means: 'The values of the chart could not be read, so nobody knows which buckets there are.',
    remedy: 'Apply the Role of the reader of secrets, and look at release and namespace in drydock.yaml.',
  },
  'bucket-unnamed': {
    result: 'not-checked',
    means: 'The values name no bucket for a component that is switched on.',
    remedy: NAMES,
  },
  'bucket-unknown': { result: 'not-checked', means: 'S3 could not be asked about a bucket.', remedy: RIGHT },
  'gitaly-unknown': { result: 'not-checked', means: "Gitaly's bucket could not be read.", remedy: RIGHT },
  'gitaly-unfinished': {
    result: 'not-checked',
    means: "Gitaly's bucket holds too much to be counted in the time of one run.",
    remedy: 'Verify the set again; expire old backups in that bucket by a rule of its lifecycle.',
  },
  'recovery-point-unknown': {
    result: 'not-checked',
    means: 'AWS Backup could not be asked.',
    remedy: RIGHT,
  },
} as const satisfies Readonly<Record<PartProblemCode, PartReasonKind>>;

/** Those that follow from the parts of a set. */
const JUDGED = {
  'part-unmarked': {
    result: 'incomplete',
    means: 'A part that belongs to the set was not marked.',
    remedy: 'Take the backup again.',
  },
  'versions-off': {
    result: 'incomplete',
    means: 'The bucket keeps no versions, so what is deleted or replaced in it is gone at once.',
    remedy: 'Switch versioning on for the bucket, or take the component into the archive.',
  },
  'versions-expired': {
    result: 'incomplete',
    means: 'The bucket has deleted versions since that a restore of this set needs.',
    remedy: 'Keep versions that were replaced as long as sets, by a rule of its lifecycle.',
  },
  'replica-failed': {
    result: 'incomplete',
    means: 'The replica of the bucket lacks objects, and S3 does not try them again.',
    remedy: 'Look at the failed operations of its replication, and copy them by S3 Batch Replication.',
  },
  'gitaly-incomplete': {
    result: 'incomplete',
    means: 'Fewer repositories lie under the id of this set than the log of its backup says were written.',
    remedy: "Read the backup's log for gitaly-backup, and take the backup again.",
  },
  'secrets-not-saved': {
    result: 'incomplete',
    means: 'The secrets of GitLab were not saved with the set, and without them nobody can read its data.',
    remedy: 'Read the message of the run for what could not be read, mend it, and take the backup again.',
  },
  'secrets-unlisted': {
    result: 'not-checked',
    means:
      'The values of the chart could not be read, so secrets that people made are not among those saved.',
    remedy: 'Apply the Role of the reader of secrets, and look at release and namespace in drydock.yaml.',
  },
  'secret-unreadable': {
    result: 'not-checked',
    means: 'A secret that GitLab uses could not be read, and is not among those saved.',
    remedy: 'Give the reader of secrets the right to get it, and take the backup again.',
  },
  'parts-out-of-order': {
    result: 'incomplete',
    means:
      'The database is of a later moment than what it points to: objects or repositories may be missing.',
    remedy: 'Take the backup again; look at the clocks when it comes back.',
  },
  'gitaly-uncounted': {
    result: 'not-checked',
    means: 'There is no repository under the id of this set, and no log says how many were written.',
    remedy: 'Look at the log of the backup, and at the bucket of Gitaly.',
  },
  'gitaly-not-compared': {
    result: 'note',
    means: 'No log says how many repositories were written, so some may be missing.',
  },
  'versions-short': {
    result: 'note',
    means: 'The bucket deletes versions before the set is deleted; from then on the set is incomplete.',
    remedy: 'Keep versions that were replaced as long as sets, by a rule of its lifecycle.',
  },
  'replica-missing': {
    result: 'note',
    means: 'The bucket has no replica: with it, all versions are lost.',
    remedy: 'Copy the whole bucket into another region or account by a rule of replication.',
  },
  'replica-behind': { result: 'note', means: 'The replica of the bucket had not all objects yet.' },
  'replica-unknown': {
    result: 'note',
    means: 'How far the replica of the bucket is could not be learned.',
    remedy: 'Switch the metrics of its rule of replication on.',
  },
} as const satisfies Readonly<Record<string, PartReasonKind>>;

const KINDS = { ...PROBLEMS, ...JUDGED };
type PartReasonCode = keyof typeof KINDS;

/** All of them, for the table of the documentation. */
export const PART_REASON_KINDS: Readonly<Record<PartReasonCode, PartReasonKind>> = KINDS;

/**
 * Writes a reason about a part.
 *
 * @param result instead of that of its kind: what another part of the set makes good is worth a note.
 */
export const makePartReason = (
  code: PartReasonCode,
  subject: string,
  message: string,
  result: VerificationReason['result'] = PART_REASON_KINDS[code].result,
): VerificationReason => {
  const { remedy } = PART_REASON_KINDS[code];
  return { code, result, subject, message, ...(remedy === undefined ? {} : { remedy }) };
};
