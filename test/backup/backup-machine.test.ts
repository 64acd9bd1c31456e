import { beforeAll, describe, expect, test } from 'vitest';
import { DefectError, RefusedError } from '../../functions/runtime/errors.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { lintStateMachine } from '../../infra/constructs/asl-lint.ts';
import { answerAsService, openWalks, type Script, type ScriptedWalk } from '../support/scripted-walk.ts';
import { readMachine } from '../support/walk-machine.ts';
import { INPUT, TURN, turn, WELL } from './machine/backup-answers.ts';
import { WAYS_FROM_THE_JOB } from './machine/ways-from-the-job.ts';
import { WAYS_TO_THE_JOB } from './machine/ways-to-the-job.ts';

/** What each state of `backup` calls its function with fits, and each answer leads where it should. */

// What is called but is no function is the machine that reads sets.
const walks = await openWalks('backup', ({ called, scripted }) =>
  called.startsWith('arn:') ? answerAsService(scripted) : undefined,
);
const { proven } = walks;
const walk = (script: Script, input: unknown = INPUT): Promise<ScriptedWalk> =>
  walks.walk('backup', input, script);

const WAYS = [...WAYS_TO_THE_JOB, ...WAYS_FROM_THE_JOB];

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
