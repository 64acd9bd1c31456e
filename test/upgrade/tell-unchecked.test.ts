import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openLocks } from '../../functions/clients/locks.ts';
import { openMaintenance } from '../../functions/clients/maintenance.ts';
import { openOutbox } from '../../functions/clients/outbox.ts';
import { Notice } from '../../functions/records/message.ts';
import { Input as Failed } from '../../functions/upgrade/handle-failure.contract.ts';
import { run as handleFailure } from '../../functions/upgrade/handle-failure.ts';
import { Input } from '../../functions/upgrade/tell-unchecked.contract.ts';
import { run } from '../../functions/upgrade/tell-unchecked.ts';
import { buildSubject } from '../support/check-subjects.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { createFakeNotifier } from '../support/target-events.ts';
import { buildExecution, calmInvocation } from '../support/target-world.ts';

const sample = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../events/upgrade/${name}.json`, import.meta.url), 'utf8'));

const createTelling = () => {
  const clock = createFixedClock('2026-11-21T05:00:00.000Z');
  const notifier = createFakeNotifier();
  const ledger = createMemoryLedger();
  const outbox = openOutbox(ledger, notifier, clock);
  const subjects = [buildSubject('blue', { environments: ['production'] }), buildSubject('b'.repeat(100))];
  const [locks, maintenance] = [openLocks(ledger, clock), openMaintenance(ledger, clock)];
  return { clock, ledger, locks, maintenance, outbox, subjects, told: notifier.published };
};

const FAILURE = {
  Error: 'RefusedError',
  Cause: JSON.stringify({ errorMessage: 'No right to eks:DescribeCluster.' }),
};
const tell = (world: ReturnType<typeof createTelling>, check: unknown) =>
  run(Input.parse({ execution: buildExecution('check'), check, failure: FAILURE }), world, calmInvocation());

describe('tell-unchecked', () => {
  it('tells which cluster is in the dark, and why', async () => {
    const world = createTelling();
    expect(await tell(world, { cluster: 'blue' })).toEqual({
      outcome: 'not-checked',
      cluster: 'blue',
      reason: 'No right to eks:DescribeCluster.',
    });
    expect(world.told).toMatchObject([
      {
        capability: 'upgrade',
        outcome: 'not-checked',
        environment: 'production',
        happened: 'Cluster blue could not be checked for its next upgrade.',
        reasons: ['No right to eks:DescribeCluster.'],
      },
    ]);
  });

  it('tells it once a day, also when somebody tries again', async () => {
    const world = createTelling();
    for (const cluster of ['blue', 'production', 'blue']) await tell(world, { cluster });
    expect(world.told).toHaveLength(1);
    world.clock.advance(86_400_000);
    await tell(world, { cluster: 'blue' });
    expect(world.told).toHaveLength(2);
  });

  it('a cluster with the longest name makes a notice that is taken', async () => {
    const world = createTelling();
    await tell(world, { cluster: 'b'.repeat(100) });
    expect(Notice.safeParse(world.told[0]).error).toBeUndefined();
  });

  it.each([
    ['a pipeline', { cluster: 'blue', gate: true }, 'not-checked'],
    ['a cluster that is not there', { cluster: 'mars' }, 'refused'],
    ['a slip in the console', 'blue', 'refused'],
    ['nothing at all', {}, 'refused'],
  ])('%s gets the reason as its answer, and nobody else is told', async (_, check, outcome) => {
    const world = createTelling();
    expect(await tell(world, check)).toMatchObject({ outcome, reason: 'No right to eks:DescribeCluster.' });
    expect(world.told).toEqual([]);
  });
});

describe('handle-failure', () => {
  const handle = async (change: object = {}) => {
    const world = createTelling();
    const event = Failed.parse(sample('handle-failure.check-failed'));
    const answer = await handleFailure({ ...event, detail: { ...event.detail, ...change } }, world);
    return { answer, told: world.told };
  };

  it('tells of a check that failed, with what it said', async () => {
    const { answer, told } = await handle();
    expect(answer.outcome).toBe('reported');
    expect(told).toMatchObject([
      {
        id: answer.id,
        severity: 'warning',
        happened: expect.stringMatching(/^drydock-main-cluster-check: the execution .* failed\.$/),
        reasons: [expect.stringContaining('is not in the ledger')],
      },
    ]);
  });

  it.each([
    ['TIMED_OUT', 'warning', 'ran out of time'],
    ['ABORTED', 'info', 'was stopped by a person'],
  ] as const)('%s is %s: it %s', async (status, severity, words) => {
    const { told } = await handle({ status });
    expect(told).toMatchObject([{ severity, happened: expect.stringContaining(words) }]);
  });

  it('a check of a pipeline tells nobody but the pipeline', async () => {
    const world = createTelling();
    const event = Failed.parse(sample('handle-failure.gate-timed-out'));
    expect(await handleFailure(event, world)).toMatchObject({ outcome: 'silent' });
    expect(world.told).toEqual([]);
  });

  it.each([null, '', 'no JSON', '[]', '{"gate":false}'])(
    'an input of %j is none of a pipeline',
    async (input) => {
      expect((await handle({ input })).answer.outcome).toBe('reported');
    },
  );
});
