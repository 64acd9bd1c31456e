import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ExecutionStart } from '../../functions/clients/executions.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { Input } from '../../functions/deployment/start-deployment.contract.ts';
import { run } from '../../functions/deployment/start-deployment.ts';
import { UNREADABLE_PREFIX } from '../../functions/records/unreadable-webhook.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { createFakeNotifier } from '../support/target-events.ts';
import { calmInvocation } from '../support/target-world.ts';

const sample = (name: string) =>
  Input.parse(JSON.parse(readFileSync(new URL(`../../events/deployment/${name}`, import.meta.url), 'utf8')));

const MACHINE = 'arn:aws:states:eu-central-1:111122223333:stateMachine:deployment';
const event = {
  version: 1,
  id: 'event-1',
  source: 'registry',
  kind: 'push',
  image: 'registry.example.com/shop/web',
  tag: '1.4.2',
  receivedAt: '2026-11-21T08:00:00.000Z',
};
const record = (messageId: string, change: object = {}) => ({
  messageId,
  body: JSON.stringify({ ...event, ...change }),
});

/** Step Functions as far as names go: a name is taken once. */
const createWorld = (failure?: (start: ExecutionStart) => Error | undefined) => {
  const started = new Map<string, ExecutionStart>();
  const ledger = createMemoryLedger();
  const start = async (request: ExecutionStart) => {
    const error = failure?.(request);
    if (error) throw error;
    if (started.has(request.name)) return 'already' as const;
    started.set(request.name, request);
    return 'started' as const;
  };
  const notifier = createFakeNotifier();
  const outbox = openOutbox(ledger, notifier, createFixedClock());
  const deps = { executions: { start }, ledger, outbox, deploymentMachine: MACHINE };
  const take = (...Records: { messageId: string; body: string }[]) =>
    run({ Records }, deps, calmInvocation());
  return { take, started, ledger, told: notifier.published };
};

describe('an image event', () => {
  it('starts one execution of the deployment machine, with the event as its input', async () => {
    const { take, started } = createWorld();
    await expect(take(record('m-1'))).resolves.toEqual({ batchItemFailures: [] });
    expect([...started.values()]).toEqual([
      { machine: MACHINE, name: expect.stringMatching(/^web-1-4-2-[0-9a-f]{20}$/), input: { event } },
    ]);
  });

  it('that comes a hundred times, in one batch and in others, starts one execution', async () => {
    const { take, started } = createWorld();
    const repeats = Array.from({ length: 10 }, (_, index) =>
      record(`m-${index}`, { receivedAt: `2026-11-21T08:0${index}:00.000Z` }),
    );
    for (let batch = 0; batch < 10; batch++) {
      await expect(take(...repeats)).resolves.toEqual({ batchItemFailures: [] });
    }
    expect(started.size).toBe(1);
  });

  it('of another cause starts another: a deliberate redeploy of the same image can', async () => {
    const { take, started } = createWorld();
    await take(
      record('m-1', { kind: 'redeploy', id: 'key-1' }),
      record('m-2', { kind: 'redeploy', id: 'key-2' }),
    );
    expect(started.size).toBe(2);
  });
});

describe('a batch with a message that fails', () => {
  it.each([
    ['because Step Functions is busy', new TransientError('executions.unavailable', 'busy')],
    ['because the role lacks a right', new RefusedError('executions.forbidden', 'may not')],
    ['because of a bug', new TypeError('not a function')],
  ])('%s gives back that message alone', async (_title, error) => {
    const { take, started } = createWorld(({ name }) => (name.startsWith('web-2-') ? error : undefined));
    const records = [
      record('m-1'),
      record('m-2', { id: 'event-2', tag: '2' }),
      record('m-3', { id: 'event-3' }),
    ];
    await expect(take(...records)).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'm-2' }] });
    expect(started.size).toBe(2);
  });

  it.each([
    ['no JSON', 'not what the door writes'],
    ['an event of a later version', JSON.stringify({ ...event, version: 2 })],
    ['an event without an image', JSON.stringify({ ...event, image: undefined })],
  ])('because it is %s gives it back, to end among the dead letters', async (_title, body) => {
    const { take, started } = createWorld();
    await expect(take({ messageId: 'poison', body }, record('m-2'))).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'poison' }],
    });
    expect(started.size).toBe(1);
  });
});

describe('what the door could not read', () => {
  it('is written to the ledger once, however often its message comes', async () => {
    const { take, ledger, started } = createWorld();
    const { Records } = sample('start-deployment.batch.json');
    await expect(take(...Records)).resolves.toEqual({ batchItemFailures: [] });
    await expect(take(...Records)).resolves.toEqual({ batchItemFailures: [] });
    expect([...ledger.objects.keys()].filter((key) => key.startsWith(UNREADABLE_PREFIX))).toEqual([
      'deployment/unreadable/registry/0f5e2c7b9a3d4e6f8a1b2c3d4e5f60718293a4b5.json',
    ]);
    expect(started.size).toBe(1);
  });
});

it('an unreadable webhook is told once a day and source, with where it is kept', async () => {
  const { take, told } = createWorld();
  const { Records } = sample('start-deployment.batch.json');
  await take(...Records);
  await take(...Records);
  expect(told.filter(({ outcome }) => outcome === 'unreadable')).toMatchObject([
    { severity: 'warning', did: expect.stringContaining('deployment/unreadable/registry/') },
  ]);
});

it('the sample of a poison message gives back that message and starts the other', async () => {
  const { take, started } = createWorld();
  const { Records } = sample('start-deployment.poison.json');
  await expect(take(...Records)).resolves.toEqual({
    batchItemFailures: [{ itemIdentifier: '7d1c1c0e-2f0c-4d3b-9a39-1f8f8f6b7f10' }],
  });
  expect(started.size).toBe(1);
});
