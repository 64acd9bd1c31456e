import { beforeAll, describe, expect, test } from 'vitest';
import { DefectError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { lintStateMachine } from '../../infra/constructs/asl-lint.ts';
import { answerAsService, openWalks, type Script, type ScriptedWalk } from '../support/scripted-walk.ts';
import { readMachine } from '../support/walk-machine.ts';

/** What each state of `backup` calls its function with fits, and each answer leads where it should. */

// What is called but is no function is the machine that reads sets.
const walks = await openWalks('backup', ({ called, scripted }) =>
  called.startsWith('arn:') ? answerAsService(scripted) : undefined,
);
const { proven } = walks;
const walk = (script: Script, input: unknown = INPUT): Promise<ScriptedWalk> =>
  walks.walk('backup', input, script);

const INPUT = { environment: 'production', policy: 'daily' };
const SET = { ...INPUT, id: '1795230005_2026_11_21_18.10.0-ee' };
const turn = (outcome: string, changes: object = {}) => ({
  outcome,
  waitSeconds: 120,
  asks: 1,
  reasons: ['a reason'],
  ...changes,
});
const begun = turn('begun', { set: SET, kind: 'tar', reasons: [] });
const look = (outcome: string) => ({
  outcome,
  waitSeconds: outcome === 'done' ? 0 : 20,
  message: 'a sentence',
});
const job = (outcome: string) => ({ outcome, waitSeconds: 20, looks: 1, message: 'It was evicted.' });
const started = (outcome: string) => ({
  outcome,
  waitSeconds: 120,
  asks: 1,
  reasons: ['taken'],
  warnings: [],
});
const copy = (outcome: string) => ({ outcome, slices: 1, message: 'The checksum differs.' });
const read = (outcome: string) => ({ Output: { outcome, ...SET, message: 'a sentence', found: 0 } });
const finished = (outcome: string) => ({ outcome, message: 'It ended.', reasons: [] });
const failure = (name: string): Error => Object.assign(new Error('no time today'), { name });

/** Everything goes well. */
const WELL: Script = {
  BeginBackup: begun,
  ReadRelease: { outcome: 'read', message: '' },
  ProbeAccess: look('done'),
  CheckPreflight: { outcome: 'passed', reasons: [], warnings: ['The scratch disk is slow.'] },
  SetMarks: look('done'),
  StartBackupJob: started('started'),
  WatchBackupJob: job('succeeded'),
  MarkRepositories: look('done'),
  ExportSecrets: { outcome: 'exported', missing: [], warnings: [] },
  VerifyBackup: read('verified'),
  CopySet: copy('none'),
  FinishBackup: finished('verified'),
};
const TURN = 'BeginBackup HasItsTurnCome';
const LOOKED = `${TURN} ReadRelease ProbeAccess HasProbeEnded CheckPreflight MayItBegin`;
const MARKED = `${LOOKED} SetMarks AreMarksSet StartBackupJob WasJobStarted`;
const JOB = 'WatchBackupJob HasJobEnded MarkRepositories AreRepositoriesMarked';
const MADE = `${MARKED} ${JOB} ExportSecrets VerifyBackup IsSetVerified`;
const END = 'FinishBackup WasItADefect EndBackup';

const WAYS: [what: string, changes: Script, states: string, told: object][] = [
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

describe('a walk through backup with', () => {
  test.each(WAYS)('%s', async (_, changes, states, told) => {
    const walked = await walk({ ...WELL, ...changes });
    expect(walked.states.join(' ')).toBe(states);
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.toldTo('FinishBackup')).toMatchObject({ request: INPUT, ...told });
  });

  test('a good end tells when each step ended', async () => {
    const { ends } = (await walk(WELL)).toldTo('FinishBackup') as { ends: object };
    expect(Object.keys(ends)).toEqual([
      'begin',
      'preflight',
      'marks',
      'job',
      'secrets',
      'verification',
      'copy',
    ]);
  });

  test.each([
    'BeginBackup',
    'ReadRelease',
    'ProbeAccess',
    'CheckPreflight',
    'SetMarks',
    'StartBackupJob',
    'WatchBackupJob',
    'MarkRepositories',
    'ExportSecrets',
  ])('a defect of ours in %s is ended like any run, and fails then', async (state) => {
    const walked = await walk({ ...WELL, [state]: new DefectError('x', 'A bug.') });
    expect(walked.states.slice(-3)).toEqual(['FinishBackup', 'WasItADefect', 'FailBackup']);
    expect(walked).toMatchObject({ status: 'FAILED', output: 'A bug.' });
    expect(walked.toldTo('FinishBackup')).toMatchObject({ outcome: 'failed', reasons: ['A bug.'] });
  });

  test('a last step that fails leaves it to the failure handler', async () => {
    const walked = await walk({ ...WELL, FinishBackup: new RefusedError('topic.forbidden', 'No right.') });
    expect(walked.states.slice(-2)).toEqual(['FinishBackup', 'FailBackup']);
    expect(walked).toMatchObject({ status: 'FAILED', output: 'No right.' });
  });

  test.each([
    ['nothing', {}, /write {\\"environment\\"/],
    ['a text', 'production', /write {\\"environment\\"/],
    ['an old word', { ...INPUT, dryRun: true }, /dryRun/],
  ])('%s as input wakes nobody and says what to write', async (_, input, message) => {
    const walked = await walk(WELL, input);
    expect(walked.states.join(' ')).toBe('BeginBackup IsInputUnreadable ExplainInput EndBackup');
    expect(JSON.stringify(walked.output)).toMatch(message);
    expect(walked.output).toMatchObject({ reasons: [expect.not.stringMatching(/trace|errorMessage/)] });
  });

  test('an environment that drydock.yaml does not have wakes nobody and names those there are', async () => {
    const reasons = ['drydock.yaml has no backup of an environment prod; it has: production.'];
    const walked = await walk({ ...WELL, BeginBackup: turn('unknown', { reasons }) });
    expect(walked.states.join(' ')).toBe(`${TURN} ExplainInput EndBackup`);
    expect(walked.output).toMatchObject({ outcome: 'refused', reasons });
  });
});

describe('all states', () => {
  beforeAll(async () => {
    for (const [, changes] of WAYS) await walk({ ...WELL, ...changes });
  });

  test('keep the rules for state machines', () => {
    expect(lintStateMachine(readMachine('backup'))).toEqual([]);
  });

  test('that call a function call it with what its contract takes, on some walk above', () => {
    const tasks = listStates(readMachine('backup')).filter(([, { Type }]) => Type === 'Task');
    expect(tasks.map(([name]) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});
