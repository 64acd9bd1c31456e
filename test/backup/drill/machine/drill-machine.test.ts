import { describe, expect, it, test } from 'vitest';
import { RefusedError, TransientError } from '../../../../functions/runtime/errors.ts';
import { lintStateMachine } from '../../../../infra/constructs/asl-lint.ts';
import { openWalks, type Script } from '../../../support/scripted-walk.ts';
import { readMachine } from '../../../support/walk-machine.ts';

/** What each state of `restore-drill` calls its function with fits, and each answer leads where it should. */

const walks = await openWalks('backup', () => undefined);

const BY_HAND = { environment: 'production' };
const SCHEDULED = { environment: 'production', scheduled: true };
const DESTROYING = { environment: 'production', destroy: true };
const DRILL = { environment: 'production', id: 'drill-1' };
const begun = (outcome: string, ...reasons: string[]) => ({
  outcome,
  ...(outcome === 'begun' ? { drill: DRILL } : {}),
  message: 'a sentence',
  reasons,
});
const look = (outcome: string, looks = 1) => ({ outcome, waitSeconds: 5, looks, message: 'a sentence' });
const failure = (name: string): Error => Object.assign(new Error('no time today'), { name });
const away = new TransientError('kubernetes.unreachable', 'blue does not answer');

const WELL: Script = {
  BeginDrill: begun('begun'),
  AdvanceDrill: look('ended'),
  InspectDrill: { outcome: 'inspected', message: '' },
  FinishDrill: { outcome: 'passed', drill: DRILL, recoverySeconds: 900, message: 'It passed.', reasons: [] },
};

const BEGIN = 'BeginDrill HasDrillBegun';
const LOOK = 'AdvanceDrill WhatComesNext';
const END = 'FinishDrill EndDrill';

const WAYS: [what: string, input: object, changes: Script, states: string][] = [
  ['a drill that passes', SCHEDULED, {}, `${BEGIN} ${LOOK} ${END}`],
  ['one that is started by hand', BY_HAND, {}, `${BEGIN} ${LOOK} ${END}`],
  ['one that destroys what is left', DESTROYING, {}, `${BEGIN} ${LOOK} ${END}`],
  ['nothing to destroy', DESTROYING, { BeginDrill: begun('nothing') }, `${BEGIN} EndDrill`],
  ['a pause', SCHEDULED, { BeginDrill: begun('paused') }, `${BEGIN} EndDrill`],
  [
    'a pause over what a failed one has left',
    { ...DESTROYING, scheduled: true },
    { BeginDrill: begun('paused') },
    `${BEGIN} ${END}`,
  ],
  [
    'an environment without a drill',
    BY_HAND,
    { BeginDrill: begun('refused', 'no drill') },
    `${BEGIN} ExplainInput EndDrill`,
  ],
  [
    'a scheduled one that can not begin',
    SCHEDULED,
    { BeginDrill: begun('refused', 'no set') },
    `${BEGIN} ${END}`,
  ],
  [
    'a typo',
    { environment: 'production', sett: 'x' },
    { BeginDrill: new RefusedError('input.invalid', 'no such key') },
    `${BEGIN} ExplainInput EndDrill`,
  ],
  ['a scheduled one whose ledger is away', SCHEDULED, { BeginDrill: away }, `${BEGIN} ${END}`],
  [
    'looks that take their time',
    SCHEDULED,
    { AdvanceDrill: [look('under-way'), look('ended')] },
    `${BEGIN} ${LOOK} WaitForNextLook ${LOOK} ${END}`,
  ],
  [
    'releases, which another one reads',
    SCHEDULED,
    { AdvanceDrill: [look('inspect'), look('ended')] },
    `${BEGIN} ${LOOK} InspectDrill ${LOOK} ${END}`,
  ],
  [
    'releases that can not be read for long',
    SCHEDULED,
    { AdvanceDrill: [look('inspect'), look('ended')], InspectDrill: away },
    `${BEGIN} ${LOOK} InspectDrill SkipLook WaitForNextLook ${LOOK} ${END}`,
  ],
  [
    'a cluster that is away for long',
    SCHEDULED,
    { AdvanceDrill: [away, look('ended')] },
    `${BEGIN} AdvanceDrill SkipLook WaitForNextLook ${LOOK} ${END}`,
  ],
  [
    'another execution that has taken it over',
    SCHEDULED,
    { AdvanceDrill: look('lost'), FinishDrill: { outcome: 'lost', message: '', reasons: [] } },
    `${BEGIN} ${LOOK} ${END}`,
  ],
  [
    'looks that are used up',
    SCHEDULED,
    { AdvanceDrill: new RefusedError('drill.looks', 'another one destroys it') },
    `${BEGIN} AdvanceDrill FailDrill`,
  ],
  [
    'a look that breaks',
    SCHEDULED,
    { AdvanceDrill: look('inspect'), InspectDrill: failure('DefectError') },
    `${BEGIN} ${LOOK} InspectDrill FailDrill`,
  ],
  ['a defect at its beginning', BY_HAND, { BeginDrill: failure('DefectError') }, 'BeginDrill FailDrill'],
  [
    'an end that can not be told',
    SCHEDULED,
    { FinishDrill: new RefusedError('aws.refused', 'no') },
    `${BEGIN} ${LOOK} FinishDrill FailDrill`,
  ],
];

describe('the machine', () => {
  test.each(WAYS)('leads %s where it should', async (_, input, changes, states) => {
    const walked = await walks.walk('restore-drill', input, { ...WELL, ...changes });
    expect(walked.states.join(' ')).toBe(states);
    expect(walked.status).toBe(states.endsWith('FailDrill') ? 'FAILED' : 'SUCCEEDED');
  });

  it('hands on what it was started with, the drill, and the looks that it has taken', async () => {
    const changes = { AdvanceDrill: [look('inspect', 7), away, look('ended', 10)] };
    const walked = await walks.walk('restore-drill', SCHEDULED, { ...WELL, ...changes });
    expect(walked.toldTo('BeginDrill')).toMatchObject({ request: SCHEDULED, execution: { name: 'y' } });
    expect(walked.toldTo('InspectDrill')).toMatchObject({ drill: DRILL, execution: { name: 'y' } });
    expect(walked.toldTo('AdvanceDrill')).toMatchObject({ drill: DRILL, looks: 9 });
    expect(walked.toldTo('FinishDrill')).toEqual({ drill: DRILL, execution: expect.anything() });
    expect(walked.output).toMatchObject({ outcome: 'passed', recoverySeconds: 900 });
  });

  it.each<[string, object, Script[string], string[]]>([
    ['its reasons', SCHEDULED, begun('refused', 'no set', 'no place'), ['no set', 'no place']],
    ['its only reason', SCHEDULED, begun('refused', 'no set'), ['no set']],
    ['the error', SCHEDULED, away, ['blue does not answer']],
    [
      'who paused it, and that something is left',
      { ...DESTROYING, scheduled: true },
      begun('paused'),
      ['a sentence', 'What an earlier drill may have left there is not destroyed.'],
    ],
  ])('tells of one that can not begin by %s', async (_, input, BeginDrill, reasons) => {
    const walked = await walks.walk('restore-drill', input, { ...WELL, BeginDrill });
    const told = { environment: 'production', scheduled: true, reasons, execution: expect.anything() };
    expect(walked.toldTo('FinishDrill')).toEqual(told);
  });

  it('says to whoever mistyped it what to write, and what was wrong', async () => {
    const BeginDrill = new RefusedError('input.invalid', 'Unrecognized key: "sett"');
    const { output } = await walks.walk('restore-drill', { sett: 'x' }, { ...WELL, BeginDrill });
    expect(output).toEqual({
      outcome: 'refused',
      message: expect.stringContaining('This takes {"environment": "<whose backup>"}'),
      reasons: [expect.stringMatching(/Unrecognized key: "sett"[^]*say whose backup is rehearsed/)],
    });
  });

  it('ends by the error itself, which the handler of failures hears', async () => {
    const changes = { AdvanceDrill: new RefusedError('drill.looks', 'another one destroys it') };
    const { output } = await walks.walk('restore-drill', SCHEDULED, { ...WELL, ...changes });
    expect(output).toContain('another one destroys it');
  });

  it('keeps the rules of all machines', () => {
    expect(lintStateMachine(readMachine('restore-drill'))).toEqual([]);
  });
});
