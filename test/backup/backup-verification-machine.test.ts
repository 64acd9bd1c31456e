import { describe, expect, test } from 'vitest';
import { MAX_MARK_LOOKS } from '../../functions/records/backup/run-limits.ts';
import { MAX_VERIFY_SLICES } from '../../functions/records/backup/slices.ts';
import { DefectError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { MAX_HISTORY_EVENTS, worstCaseHistory } from '../../infra/constructs/asl-history.ts';
import { lintStateMachine } from '../../infra/constructs/asl-lint.ts';
import { answerAsService, openWalks, type Script } from '../support/scripted-walk.ts';
import { readMachine, type Walk } from '../support/walk-machine.ts';

/** What each state of `backup-verification` calls its function with fits, and each answer leads where it should. */

// What Lambda says of a function that died is no answer of the function's own.
const walks = await openWalks('backup', ({ scripted }) =>
  scripted instanceof Error && scripted.name === 'Runtime.ExitError' ? answerAsService(scripted) : undefined,
);
const SET = { environment: 'production', policy: 'daily', id: '1763690405_2025_11_21_18.10.0-ee' };
const walk = (script: Script, input: unknown = SET): Promise<Walk> =>
  walks.walk('backup-verification', input, script);

const answer = (outcome: string, changes: object = {}) => ({
  outcome,
  set: SET,
  slices: 1,
  message: 'a sentence',
  found: 0,
  ...changes,
});
const look = (outcome: string) => ({ outcome, waitSeconds: 20, message: '' });
const RECORD = { record: 'backup/sets/production/x/verifications/y.json' };
const AGAIN = 'TakeRequest VerifySet IsItVerified LookAtParts';

const WAYS: [what: string, script: Script, states: string, output: object][] = [
  [
    'an archive that one Lambda reads',
    { VerifySet: answer('verified', RECORD) },
    'TakeRequest VerifySet IsItVerified NoteVerdict EndVerification',
    { ...SET, ...RECORD, outcome: 'verified', found: 0 },
  ],
  [
    'one that takes three',
    {
      VerifySet: [answer('unfinished'), answer('unfinished', { slices: 2 }), answer('corrupt', { found: 2 })],
    },
    'TakeRequest VerifySet IsItVerified VerifySet IsItVerified VerifySet IsItVerified NoteVerdict EndVerification',
    { outcome: 'corrupt', found: 2 },
  ],
  [
    'a set whose parts are looked at anew',
    {
      VerifySet: [answer('look-first'), answer('verified')],
      LookAtParts: [look('waiting'), look('done')],
    },
    `${AGAIN} AreTheyLookedAt WaitForLook LookAtParts AreTheyLookedAt NoteLook VerifySet IsItVerified NoteVerdict EndVerification`,
    { outcome: 'verified' },
  ],
  [
    'parts that can not be looked at',
    {
      VerifySet: [answer('look-first'), answer('not-checked')],
      LookAtParts: new TransientError('aws.unavailable', 'RDS is away.'),
    },
    `${AGAIN} VerifySet IsItVerified NoteVerdict EndVerification`,
    { outcome: 'not-checked' },
  ],
  [
    'an S3 that is away',
    {
      VerifySet: new TransientError('archive.unavailable', 'S3 is away.'),
      NoteUnread: answer('not-checked'),
    },
    'TakeRequest VerifySet NoteUnread NoteVerdict EndVerification',
    { outcome: 'not-checked' },
  ],
  [
    'Lambdas that die',
    {
      VerifySet: Object.assign(new Error('out of memory'), { name: 'Runtime.ExitError' }),
      NoteUnread: answer('not-checked'),
    },
    'TakeRequest VerifySet NoteUnread NoteVerdict EndVerification',
    { outcome: 'not-checked' },
  ],
  [
    'a set that is not there',
    { VerifySet: new RefusedError('backup.no-set', 'There is no such set.') },
    'TakeRequest VerifySet NoteRefused EndVerification',
    { outcome: 'refused', message: 'There is no such set.', found: 0 },
  ],
];

describe('a verification', () => {
  test('keeps the rules for state machines', () => {
    expect(lintStateMachine(readMachine('backup-verification'))).toEqual([]);
  });

  test('looks at parts as often as the limit says, and reads its set then', async () => {
    const walked = await walk({
      VerifySet: [answer('look-first'), answer('not-checked')],
      LookAtParts: look('waiting'),
    });
    expect(walked.states.filter((state) => state === 'LookAtParts')).toHaveLength(MAX_MARK_LOOKS.again);
    expect(walked).toMatchObject({ status: 'SUCCEEDED', output: { outcome: 'not-checked' } });
  });

  test.each(WAYS)('of %s goes its way', async (_, script, states, output) => {
    const walked = await walk(script);
    expect(walked.states.join(' ')).toBe(states);
    expect(walked).toMatchObject({ status: 'SUCCEEDED', output });
  });

  test('that a person asks for without a policy names it in the end', async () => {
    const { policy: _, ...set } = SET;
    expect(await walk({ VerifySet: answer('verified') }, set)).toMatchObject({ output: { policy: 'daily' } });
  });

  test.each([
    ['nothing', {}],
    ['a typo', { environment: 'production', id: 'yesterday' }],
    ['a text', 'production'],
  ])('of %s is refused with what to write', async (_, input) => {
    const walked = await walk({ VerifySet: answer('verified') }, input);
    expect(walked.states).toContain('NoteRefused');
    expect(JSON.stringify(walked.output)).toMatch(/write \{|must be the id of a backup set|expected object/);
  });

  test('with a bug of ours fails, and so does one that can not be noted', async () => {
    const bug = new DefectError('x', 'a bug');
    expect(await walk({ VerifySet: bug })).toMatchObject({ status: 'FAILED' });
    const away = new TransientError('ledger.unavailable', 'away');
    expect(await walk({ VerifySet: away, NoteUnread: away })).toMatchObject({ status: 'FAILED' });
  });

  test('ends within its history, however large the archive', () => {
    const events = worstCaseHistory(readMachine('backup-verification'), {
      VerifySet: MAX_VERIFY_SLICES + 60,
    });
    expect(events).toBeLessThan(MAX_HISTORY_EVENTS / 5);
  });

  test('has a time limit that its slices do not reach', () => {
    const machine = readMachine('backup-verification');
    const slice = Number(machine.States['VerifySet']?.TimeoutSeconds);
    expect(MAX_VERIFY_SLICES * slice).toBeLessThan(Number(machine.TimeoutSeconds));
  });

  test('called every function with what it takes', () => {
    const tasks = listStates(readMachine('backup-verification')).flatMap(([name, { Type }]) =>
      Type === 'Task' ? [name] : [],
    );
    expect(tasks.filter((name) => !walks.proven.has(name))).toEqual([]);
  });
});
