import { beforeAll, describe, expect, test } from 'vitest';
import { DefectError, RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { answerAsFunction, openWalks, type Script } from '../support/scripted-walk.ts';
import { readMachine, type Walk } from '../support/walk-machine.ts';

/** What each state of `upgrade` calls its function with fits, and each answer leads where it should. */

// A task that waits for a token has no answer of its function's own, but what a person sends.
const walks = await openWalks('upgrade', ({ called, scripted }) =>
  called === 'RequestApproval' ? answerAsFunction(scripted) : undefined,
);
const { proven } = walks;
const walk = (script: Script, input: unknown = INPUT): Promise<Walk> => walks.walk('upgrade', input, script);

const INPUT = { cluster: 'production', by: 'Ada', why: 'a test', dryRun: false };
const plan = (changes: object = {}) => ({
  outcome: 'proceed',
  cluster: 'blue',
  owner: 'drydock',
  approvalSeconds: 86_400,
  plan: { id: 'p', key: 'upgrade/plans/y.json' },
  text: ['1. control plane'],
  reasons: [],
  ...changes,
});
const GATE = { gate: 'plan', passed: true, reason: 'true' };
const gates = (outcome: string, reasons: string[] = []) => ({ outcome, gates: [GATE], reasons });
const look = (outcome: string) => ({
  outcome,
  waitSeconds: 300,
  polls: 1,
  message: '',
  reasons: ['a reason'],
});
const finished = (outcome: string) => ({ outcome, cluster: 'blue', plan: 'p', reasons: [] });
const ANSWER = { plan: 'p', by: 'Grace' };
const approved = { outcome: 'approved', by: 'Grace', reasons: [] };
const failure = (name: string): Error => Object.assign(new Error('no time today'), { name });

/** Everything up to the first look goes well. */
const WELL: Script = {
  PlanUpgrade: plan(),
  CheckGates: gates('passed'),
  RequestApproval: ANSWER,
  AcceptApproval: approved,
  BeginUpgrade: gates('begun'),
};
const APPROVED =
  'PlanUpgrade ShouldItBeCarriedOut CheckGates AreGatesOpen RequestApproval AcceptApproval IsPlanApproved BeginUpgrade HasUpgradeBegun';
const END = 'FinishUpgrade EndUpgrade';

const WAYS: [what: string, script: Script, states: string, output: object][] = [
  [
    'an upgrade that goes well',
    { ...WELL, AdvanceUpgrade: [look('under-way'), look('upgraded')], FinishUpgrade: finished('upgraded') },
    `${APPROVED} AdvanceUpgrade IsUpgradeUnderWay WaitForNextLook AdvanceUpgrade IsUpgradeUnderWay ${END}`,
    { outcome: 'upgraded' },
  ],
  [
    'one that stops',
    { ...WELL, AdvanceUpgrade: look('stopped'), FinishUpgrade: finished('stopped') },
    `${APPROVED} AdvanceUpgrade IsUpgradeUnderWay ${END}`,
    { outcome: 'stopped' },
  ],
  [
    'a dry run',
    { PlanUpgrade: plan({ outcome: 'planned' }) },
    'PlanUpgrade ShouldItBeCarriedOut EndUpgrade',
    { outcome: 'planned', text: ['1. control plane'] },
  ],
  [
    'nothing to do',
    { PlanUpgrade: plan({ outcome: 'nothing-to-do' }) },
    'PlanUpgrade ShouldItBeCarriedOut EndUpgrade',
    { outcome: 'nothing-to-do' },
  ],
  [
    'a gate that is shut',
    { ...WELL, CheckGates: gates('refused', ['report: old']), FinishUpgrade: finished('refused') },
    `PlanUpgrade ShouldItBeCarriedOut CheckGates AreGatesOpen ${END}`,
    { outcome: 'refused' },
  ],
  [
    'a cluster of somebody else, for which nobody is asked',
    {
      ...WELL,
      PlanUpgrade: plan({ owner: 'external' }),
      AdvanceUpgrade: look('handed-over'),
      FinishUpgrade: finished('handed-over'),
    },
    `PlanUpgrade ShouldItBeCarriedOut CheckGates AreGatesOpen BeginUpgrade HasUpgradeBegun AdvanceUpgrade IsUpgradeUnderWay ${END}`,
    { outcome: 'handed-over' },
  ],
  [
    'an approval that does not come',
    { ...WELL, RequestApproval: failure('States.Timeout'), FinishUpgrade: finished('not-approved') },
    `PlanUpgrade ShouldItBeCarriedOut CheckGates AreGatesOpen RequestApproval ${END}`,
    { outcome: 'not-approved' },
  ],
  [
    'one that is declined',
    { ...WELL, RequestApproval: failure('Declined'), FinishUpgrade: finished('not-approved') },
    `PlanUpgrade ShouldItBeCarriedOut CheckGates AreGatesOpen RequestApproval WasApprovalDeclined NoteDecline ${END}`,
    { outcome: 'not-approved' },
  ],
  [
    'an answer that is none',
    {
      ...WELL,
      AcceptApproval: { outcome: 'not-approved', reasons: ['forged'] },
      FinishUpgrade: finished('not-approved'),
    },
    `PlanUpgrade ShouldItBeCarriedOut CheckGates AreGatesOpen RequestApproval AcceptApproval IsPlanApproved ${END}`,
    { outcome: 'not-approved' },
  ],
  [
    'a cluster that somebody took in the meantime',
    { ...WELL, BeginUpgrade: gates('refused', ['updates: taken']), FinishUpgrade: finished('refused') },
    `${APPROVED} ${END}`,
    { outcome: 'refused' },
  ],
  [
    'an EKS that is away for long in the middle',
    {
      ...WELL,
      AdvanceUpgrade: new TransientError('eks.unreachable', 'EKS does not answer.'),
      FinishUpgrade: finished('stopped'),
    },
    `${APPROVED} AdvanceUpgrade ${END}`,
    { outcome: 'stopped' },
  ],
  [
    'a right that is missing',
    {
      ...WELL,
      CheckGates: new RefusedError('eks.forbidden', 'No right.'),
      FinishUpgrade: finished('refused'),
    },
    `PlanUpgrade ShouldItBeCarriedOut CheckGates ${END}`,
    { outcome: 'refused' },
  ],
  [
    'a cluster that EKS does not know',
    { PlanUpgrade: new RefusedError('eks.cluster-missing', 'There is no cluster blue.') },
    'PlanUpgrade ExplainInput EndUpgrade',
    { outcome: 'refused', message: expect.stringContaining('"by": "<you>"') },
  ],
];

describe('a walk through upgrade with', () => {
  test.each(WAYS)('%s', async (_, script, states, output) => {
    const walked = await walk(script);
    expect(walked.states.join(' ')).toBe(states);
    expect(walked).toMatchObject({ status: 'SUCCEEDED', output });
  });

  test.each([
    'PlanUpgrade',
    'CheckGates',
    'AcceptApproval',
    'BeginUpgrade',
    'AdvanceUpgrade',
    'FinishUpgrade',
  ])('a defect of ours in %s fails, so that the failure handler frees the cluster', async (state) => {
    const script = { ...WELL, AdvanceUpgrade: look('upgraded'), FinishUpgrade: finished('upgraded') };
    const walked = await walk({ ...script, [state]: new DefectError('x', 'A bug.') });
    expect(walked).toMatchObject({ status: 'FAILED' });
    expect(walked.states.at(-1)).toBe('FailUpgrade');
  });

  test.each([
    ['nothing', {}, /cluster/],
    ['a text', 'production', /expected object/i],
    ['no name', { ...INPUT, by: '' }, /who you are/],
    ['an old word', { ...INPUT, force: true }, /force/],
  ])('%s as input wakes nobody and says what to write', async (_, input, message) => {
    const walked = await walk({ PlanUpgrade: plan() }, input);
    expect(walked.states.join(' ')).toBe('PlanUpgrade ExplainInput EndUpgrade');
    expect(JSON.stringify(walked.output)).toMatch(message);
    // A sentence, and not the JSON that Lambda makes of an error.
    expect(walked.output).toMatchObject({ reasons: [expect.not.stringMatching(/trace|errorMessage/)] });
  });
});

describe('all states', () => {
  beforeAll(async () => {
    for (const [, script] of WAYS) await walk(script);
  });

  test('that call a function call it with what its contract takes, on some walk above', () => {
    const tasks = listStates(readMachine('upgrade')).filter(([, { Type }]) => Type === 'Task');
    expect(tasks.map(([name]) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});
