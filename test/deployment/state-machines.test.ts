import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { makeLambda } from '../../functions/runtime/lambda.ts';
import { listStates } from '../../infra/constructs/asl-definition.ts';
import { buildLambdaContext } from '../support/lambda-context.ts';
import { type Answer, readMachine, type Walk, walkMachine } from '../support/walk-machine.ts';
import { loadContracts } from './contracts.ts';

/** What each state calls its function with fits that function's contract, and each answer leads where it should. */

const contracts = await loadContracts();

/** An input or output of release 0.1.0. */
const Sample = z.object({ input: z.looseObject({}), output: z.looseObject({}) });
const sample = (name: string) => {
  const file = new URL(`./release-samples/0.1.0/${name}.json`, import.meta.url);
  return Sample.parse(JSON.parse(readFileSync(file, 'utf8')));
};

const ORDER = { order: sample('apply-image.order').input['order'] };
const EVENT = { event: sample('verify-image.push').input['event'] };
const EXECUTION = {
  arn: 'arn:aws:states:eu-central-1:111122223333:execution:drydock-main-x:y',
  name: 'y',
  startedAt: '2026-11-21T08:00:02.871Z',
};

/** What a state's function answers: one answer each time, or one after the other. */
type Scripted = object | Error;
type Script = Readonly<Record<string, Scripted | readonly Scripted[]>>;

/** States that called their function with a payload that fits, over all walks. */
const proven = new Set<string>();

/**
 * Runs the real Lambda skeleton around a scripted answer: real contract, real messages of its errors. As in Lambda, an
 * error travels as its name and a JSON text.
 */
const callFunction = async (
  name: string,
  payload: unknown,
  scripted: Scripted,
  state: string,
): Promise<Answer> => {
  const contract = contracts.get(name);
  if (!contract) throw new Error(`${state} calls ${name}, and there is no such function.`);
  const handler = makeLambda({
    contract: { ...contract, Env: z.object({}) },
    deps: () => undefined,
    run: async () => {
      proven.add(state);
      if (scripted instanceof Error) throw scripted;
      return scripted;
    },
  });
  try {
    return { output: await handler(payload, buildLambdaContext()) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const cause = JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: [] });
    return { error: error.name, cause };
  }
};

const walk = (machine: string, input: unknown, script: Script): Promise<Walk> => {
  const visits = new Map<string, number>();
  return walkMachine({
    machine,
    execution: EXECUTION,
    input,
    answer: async (called, payload, state) => {
      const visit = visits.get(state) ?? 0;
      visits.set(state, visit + 1);
      const given = script[state];
      const scripted = Array.isArray(given) ? given[Math.min(visit, given.length - 1)] : given;
      if (scripted === undefined)
        throw new Error(`The walk came to ${state}, for which nothing is scripted.`);
      if (called.startsWith('arn:')) return { output: scripted };
      const name = called.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase();
      return callFunction(name, payload, scripted, state);
    },
  });
};

const out = (name: string): object => sample(name).output;
const watched = (outcome: string) => ({ outcome, code: outcome, reasons: ['a reason'] });
const finished = (outcome: string) => ({ outcome });
const forbidden = new RefusedError('kubernetes.forbidden', 'The role may not patch.');
const down = new TransientError('kubernetes.unavailable', 'The API server does not answer.');

interface Journey {
  readonly machine: string;
  readonly what: string;
  readonly input: unknown;
  readonly script: Script;
  readonly states: string;
  readonly status?: Walk['status'];
  readonly output?: object;
}

const ROLLOUT: Omit<Journey, 'machine' | 'input'>[] = [
  {
    what: 'an image that becomes healthy',
    script: {
      ApplyImage: out('apply-image.order'),
      WatchRollout: [out('watch-rollout.rollout'), watched('rolled-out')],
      FinishRollout: finished('rolled-out'),
    },
    states:
      'ApplyImage WasImageApplied WatchRollout IsRolloutSettled WatchRollout IsRolloutSettled FinishRollout EndRollout',
    output: { outcome: 'rolled-out' },
  },
  {
    what: 'an image that fails and is rolled back',
    script: {
      ApplyImage: out('apply-image.order'),
      WatchRollout: watched('failed'),
      CollectLogs: out('collect-logs.failed'),
      RollBack: out('roll-back.crash-loop'),
      WatchRollback: [watched('progressing'), out('watch-rollout.rollback')],
      FinishRollout: finished('rolled-back'),
    },
    states:
      'ApplyImage WasImageApplied WatchRollout IsRolloutSettled CollectLogs RollBack IsRollingBack ' +
      'WatchRollback IsRollbackSettled WatchRollback IsRollbackSettled FinishRollout EndRollout',
    output: { outcome: 'rolled-back' },
  },
  {
    what: 'a failure that may not be rolled back, whose logs cannot be read',
    script: {
      ApplyImage: out('apply-image.order'),
      WatchRollout: watched('failed'),
      CollectLogs: down,
      RollBack: { outcome: 'failed', code: 'rollback-forbidden', reasons: ['the target forbids it'] },
      FinishRollout: finished('failed'),
    },
    states:
      'ApplyImage WasImageApplied WatchRollout IsRolloutSettled CollectLogs RollBack IsRollingBack FinishRollout EndRollout',
    output: { outcome: 'failed' },
  },
  {
    what: 'a target that another rollout holds',
    script: { ApplyImage: { outcome: 'queued', code: 'queued', reasons: [] } },
    states: 'ApplyImage WasImageApplied EndRollout',
    output: { outcome: 'queued' },
  },
  {
    what: 'a right that is missing',
    script: { ApplyImage: forbidden, FinishRollout: finished('refused') },
    states: 'ApplyImage IsInputUnreadable FinishRollout EndRollout',
    output: { outcome: 'refused' },
  },
  {
    what: 'a cluster that is down',
    script: { ApplyImage: down, FinishRollout: finished('not-applied') },
    states: 'ApplyImage FinishRollout EndRollout',
    output: { outcome: 'not-applied' },
  },
  {
    what: 'an end that may not be told, so that the failure handler must free the target',
    script: {
      ApplyImage: forbidden,
      FinishRollout: new RefusedError('notifier.forbidden', 'The role may not publish.'),
    },
    states: 'ApplyImage IsInputUnreadable FinishRollout FailRollout',
    status: 'FAILED',
  },
  {
    what: 'a defect',
    script: { ApplyImage: new Error('a bug') },
    states: 'ApplyImage FailRollout',
    status: 'FAILED',
  },
];

const DEPLOYMENT: Omit<Journey, 'machine' | 'input'>[] = [
  {
    what: 'an image that many targets want',
    script: {
      VerifyImage: out('verify-image.push'),
      DecideTargets: out('decide-targets.confirmed'),
      StartRollouts: [out('start-rollouts.first-page'), out('start-rollouts.next-page')],
    },
    states:
      'VerifyImage IsImageConfirmed DecideTargets IsAnythingToRollOut StartRollouts AreAllStarted StartRollouts ' +
      'AreAllStarted EndDeployment',
  },
  {
    what: 'an image that nobody wants',
    script: {
      VerifyImage: out('verify-image.push'),
      DecideTargets: { outcome: 'decided', rollouts: 0, refused: 2, notChecked: 0 },
    },
    states: 'VerifyImage IsImageConfirmed DecideTargets IsAnythingToRollOut EndDeployment',
  },
  {
    what: 'a tag that is gone',
    script: { VerifyImage: { outcome: 'ignored', reason: 'the tag is gone' } },
    states: 'VerifyImage IsImageConfirmed EndDeployment',
  },
  {
    what: 'a registry that is down',
    script: { VerifyImage: down, DeferImage: out('defer-image.registry-down') },
    states: 'VerifyImage IsInputUnreadable DeferImage EndDeployment',
  },
  {
    what: 'a registry that refuses us',
    script: { VerifyImage: forbidden, DeferImage: out('defer-image.registry-down') },
    states: 'VerifyImage IsInputUnreadable DeferImage EndDeployment',
  },
  {
    what: 'a deferral that cannot be stored',
    script: { VerifyImage: down, DeferImage: down },
    states: 'VerifyImage IsInputUnreadable DeferImage FailDeployment',
    status: 'FAILED',
  },
];

const SWEEP: Omit<Journey, 'machine' | 'input'>[] = [
  {
    what: 'two repositories, of which one does not answer',
    script: {
      PlanSweep: { images: ['registry.example.com/shop/web', 'registry.example.com/shop/api'] },
      SweepRepository: [out('sweep-repository.image'), down],
      RepairRecords: out('repair-records.schedule'),
    },
    states:
      'PlanSweep RepairRecords SweepRepositories SweepRepository SweepRepository NoteUnchecked IsEverythingRepaired ' +
      'EndSweep',
  },
  {
    what: 'records that cannot be repaired, which stops no repository from being looked at',
    script: {
      PlanSweep: out('plan-sweep.schedule'),
      SweepRepository: out('sweep-repository.image'),
      RepairRecords: down,
    },
    states: 'PlanSweep RepairRecords SweepRepositories SweepRepository IsEverythingRepaired FailRepairs',
    status: 'FAILED',
  },
];

const CONTROL: (Omit<Journey, 'machine' | 'input'> & { readonly input: unknown })[] = [
  {
    what: 'a pause',
    input: sample('set-control.pause-all').input,
    script: { SetControl: out('set-control.pause-all') },
    states: 'SetControl IsWorkWaiting EndControl',
  },
  {
    what: 'a resume',
    input: sample('set-control.resume-target').input,
    script: { SetControl: out('set-control.resume-target'), StartSweep: { ExecutionArn: 'arn' } },
    states: 'SetControl IsWorkWaiting StartSweep EndControl',
    output: { outcome: 'resumed' },
  },
  {
    what: 'a lifted hold',
    input: sample('set-control.lift-hold').input,
    script: { SetControl: out('set-control.lift-hold'), StartSweep: { ExecutionArn: 'arn' } },
    states: 'SetControl IsWorkWaiting StartSweep EndControl',
  },
];

const JOURNEYS: Journey[] = [
  ...ROLLOUT.map((journey) => ({ machine: 'rollout', input: ORDER, ...journey })),
  ...DEPLOYMENT.map((journey) => ({ machine: 'deployment', input: EVENT, ...journey })),
  ...SWEEP.map((journey) => ({ machine: 'deployment-sweep', input: {}, ...journey })),
  ...CONTROL.map((journey) => ({ machine: 'control', ...journey })),
];

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
