import { describe, expect, it, test } from 'vitest';
import { MAX_EXTENSION_LOOKS } from '../../../../functions/records/backup/restore-limits.ts';
import { RefusedError, TransientError } from '../../../../functions/runtime/errors.ts';
import { lintStateMachine } from '../../../../infra/constructs/asl-lint.ts';
import { answerAsFunction, openWalks, type Script } from '../../../support/scripted-walk.ts';
import { readMachine } from '../../../support/walk-machine.ts';

/** What each state of `restore` calls its function with fits, and each answer leads where it should. */

const TOKENS = ['RequestRestoreApproval', 'AskRestoreChoice'];
const walks = await openWalks('backup', ({ called, scripted }) =>
  TOKENS.includes(called) ? answerAsFunction(scripted) : undefined,
);

const INPUT = {
  environment: 'production',
  target: 'production',
  confirm: 'production',
  by: 'Ada',
  why: 'a table is gone',
  dryRun: false,
};
const RESTORE = { place: 'production', id: 'restore-1' };
const CARRY = { carryOn: RESTORE };
const planned = (outcome: string) => ({
  outcome,
  approvalSeconds: 3_600,
  plan: { id: 'p', key: 'k' },
  text: ['1. Save it'],
  reasons: ['gitops: Argo CD would scale up'],
});
const asked = (outcome: string) => ({ outcome, waitSeconds: outcome === 'done' ? 0 : 10, message: '' });
const look = (outcome: string) => ({ outcome, waitSeconds: 5, looks: 1, message: 'a sentence' });
const begun = { outcome: 'begun', restore: RESTORE, reasons: [] };
const finished = { outcome: 'restored', restore: RESTORE, message: 'It is done.', reasons: [] };
const failure = (name: string): Error => Object.assign(new Error('no time today'), { name });

const WELL: Script = {
  InspectRestore: { outcome: 'inspected', message: '', reasons: [] },
  PlanRestore: planned('proceed'),
  RequestApproval: { plan: 'p', by: 'Grace' },
  AcceptApproval: { outcome: 'approved', by: 'Grace', reasons: [] },
  BeginRestore: begun,
  AdvanceRestore: look('ended'),
  WriteSecrets: { outcome: 'looked', message: '' },
  PutBackObjects: { outcome: 'done', message: '' },
  RestoreNative: { outcome: 'looked', message: '' },
  AskForChoice: { restore: 'restore-1', choice: 'resume', by: 'Grace', why: 'now' },
  AcceptChoice: { outcome: 'chosen', reasons: [] },
  FinishRestore: finished,
};

const PLANNED = 'IsItCarriedOn InspectRestore WasPlaceInspected PlanRestore ShouldItBeCarriedOut';
const APPROVED = `${PLANNED} RequestApproval AcceptApproval IsPlanApproved BeginRestore HasRestoreBegun`;
const LOOK = 'AdvanceRestore WhatComesNext';
const END = 'FinishRestore EndRestore';

const WAYS: [what: string, changes: Script, states: string][] = [
  ['a restore that goes well', {}, `${APPROVED} ${LOOK} ${END}`],
  ['a dry run', { PlanRestore: planned('planned') }, `${PLANNED} EndRestore`],
  [
    'a drill, which asks nobody',
    { PlanRestore: planned('rehearse') },
    `${PLANNED} BeginRestore HasRestoreBegun ${LOOK} ${END}`,
  ],
  [
    'a drill that may not begin',
    { PlanRestore: planned('rehearse'), BeginRestore: { outcome: 'refused', reasons: ['open'] } },
    `${PLANNED} BeginRestore HasRestoreBegun ${END}`,
  ],
  ['a plan that a precheck refuses', { PlanRestore: planned('refused') }, `${PLANNED} EndRestore`],
  [
    'a database that is asked before the plan is written down',
    {
      PlanRestore: [{ ...planned('probe'), plan: undefined }, planned('planned')],
      ProbeExtensions: [asked('waiting'), asked('done')],
    },
    `${PLANNED} ProbeExtensions HasProbeEnded WaitForProbe ProbeExtensions HasProbeEnded PlanRestore ShouldItBeCarriedOut EndRestore`,
  ],
  [
    'a database that nobody could ask',
    {
      PlanRestore: [planned('probe'), planned('proceed')],
      ProbeExtensions: new TransientError('kubernetes.unreachable', 'gone'),
    },
    `${PLANNED} ProbeExtensions PlanRestore ShouldItBeCarriedOut RequestApproval AcceptApproval IsPlanApproved BeginRestore HasRestoreBegun ${LOOK} ${END}`,
  ],
  [
    'a typo',
    { InspectRestore: new RefusedError('input.invalid', 'say who you are') },
    'IsItCarriedOn InspectRestore ExplainInput EndRestore',
  ],
  [
    'an environment that is not there',
    { InspectRestore: { outcome: 'refused', message: '', reasons: ['no environment x'] } },
    'IsItCarriedOn InspectRestore WasPlaceInspected ExplainInput EndRestore',
  ],
  [
    'a cluster that is away while it is planned',
    { PlanRestore: new TransientError('kubernetes.unreachable', 'blue does not answer') },
    'IsItCarriedOn InspectRestore WasPlaceInspected PlanRestore ExplainInput EndRestore',
  ],
  [
    'nobody approves it in time',
    { RequestApproval: failure('States.Timeout') },
    `${PLANNED} RequestApproval ${END}`,
  ],
  [
    'somebody declines it',
    { RequestApproval: failure('Declined') },
    `${PLANNED} RequestApproval WasApprovalDeclined NoteDecline ${END}`,
  ],
  [
    'the starter approves it',
    { AcceptApproval: { outcome: 'not-approved', reasons: ['Ada asked for it'] } },
    `${PLANNED} RequestApproval AcceptApproval IsPlanApproved ${END}`,
  ],
  [
    'the place was taken meanwhile',
    { BeginRestore: { outcome: 'refused', reasons: ['taken'] } },
    `${APPROVED} ${END}`,
  ],
  [
    'looks that take their time',
    { AdvanceRestore: [look('under-way'), look('ended')] },
    `${APPROVED} ${LOOK} WaitForNextLook ${LOOK} ${END}`,
  ],
  [
    'Secrets, objects and databases, which others work on',
    { AdvanceRestore: [look('secrets'), look('objects'), look('native'), look('ended')] },
    `${APPROVED} ${LOOK} WriteSecrets ${LOOK} PutBackObjects ${LOOK} RestoreNative ${LOOK} ${END}`,
  ],
  [
    'a cluster that is away for long',
    { AdvanceRestore: [new TransientError('kubernetes.unreachable', 'gone'), look('ended')] },
    `${APPROVED} AdvanceRestore SkipLook WaitForNextLook ${LOOK} ${END}`,
  ],
  [
    'a vault that is away for long',
    {
      AdvanceRestore: [look('secrets'), look('ended')],
      WriteSecrets: new TransientError('vault.unreachable', 'gone'),
    },
    `${APPROVED} ${LOOK} WriteSecrets SkipLook WaitForNextLook ${LOOK} ${END}`,
  ],
  [
    'a person who is asked and resumes',
    { AdvanceRestore: [look('ask'), look('ended')] },
    `${APPROVED} ${LOOK} AskForChoice AcceptChoice WasChoiceMade ${LOOK} ${END}`,
  ],
  [
    'an answer that is none, and a day without one',
    {
      AdvanceRestore: [look('ask'), look('ended')],
      AskForChoice: ['yes', failure('States.Timeout'), { choice: 'resume' }].map((one) =>
        typeof one === 'string' ? { said: one } : one,
      ),
      AcceptChoice: [
        { outcome: 'refused', reasons: ['no choice'] },
        { outcome: 'chosen', reasons: [] },
      ],
    },
    `${APPROVED} ${LOOK} AskForChoice AcceptChoice WasChoiceMade CountAsk ShouldItAskAgain AskForChoice CountAsk ShouldItAskAgain AskForChoice AcceptChoice WasChoiceMade ${LOOK} ${END}`,
  ],
  [
    'a token that is answered with a failure',
    {
      AdvanceRestore: [look('ask'), look('ended')],
      AskForChoice: [failure('Declined'), { choice: 'resume' }],
    },
    `${APPROVED} ${LOOK} AskForChoice CountAsk ShouldItAskAgain AskForChoice AcceptChoice WasChoiceMade ${LOOK} ${END}`,
  ],
  [
    'a run that waits for no choice any more',
    {
      AdvanceRestore: [look('ask'), look('ended')],
      AskForChoice: new RefusedError('restore.not-held', 'no'),
    },
    `${APPROVED} ${LOOK} AskForChoice SkipLook WaitForNextLook ${LOOK} ${END}`,
  ],
  [
    'another execution that has taken it over',
    { AdvanceRestore: look('lost'), FinishRestore: { ...finished, outcome: 'lost' } },
    `${APPROVED} ${LOOK} ${END}`,
  ],
  [
    'looks that are used up',
    { AdvanceRestore: new RefusedError('restore.looks', 'another one goes on') },
    `${APPROVED} AdvanceRestore FailRestore`,
  ],
  [
    'a defect at its beginning',
    { BeginRestore: failure('DefectError') },
    `${PLANNED} RequestApproval AcceptApproval IsPlanApproved BeginRestore FailRestore`,
  ],
];

describe('the machine', () => {
  test.each(WAYS)('leads %s where it should', async (_, changes, states) => {
    const walked = await walks.walk('restore', INPUT, { ...WELL, ...changes });
    expect(walked.states.join(' ')).toBe(states);
    expect(walked.status).toBe(states.endsWith('FailRestore') ? 'FAILED' : 'SUCCEEDED');
  });

  it('carries a run on without plan and approval', async () => {
    const walked = await walks.walk('restore', CARRY, WELL);
    expect(walked.states.join(' ')).toBe(`IsItCarriedOn BeginRestore HasRestoreBegun ${LOOK} ${END}`);
    expect(walked.toldTo('BeginRestore')).toMatchObject({ carryOn: RESTORE });
    const refused = { outcome: 'refused', reasons: ['it has ended'] };
    const late = await walks.walk('restore', CARRY, { ...WELL, BeginRestore: refused });
    expect(late.states.join(' ')).toBe('IsItCarriedOn BeginRestore HasRestoreBegun EndRestore');
  });

  it('tells the person why the last answer was none', async () => {
    const walked = await walks.walk('restore', INPUT, {
      ...WELL,
      AdvanceRestore: [look('ask'), look('ended')],
      AcceptChoice: [
        { outcome: 'refused', reasons: ['no choice'] },
        { outcome: 'chosen', reasons: [] },
      ],
    });
    expect(walked.toldTo('AskForChoice')).toMatchObject({ refused: ['no choice'], taskToken: 'task-token' });
    expect(walked.toldTo('AcceptChoice')).toMatchObject({ restore: RESTORE });
  });

  it('gives up after a month of pages that nobody answers', async () => {
    const walked = await walks.walk('restore', INPUT, {
      ...WELL,
      AdvanceRestore: look('ask'),
      AskForChoice: failure('States.Timeout'),
    });
    expect(walked.status).toBe('FAILED');
    expect(walked.states.filter((state) => state === 'AskForChoice')).toHaveLength(30);
  });

  it('lets a plan ask for the database once, and waits for its pod no longer than it may take', async () => {
    const walked = await walks.walk('restore', INPUT, {
      ...WELL,
      PlanRestore: [planned('probe'), planned('planned')],
      ProbeExtensions: asked('waiting'),
    });
    expect(walked.status).toBe('SUCCEEDED');
    expect(walked.states.filter((state) => state === 'ProbeExtensions')).toHaveLength(MAX_EXTENSION_LOOKS);
    expect(walked.toldTo('PlanRestore')).toMatchObject({ mayProbe: false });
    const first = await walks.walk('restore', INPUT, { ...WELL, PlanRestore: planned('planned') });
    expect(first.toldTo('PlanRestore')).toMatchObject({ mayProbe: true });
  });

  it('keeps the rules of all machines', () => {
    expect(lintStateMachine(readMachine('restore'))).toEqual([]);
  });
});
