import type { VerificationReason } from '../../records/backup/verification.ts';

/** Every reason that can stand beside a verdict: its code, the same for ever, what it does to the verdict, and what to do. */

interface ReasonKind {
  readonly result: VerificationReason['result'];
  /** For the table of reasons. */
  readonly means: string;
  readonly remedy?: string;
}

const TAKE_AGAIN = 'Take the backup again; keep the ones before it.';
const SAY_SKIPPED =
  'If that is on purpose, say so (skip in the policy, or --skipped); otherwise give the backup its right to the bucket.';
const ASK_AGAIN = 'Verify it again once that is mended.';

const KINDS = {
  'no-archive': {
    result: 'corrupt',
    means: 'Not even the first block is that of a tar archive.',
    remedy: 'Look at what wrote under this name, and take the backup again.',
  },
  cut: {
    result: 'corrupt',
    means: 'The object ends before the archive does: the upload broke off, or the disk was full.',
    remedy: TAKE_AGAIN,
  },
  damaged: {
    result: 'corrupt',
    means: 'A block that must be a header is none, or something lies behind the end of the archive.',
    remedy: TAKE_AGAIN,
  },
  'checksum-differs': {
    result: 'corrupt',
    means: 'S3 has another checksum for it than the one that was noted before.',
    remedy: 'Treat this copy as lost, and take another one or an earlier version.',
  },
  'file-damaged': {
    result: 'corrupt',
    means: 'A file in it is cut or damaged: its compression does not end, or its check sum is wrong.',
    remedy: TAKE_AGAIN,
  },
  'no-gzip': {
    result: 'corrupt',
    means: 'A file in it is named .gz and is neither gzip nor another known compression.',
    remedy: TAKE_AGAIN,
  },
  'information-unreadable': {
    result: 'corrupt',
    means: 'backup_information.yml can not be read, and without it nothing can be restored.',
    remedy: TAKE_AGAIN,
  },

  'object-absent': {
    result: 'incomplete',
    means: 'There is no such object.',
    remedy: "Read the end of the backup's log: the upload may have failed, or gone elsewhere.",
  },
  'not-current': {
    result: 'incomplete',
    means: 'Something else lies under its name now, or nothing, and a restore takes what lies there.',
    remedy:
      'Look for who wrote or deleted it; the version that was read is kept, and can be put back over it.',
  },
  'older-than-run': {
    result: 'incomplete',
    means: 'The object was there before the backup began, so this backup wrote nothing.',
    remedy: "Read the end of the backup's log.",
  },
  'version-differs': {
    result: 'incomplete',
    means: 'It is of another GitLab version or edition; GitLab restores into exactly its own.',
    remedy: 'Restore it only into that version; take a new backup of the version that runs.',
  },
  'information-missing': {
    result: 'incomplete',
    means: 'There is no backup_information.yml, and without it nothing can be restored.',
    remedy: TAKE_AGAIN,
  },
  'skipped-unasked': {
    result: 'incomplete',
    means: 'A part that nobody asked to skip is not in it, and there is something to back up.',
    remedy: SAY_SKIPPED,
  },
  'part-empty': {
    result: 'incomplete',
    means: 'A part is there and holds nothing, and there is something to back up.',
    remedy: "Look at what the backup's own role may list in that bucket.",
  },
  'dump-missing': {
    result: 'incomplete',
    means: 'There is no dump of a database that must have one.',
    remedy: "Read the backup's log for pg_dump.",
  },
  'dump-empty': {
    result: 'incomplete',
    means: 'A database dump holds no table.',
    remedy: "Read the backup's log for pg_dump: right database, right user?",
  },
  'dump-unfinished': {
    result: 'incomplete',
    means: 'A database dump is whole as a file and lacks its last line: pg_dump died on the way.',
    remedy: "Read the backup's log for pg_dump, and take the backup again.",
  },
  'repositories-missing': {
    result: 'incomplete',
    means:
      'There are fewer repositories in it than projects that have one, or than its log says were written.',
    remedy: "Read the backup's log for gitaly-backup, and take the backup again.",
  },
  'repositories-unlisted': {
    result: 'incomplete',
    means:
      'Bundles of repositories lie in it without what a restore finds them by: it would leave them out, silently.',
    remedy: "Read the backup's log for gitaly-backup, and take the backup again.",
  },
  'log-failure': {
    result: 'incomplete',
    means: "The backup's log tells of a failure that its exit code hid.",
    remedy: 'Mend what it names, and take the backup again.',
  },
  'log-bucket-skipped': {
    result: 'incomplete',
    means: "The backup's log says that a bucket was not found and skipped.",
    remedy: 'Give the role of the backup s3:ListBucket on it, or mend its name in the chart.',
  },
  'log-other-archive': {
    result: 'incomplete',
    means: "The backup's log says that it wrote another object than this one.",
    remedy: 'Verify that one.',
  },

  'not-readable': {
    result: 'not-checked',
    means: 'S3 or KMS does not let us read it.',
    remedy: ASK_AGAIN,
  },
  'not-answered': {
    result: 'not-checked',
    means: 'S3 did not answer, also when it was asked again for minutes.',
    remedy: 'Verify it again; the next verification does so by itself.',
  },
  'storage-archived': {
    result: 'not-checked',
    means: 'It lies in a storage class that can not be read at once.',
    remedy: 'Verify archives before they are moved, or restore it for some days: aws s3api restore-object.',
  },
  'changed-while-read': {
    result: 'not-checked',
    means: 'It was overwritten while it was read: what was seen is of no object.',
    remedy: 'Look for who writes under the same name, then verify it again.',
  },
  'not-walked': {
    result: 'not-checked',
    means: 'Its headers were not read to the end.',
    remedy: ASK_AGAIN,
  },
  'not-looked-into': {
    result: 'not-checked',
    means: 'A file in it was not looked into.',
    remedy: ASK_AGAIN,
  },
  'other-compression': {
    result: 'not-checked',
    means: 'A file in it is compressed by something that is not looked into.',
    remedy: 'Without COMPRESS_CMD, GitLab uses gzip.',
  },
  'dump-not-read': {
    result: 'not-checked',
    means: 'A database dump is too large to be read to its end here, and no policy accepts that.',
    remedy:
      'Raise the limit where there is time for it, or accept it in the policy (acceptUnreadDumps): a drill proves such a dump.',
  },
  'twice-in-it': {
    result: 'not-checked',
    means: 'A file lies in it twice, and a restore takes the last one.',
    remedy: 'Look at the disk of the toolbox: GitLab does not write that.',
  },
  'part-unexplained': {
    result: 'not-checked',
    means:
      'A part is not in it, and nobody knows whether its bucket holds anything: GitLab drops both silently.',
    remedy:
      'Say which parts are skipped on purpose (skip in the policy, or --skipped), and which have nothing to back up (--empty, or --buckets to have them asked).',
  },
  'skipped-unknown': {
    result: 'not-checked',
    means: 'The backup lists something as skipped that is not known here.',
    remedy: 'Look whether your GitLab keeps anything in it, and whether another backup holds that.',
  },
  'repositories-uncounted': {
    result: 'not-checked',
    means: 'There is no repository of a project in it, and nobody said how many there are.',
    remedy:
      'Say how many projects have one (--projects), or that it is skipped (--skipped repositories), or that there is none (--empty repositories).',
  },
  'server-side-uncounted': {
    result: 'not-checked',
    means:
      "The repositories lie in Gitaly's own bucket, and nobody counted them there, or nobody knows how many there must be.",
    remedy:
      'Count the manifests under the id of this backup in that bucket (--gitaly-bucket), and say how many projects have a repository (--projects) where its dump is not read.',
  },
  'version-unknown': {
    result: 'not-checked',
    means: 'Neither its name nor backup_information.yml says of which GitLab version it is.',
    remedy: 'Look into backup_information.yml.',
  },
  'installation-unknown': {
    result: 'not-checked',
    means: 'backup_information.yml does not say of what installation it is: no bucket is restored.',
    remedy: 'Look at the end of that file: a disk that was full cuts it. Then take the backup again.',
  },
  'information-not-read': {
    result: 'not-checked',
    means: 'backup_information.yml is far larger than GitLab writes it, and was not read.',
    remedy: 'Look at what the backup puts into it.',
  },
  'checksum-gone': {
    result: 'not-checked',
    means: 'A checksum was noted before, and S3 tells none now.',
    remedy: 'Give the reader s3:GetObjectAttributes.',
  },
  'size-shrank': {
    result: 'not-checked',
    means: 'The archive, or a part of it, is less than half of what it used to be.',
    remedy: 'Find out what was deleted. After three backups of the new size it is the usual one.',
  },
  'tables-fewer': {
    result: 'not-checked',
    means: 'A database dump has less than half of the tables that the ones before it had.',
    remedy: 'Find out which database was dumped, and by whom: GitLab has about a thousand tables.',
  },
  'log-not-done': {
    result: 'not-checked',
    means: "The backup's log does not say that it came to its end.",
    remedy: "Look at the pod's end: evicted, out of memory, over its deadline?",
  },

  'no-checksum': { result: 'note', means: 'S3 has no checksum for it: it was written before December 2024.' },
  'size-grew': { result: 'note', means: 'It is more than three times what it used to be.' },
  'no-history': {
    result: 'note',
    means: 'It is the first of its kind: there is nothing to compare its size with.',
  },
  'name-unusual': {
    result: 'note',
    means:
      "Its name is not one of GitLab's: its pruning passes over it, and a restore needs -f instead of -t.",
  },
  'other-id': { result: 'note', means: 'Its repositories carry another backup id than its name.' },
  'repositories-not-compared': {
    result: 'note',
    means:
      'Neither its database dump nor anybody said how many projects have a repository, so some may be missing.',
  },
  'repositories-fewer': {
    result: 'note',
    means:
      'There are a few repositories less than projects with commits in its database dump, as when some were deleted in between.',
  },
  'version-not-compared': { result: 'note', means: 'Nobody said which GitLab version runs.' },
  'linux-package': {
    result: 'note',
    means: 'It is not of a Helm chart: its restore brings back the database and the repositories only.',
  },
  'bucket-empty': { result: 'note', means: 'A part is not in it, and its bucket is empty.' },
  'skipped-asked': { result: 'note', means: 'A part is not in it, as asked.' },
  'part-unexpected': { result: 'note', means: 'A part is in it that was to be skipped.' },
  'unknown-name': { result: 'note', means: 'Something lies in it that GitLab does not write.' },
  'dump-not-read-accepted': {
    result: 'note',
    means: 'A database dump was not read to its end, as the policy accepts.',
  },
  'log-warning': { result: 'note', means: "The backup's log warns of something." },
} as const satisfies Readonly<Record<string, ReasonKind>>;

export type ReasonCode = keyof typeof KINDS;

/** In the order of the table: worst first. */
export const REASON_KINDS: Readonly<Record<ReasonCode, ReasonKind>> = KINDS;

/** Writes a reason of a kind. @param subject what it is about: `uploads.tar.gz`, `the archive`. */
export const makeReason = (
  code: ReasonCode,
  subject: string,
  message: string,
  remedy = REASON_KINDS[code].remedy,
): VerificationReason => ({
  code,
  result: REASON_KINDS[code].result,
  subject,
  message,
  ...(remedy === undefined ? {} : { remedy }),
});

/** The whole object, as a subject. */
export const THE_ARCHIVE = 'the archive';
