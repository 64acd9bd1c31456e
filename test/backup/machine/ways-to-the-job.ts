import { RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import { begun, END, LOOKED, look, MADE, MARKED, started, TURN, turn, type Way } from './backup-answers.ts';

/** Walks of a backup up to its Job. */
export const WAYS_TO_THE_JOB: readonly Way[] = [
  ['a backup that goes well', {}, `${MADE} CopySet IsCopyUnderWay ${END}`, { outcome: 'made' }],
  [
    'one that waits for its turn',
    { BeginBackup: [turn('waiting'), begun] },
    `${TURN} WaitForTurn ${MADE} CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made', reasons: [] },
  ],
  [
    'one that waited in vain',
    { BeginBackup: turn('overlapped') },
    `${TURN} ${END}`,
    {
      outcome: 'overlapped',
      reasons: ['a reason'],
    },
  ],
  ['backups that are paused', { BeginBackup: turn('paused') }, `${TURN} ${END}`, { outcome: 'paused' }],
  [
    'a cluster without its CronJob',
    { BeginBackup: turn('refused') },
    `${TURN} ${END}`,
    { outcome: 'refused', reasons: ['a reason'] },
  ],
  [
    'a cluster that is away for long at its beginning',
    { BeginBackup: new TransientError('kubernetes.unreachable', 'shop does not answer.') },
    `BeginBackup ${END}`,
    { outcome: 'failed', reasons: ['shop does not answer.'], ends: {} },
  ],
  [
    'a ledger that refuses at its beginning',
    { BeginBackup: new RefusedError('ledger.forbidden', 'S3 refused.') },
    `BeginBackup IsInputUnreadable ${END}`,
    { outcome: 'failed', reasons: ['S3 refused.'] },
  ],
  [
    'a release and a pod that nobody could look at',
    {
      ReadRelease: new RefusedError('kubernetes.forbidden', 'No right to list secrets.'),
      ProbeAccess: new TransientError('kubernetes.unreachable', 'shop does not answer.'),
    },
    `${TURN} ReadRelease ProbeAccess CheckPreflight MayItBegin ${MADE.slice(LOOKED.length + 1)} CopySet IsCopyUnderWay ${END}`,
    {
      outcome: 'made',
      concerns: [
        'The Helm release was not read: No right to list secrets.',
        'No pod could look whether the buckets can be reached: shop does not answer.',
        'The scratch disk is slow.',
      ],
    },
  ],
  [
    'a probe that takes its time',
    { ProbeAccess: [look('waiting'), look('done')] },
    MADE.replace('HasProbeEnded', 'HasProbeEnded WaitForProbe ProbeAccess HasProbeEnded') +
      ` CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made' },
  ],
  [
    'a preflight that says no',
    { CheckPreflight: { outcome: 'refused', reasons: ['gl-uploads: denied', 'no room'], warnings: [] } },
    `${LOOKED} ${END}`,
    { outcome: 'refused', reasons: ['gl-uploads: denied', 'no room'] },
  ],
  [
    'a snapshot that takes its time, and one bucket that can not be marked',
    { SetMarks: [look('waiting'), new RefusedError('aws.forbidden', 'No right.')] },
    MADE.replace('SetMarks AreMarksSet', 'SetMarks AreMarksSet WaitForMarks SetMarks') +
      ` CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made', concerns: ['The scratch disk is slow.', 'Marks were not set: No right.'] },
  ],
  [
    'a native set without repositories',
    { StartBackupJob: started('not-needed') },
    `${MARKED} ExportSecrets VerifyBackup IsSetVerified CopySet IsCopyUnderWay ${END}`,
    { outcome: 'made' },
  ],
  [
    'an environment that was taken while marks were set',
    { StartBackupJob: [started('waiting'), started('overlapped')] },
    `${MARKED} WaitToStart StartBackupJob WasJobStarted ${END}`,
    { outcome: 'overlapped', reasons: ['taken'] },
  ],
];
