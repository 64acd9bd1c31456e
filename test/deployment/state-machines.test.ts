import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { answerAsService, openWalks } from '../support/scripted-walk.ts';
import { readMachine } from '../support/walk-machine.ts';
import { EVENT, JOURNEYS, ORDER } from './journeys.ts';

/** What each state calls its function with fits that function's contract, and each answer leads where it should. */

const { walk, proven } = await openWalks('deployment', ({ called, scripted }) =>
  called.startsWith('arn:') ? answerAsService(scripted) : undefined,
);

describe('a walk through', () => {
  test.each(JOURNEYS)(
    '$machine with $what: $states',
    async ({ machine, input, script, states, status = 'SUCCEEDED', output }) => {
      const walked = await walk(machine, input, script);
      expect(walked.states.join(' ')).toBe(states);
      expect(walked).toMatchObject({ status, ...(output && { output }) });
    },
  );
});

describe('a typo in the console wakes nobody', () => {
  const order = z.looseObject({}).parse(ORDER.order);
  const event = z.looseObject({}).parse(EVENT.event);
  const typos: [string, string, unknown, RegExp][] = [
    ['rollout', 'nothing', {}, /→ at order/],
    ['rollout', 'a text', 'web-production', /→ at order/],
    [
      'rollout',
      'an order without a digest',
      { order: { ...order, digest: undefined } },
      /→ at order\.digest/,
    ],
    [
      'rollout',
      'a time that is none',
      { order: { ...order, confirmedAt: 'now' } },
      /→ at order\.confirmedAt/,
    ],
    ['deployment', 'nothing', {}, /→ at event/],
    ['deployment', 'a list', [], /→ at event/],
    ['deployment', 'a kind that is none', { event: { ...event, kind: 'deploy' } }, /→ at event\.kind/],
    ['control', 'nothing', {}, /write one of/],
    ['control', 'a word that is none', { paws: 'all', by: 'kim', why: 'a typo' }, /write one of/],
  ];

  test.each(typos)('%s with %s succeeds and says what is wrong', async (machine, _, input, message) => {
    const { status, output, states } = await walk(machine, input, {
      ApplyImage: new Error('never called'),
      VerifyImage: new Error('never called'),
      SetControl: new Error('never called'),
    });
    expect(status).toBe('SUCCEEDED');
    expect(states.at(-1)).toMatch(/^End/);
    expect(JSON.stringify(output)).toMatch(message);
  });

  test.each(['rollout', 'deployment'])('%s says what to write instead', async (machine) => {
    const script = { ApplyImage: new Error('never called'), VerifyImage: new Error('never called') };
    const { output } = await walk(machine, {}, script);
    expect(output).toMatchObject({
      outcome: 'refused',
      message: expect.stringMatching(/^Nothing was changed.*"event"/),
    });
  });

  test('what deployment says to write is an event that its first step reads', async () => {
    const { output } = await walk('deployment', {}, { VerifyImage: new Error('never called') });
    const message = z.object({ message: z.string() }).parse(output).message;
    const written = /\{"event".*\}\}/.exec(message)?.[0] ?? '';
    const filled = written
      .replace('<a name of your own>', 'kim-1')
      .replace('<registry host>/<repository>', 'registry.example.com/shop/web')
      .replace('<tag>', '1.4.2')
      .replace('<now, as 2026-12-24T18:00:00Z>', '2026-12-24T18:00:00Z');
    const script = { VerifyImage: { outcome: 'ignored', reason: 'the tag is gone' } };
    expect((await walk('deployment', JSON.parse(filled), script)).states).toContain('IsImageConfirmed');
  });
});

describe('all states', () => {
  beforeAll(async () => {
    for (const { machine, input, script } of JOURNEYS) await walk(machine, input, script);
  });

  test.each(['rollout', 'deployment', 'deployment-sweep', 'control'])(
    'of %s that call a function call it with what its contract takes, on some walk above',
    (machine) => {
      const tasks = listStates(readMachine(machine)).filter(
        ([, { Resource }]) => Resource === 'arn:aws:states:::lambda:invoke',
      );
      expect(tasks.length).toBeGreaterThan(0);
      expect(tasks.map(([name]) => name).filter((name) => !proven.has(name))).toEqual([]);
    },
  );
});
