import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../functions/deployment/defer-image.ts';
import { MAX_DEFERRALS, planAttempt } from '../../functions/deployment/deferral.ts';
import { imageEntryKind, imageHistoryPrefix } from '../../functions/records/decision.ts';
import { type Deferral, deferralKey, deferralKind } from '../../functions/records/deferral.ts';
import { counterexample } from '../support/counterexample.ts';
import { buildEvent } from '../support/image-events.ts';
import { buildExecution, createTargetWorld } from '../support/target-world.ts';
import { IMAGE } from '../support/workload-builders.ts';

const EVENT = buildEvent();
const NOON = new Date('2026-03-01T12:00:00.000Z');

const tried = (attempts: number, execution = `deployment-${attempts}`): Deferral => ({
  version: 1,
  event: EVENT,
  attempts,
  execution,
  reason: 'down',
  firstAt: '2026-03-01T09:00:00.000Z',
  nextAttemptAt: NOON.toISOString(),
});

const plan = (earlier: Deferral | undefined, execution = 'deployment-now') =>
  planAttempt(earlier, EVENT, { execution, reason: 'still down', now: NOON });

describe('the rule of deferred events', () => {
  it.each([
    [0, 2],
    [1, 4],
    [2, 8],
    [4, 32],
    [5, 60],
    [30, 60],
  ])('after %i earlier attempts the next one comes in %i minutes', (earlier, minutes) => {
    const planned = plan(earlier === 0 ? undefined : tried(earlier));
    expect(planned?.attempts).toBe(earlier + 1);
    expect(planned?.nextAttemptAt).toBe(new Date(NOON.getTime() + minutes * 60_000).toISOString());
  });

  it('keeps when the first attempt failed, and says what failed last', () => {
    expect(plan(tried(3))).toMatchObject({ firstAt: '2026-03-01T09:00:00.000Z', reason: 'still down' });
    expect(plan(undefined)).toMatchObject({ firstAt: NOON.toISOString() });
  });

  it('one execution that reports twice has failed once', () => {
    expect(plan(tried(3, 'deployment-now'))).toEqual(tried(3, 'deployment-now'));
  });

  it('gives up after the last attempt, not before', () => {
    expect(plan(tried(MAX_DEFERRALS - 1))?.attempts).toBe(MAX_DEFERRALS);
    expect(plan(tried(MAX_DEFERRALS))).toBeUndefined();
  });

  it('property: the attempts never come closer together, and never lie more than an hour apart', () => {
    expect(
      counterexample(
        fc.property(fc.integer({ min: 1, max: MAX_DEFERRALS - 2 }), (attempts) => {
          const wait = (earlier: Deferral) => Date.parse(plan(earlier)?.nextAttemptAt ?? '') - NOON.getTime();
          const [now, later] = [wait(tried(attempts)), wait(tried(attempts + 1))];
          return now > 0 && now <= later && later <= 3_600_000;
        }),
      ),
    ).toBeUndefined();
  });

  it('budget: all attempts together cover a weekend night, about two days', () => {
    let minutes = 0;
    for (let earlier = 0; earlier < MAX_DEFERRALS; earlier++) {
      const planned = plan(earlier === 0 ? undefined : tried(earlier));
      minutes += (Date.parse(planned?.nextAttemptAt ?? '') - NOON.getTime()) / 60_000;
    }
    expect(minutes / 60).toBeGreaterThan(40);
    expect(minutes / 60).toBeLessThan(50);
  });
});

const createDeferral = () => {
  const world = createTargetWorld();
  const error = {
    Error: 'TransientError',
    Cause: JSON.stringify({ errorType: 'TransientError', errorMessage: 'The registry does not answer.' }),
  };
  return {
    ...world,
    defer: (name = 'deployment-1') =>
      run({ event: EVENT, error, execution: buildExecution(name) }, world.deps),
    deferral: async () => (await world.ledger.read(deferralKind, deferralKey(EVENT)))?.value,
    history: async () => {
      const keys = await Array.fromAsync(world.ledger.list(imageHistoryPrefix(IMAGE)));
      const stored = await Promise.all(keys.map((key) => world.ledger.read(imageEntryKind, key)));
      return stored.map((one) => one?.value);
    },
  };
};

describe('defer-image', () => {
  it('keeps the event with its next attempt, and says why in the words of the Lambda', async () => {
    const world = createDeferral();
    const nextAttemptAt = '2026-03-01T12:02:00.000Z';
    expect(await world.defer()).toEqual({
      outcome: 'deferred',
      reason: 'The registry does not answer.',
      nextAttemptAt,
    });
    expect(await world.deferral()).toMatchObject({ event: EVENT, attempts: 1, nextAttemptAt });
    expect(await world.history()).toMatchObject([
      { outcome: 'deferred', reason: `The registry does not answer.; next attempt at ${nextAttemptAt}` },
    ]);
  });

  it('run twice by one execution counts one attempt and leaves one entry', async () => {
    const world = createDeferral();
    const first = await world.defer();
    world.clock.advance(30_000);
    expect(await world.defer()).toEqual(first);
    expect(await world.deferral()).toMatchObject({ attempts: 1 });
    expect(await world.history()).toHaveLength(1);
  });

  it('the next execution that fails counts the second attempt', async () => {
    const world = createDeferral();
    await world.defer('deployment-1');
    await world.defer('deployment-2');
    expect(await world.deferral()).toMatchObject({ attempts: 2, execution: 'deployment-2' });
  });

  it('gives up for good: the record goes, the reason stays, and a repeat does not begin anew', async () => {
    const world = createDeferral();
    await world.ledger.claim(deferralKind, deferralKey(EVENT), tried(MAX_DEFERRALS));
    const answer = { outcome: 'ignored', reason: 'given up: The registry does not answer.' };
    expect(await world.defer()).toEqual(answer);
    expect(await world.defer()).toEqual(answer);
    expect(await world.deferral()).toBeUndefined();
    expect(await world.history()).toMatchObject([answer]);
  });
});
