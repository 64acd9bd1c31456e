import { RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import {
  copy,
  END,
  failure,
  finished,
  JOB,
  job,
  look,
  MADE,
  MARKED,
  read,
  type Way,
} from './backup-answers.ts';

/** Walks of a backup whose Job was made. */
export const WAYS_FROM_THE_JOB: readonly Way[] = [
  [
    'a Job that runs for a while',
    { WatchBackupJob: [job('waiting'), job('running'), job('succeeded')] },
    MADE.replace(
      'WatchBackupJob HasJobEnded',
      'WatchBackupJob HasJobEnded WaitForNextLook WatchBackupJob HasJobEnded WaitForNextLook WatchBackupJob HasJobEnded',
    ) + ` CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made', reasons: [] },
  ],
  [
    'a Job that fails',
    { WatchBackupJob: job('failed') },
    `${MARKED} WatchBackupJob HasJobEnded NoteFailedJob ${END}`,
    { outcome: 'failed', reasons: ['It was evicted.'] },
  ],
  [
    'a ledger that is away for long while the Job is watched',
    { WatchBackupJob: new TransientError('ledger.unavailable', 'S3 did not answer.') },
    `${MARKED} WatchBackupJob ${END}`,
    { outcome: 'failed', reasons: ['S3 did not answer.'] },
  ],
  [
    'repositories that take a count',
    { MarkRepositories: [look('waiting'), look('done')] },
    MADE.replace(
      'MarkRepositories AreRepositoriesMarked',
      'MarkRepositories AreRepositoriesMarked WaitForRepositories MarkRepositories AreRepositoriesMarked',
    ) + ` CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made' },
  ],
  [
    'secrets that were not saved',
    { ExportSecrets: { outcome: 'failed', reason: 'KMS refused.', missing: [], warnings: ['x changed'] } },
    `${MADE} CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made', concerns: ['The scratch disk is slow.', 'KMS refused.', 'x changed'] },
  ],
  [
    'secrets that nobody could save',
    { ExportSecrets: new RefusedError('kms.forbidden', 'No right.') },
    `${MADE} CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made', concerns: ['The scratch disk is slow.', 'Secrets were not saved: No right.'] },
  ],
  [
    'a set in which something is missing',
    { VerifyBackup: read('incomplete'), FinishBackup: finished('incomplete') },
    `${MADE} ${END}`,
    { outcome: 'made' },
  ],
  [
    'a set that may not be read',
    { VerifyBackup: read('refused'), FinishBackup: finished('unverified') },
    `${MADE} ${END}`,
    { outcome: 'made', concerns: ['The scratch disk is slow.', 'It was not read: a sentence'] },
  ],
  [
    'a reading that a person stopped',
    {
      VerifyBackup: Object.assign(
        new Error(
          JSON.stringify({ ExecutionArn: 'arn:x', Input: '{}', Name: 'daily-1-0', Status: 'ABORTED' }),
        ),
        { name: 'States.TaskFailed' },
      ),
      FinishBackup: finished('unverified'),
    },
    `${MARKED} ${JOB} ExportSecrets VerifyBackup ${END}`,
    {
      outcome: 'made',
      concerns: ['The scratch disk is slow.', 'It was not read: its execution daily-1-0 ended as ABORTED'],
    },
  ],
  [
    'a reading that failed',
    {
      VerifyBackup: Object.assign(
        new Error(
          JSON.stringify({ Cause: 'A bug.', ExecutionArn: 'arn:x', Name: 'daily-1-0', Status: 'FAILED' }),
        ),
        { name: 'States.TaskFailed' },
      ),
      FinishBackup: finished('unverified'),
    },
    `${MARKED} ${JOB} ExportSecrets VerifyBackup ${END}`,
    {
      outcome: 'made',
      concerns: [
        'The scratch disk is slow.',
        'It was not read: its execution daily-1-0 ended as FAILED: A bug.',
      ],
    },
  ],
  [
    'a reading that died',
    { VerifyBackup: failure('States.TaskFailed'), FinishBackup: finished('unverified') },
    `${MARKED} ${JOB} ExportSecrets VerifyBackup ${END}`,
    {
      outcome: 'made',
      concerns: ['The scratch disk is slow.', 'It was not read: States.TaskFailed no time today'],
    },
  ],
  [
    'a copy that takes two Lambdas and differs',
    { CopySet: [copy('unfinished'), copy('differs')] },
    `${MADE} CopySet IsCopyUnderWay CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made', concerns: ['The scratch disk is slow.', 'The checksum differs.'] },
  ],
  [
    'a copy that can not be made',
    { CopySet: new TransientError('s3.unavailable', 'S3 is away.'), EndCopy: copy('failed') },
    `${MADE} CopySet EndCopy ${END}`,
    { outcome: 'made', concerns: ['The scratch disk is slow.', 'The checksum differs.'] },
  ],
];
