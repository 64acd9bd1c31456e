import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  DUE_PAGE,
  MAX_DELETION_CALLS,
  MAX_DUE_PAGES,
  MAX_DUE_SETS,
} from '../../functions/records/backup/upkeep.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { listStates, parseAsl } from '../../infra/constructs/asl-definition.ts';
import { MAX_HISTORY_EVENTS, worstCaseHistory } from '../../infra/constructs/asl-history.ts';
import { lintStateMachine } from '../../infra/constructs/asl-lint.ts';
import { answerAsService, EXECUTION, openWalks, type Script } from '../support/scripted-walk.ts';
import { readMachine } from '../support/walk-machine.ts';

/** What each state of the nightly upkeep calls its function with fits, and each answer leads where it should. */

const { walk, proven } = await openWalks('backup', ({ called, scripted }) => {
  if (!called.startsWith('arn:')) return undefined;
  return answerAsService(scripted instanceof Error ? scripted : { Output: scripted });
});

const id = (number: number): string => `${1_763_690_405 + number}_2025_11_21_18.10.0-ee`;
const page = (outcome: 'all' | 'more', from: number, ...sets: number[]) => ({
  environments: ['production'],
  sets: sets.map((number) => ({
    name: `production-${number}`,
    set: { environment: 'production', policy: 'daily', id: id(number) },
  })),
  outcome,
  from,
  due: 3,
});
const cursor = (decision: number) => ({ environment: 0, decision, waits: 0, calls: 1 });
const deletion = (outcome: 'done' | 'unfinished' | 'waiting', deleted = 0) => ({
  outcome,
  from: cursor(deleted),
  waitSeconds: outcome === 'waiting' ? 300 : 0,
  deleted,
});
const night = { environment: 'production', verified: 1, lost: 0, deleted: 1, wouldDelete: 0, notices: [] };
const TOLD = { environments: [night] };
const down = new TransientError('archive.unavailable', 'S3 did not give it.');
const WHOLE: Script = {
  PlanUpkeep: page('all', 1, 1),
  VerifySet: { outcome: 'verified' },
  DeleteSets: deletion('done', 1),
  TellUpkeep: TOLD,
};

interface Journey {
  readonly what: string;
  readonly input?: unknown;
  readonly script: Script;
  readonly states: string;
  readonly status?: 'SUCCEEDED' | 'FAILED';
  readonly output?: object;
}

const END = 'TellUpkeep DidItBreakOff NoteNight EndUpkeep';
const JOURNEYS: readonly Journey[] = [
  {
    what: 'one set to read',
    script: WHOLE,
    states: `TakeRequest PlanUpkeep VerifySets VerifySet AreMoreDue DeleteSets IsAnythingLeft ${END}`,
    output: { outcome: 'done', environments: [night], due: 3, deleted: 1 },
  },
  {
    what: 'nothing to read',
    script: { ...WHOLE, PlanUpkeep: page('all', 0) },
    states: `TakeRequest PlanUpkeep VerifySets AreMoreDue DeleteSets IsAnythingLeft ${END}`,
  },
  {
    what: 'two pages',
    script: { ...WHOLE, PlanUpkeep: [page('more', 1, 1), page('all', 2, 2)] },
    states: `TakeRequest PlanUpkeep VerifySets VerifySet AreMoreDue PlanUpkeep VerifySets VerifySet AreMoreDue DeleteSets IsAnythingLeft ${END}`,
  },
  {
    what: 'a reading that died',
    script: { ...WHOLE, VerifySet: new Error('it died') },
    states: `TakeRequest PlanUpkeep VerifySets VerifySet NoteUnread AreMoreDue DeleteSets IsAnythingLeft ${END}`,
    output: { outcome: 'done' },
  },
  {
    what: 'a backup at work, and more than one call deletes',
    script: {
      ...WHOLE,
      PlanUpkeep: page('all', 0),
      DeleteSets: [deletion('waiting'), deletion('unfinished', 2), deletion('done', 1)],
    },
    states: `TakeRequest PlanUpkeep VerifySets AreMoreDue DeleteSets IsAnythingLeft WaitForTurn DeleteSets IsAnythingLeft DeleteSets IsAnythingLeft ${END}`,
    output: { outcome: 'done', deleted: 3 },
  },
  {
    what: 'deletions that break off: what was read is told, and the execution fails',
    script: { ...WHOLE, PlanUpkeep: page('all', 0), DeleteSets: down },
    states: 'TakeRequest PlanUpkeep VerifySets AreMoreDue DeleteSets TellUpkeep DidItBreakOff FailUpkeep',
    status: 'FAILED',
  },
  {
    what: 'an environment that is not there',
    input: { environment: 'prod' },
    script: { PlanUpkeep: new RefusedError('backup.unknown', 'drydock.yaml has no backup of prod.') },
    states: 'TakeRequest PlanUpkeep EndUpkeep',
    output: { outcome: 'refused', message: 'drydock.yaml has no backup of prod.' },
  },
  {
    what: 'a ledger that is away',
    script: { PlanUpkeep: down },
    states: 'TakeRequest PlanUpkeep FailUpkeep',
    status: 'FAILED',
  },
  {
    what: 'a message that can not be sent',
    script: { ...WHOLE, PlanUpkeep: page('all', 0), TellUpkeep: down },
    states: 'TakeRequest PlanUpkeep VerifySets AreMoreDue DeleteSets IsAnythingLeft TellUpkeep FailUpkeep',
    status: 'FAILED',
  },
];

describe('a walk through the upkeep with', () => {
  test.each(JOURNEYS)('$what: $states', async ({ input = {}, script, states, ...end }) => {
    const walked = await walk('backup-upkeep', input, script);
    expect(walked.states.join(' ')).toBe(states);
    expect(walked).toMatchObject({
      status: end.status ?? 'SUCCEEDED',
      ...(end.output && { output: end.output }),
    });
  });

  test('each set is an execution under the name that was planned, and knows who started it', async () => {
    const { calls } = await walk('backup-upkeep', {}, WHOLE);
    expect(calls).toEqual([
      {
        StateMachineArn: '${BackupVerificationArn}',
        Name: 'production-1',
        Input: {
          environment: 'production',
          policy: 'daily',
          id: id(1),
          AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: EXECUTION.arn,
        },
      },
    ]);
  });

  test.each([
    ['text', 'blue'],
    ['an unknown name', { env: 'production' }],
    ['a number', { environment: 7 }],
  ])('a slip in the console, %s, succeeds, says what to write, and wakes nobody', async (_, input) => {
    const { status, output } = await walk('backup-upkeep', input, { PlanUpkeep: page('all', 0) });
    expect(status).toBe('SUCCEEDED');
    expect(output).toMatchObject({ outcome: 'refused', message: expect.stringContaining('"dryRun":true') });
  });
});

describe('the machine', () => {
  const definition = parseAsl(readFileSync('state-machines/backup-upkeep.asl.json', 'utf8'));
  const bounds = { PlanUpkeep: MAX_DUE_PAGES, VerifySets: DUE_PAGE, DeleteSets: MAX_DELETION_CALLS };

  test('keeps all rules of our machines', () => {
    expect(lintStateMachine(definition)).toEqual([]);
  });

  test('reads a thousand sets and deletes as long as it may within one history', () => {
    expect(MAX_DUE_PAGES * DUE_PAGE).toBe(MAX_DUE_SETS);
    // Of each set its state, two attempts, the note that they failed, and its iteration.
    expect(worstCaseHistory(definition, bounds)).toBeGreaterThan(MAX_DUE_SETS * 12 + MAX_DELETION_CALLS * 12);
    expect(worstCaseHistory(definition, bounds)).toBeLessThan(MAX_HISTORY_EVENTS);
  });

  describe('has states', () => {
    beforeAll(async () => {
      for (const { input = {}, script } of JOURNEYS) await walk('backup-upkeep', input, script);
    });

    test('that call a function with what its contract takes, each on some walk above', () => {
      const tasks = listStates(readMachine('backup-upkeep')).filter(
        ([, { Resource }]) => Resource === 'arn:aws:states:::lambda:invoke',
      );
      expect(tasks.map(([name]) => name).filter((name) => !proven.has(name))).toEqual([]);
    });
  });
});
