import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measurePace } from '../../../functions/backup/archive/pace.ts';
import {
  type Ahead,
  planSplit,
  type Stretch,
  searchBudget,
  WORTH_READS,
} from '../../../functions/backup/archive/split.ts';
import { counterexample } from '../../support/counterexample.ts';

const MB = 1_000_000;
const stretch = (limit: number, stride: number, isBlind = false, reach = 1): Stretch => ({
  at: 0,
  limit,
  stride,
  isBlind,
  reach,
});
const alone = (reads: number, left: number, free = 31): Ahead => ({
  total: reads,
  longest: reads,
  left,
  free,
});

describe('a stretch', () => {
  it('that takes few reads is walked in one piece', () => {
    expect(planSplit(stretch((WORTH_READS - 1) * MB, MB), alone(255, 30 * MB))).toBeUndefined();
    expect(planSplit(stretch(WORTH_READS * MB, MB), alone(256, 30 * MB))).toBeDefined();
  });

  it('is searched through one stride and a quarter', () => {
    expect(planSplit(stretch(5_000 * MB, MB), alone(5_000, 30 * MB))).toMatchObject({ budget: 1.25 * MB });
  });

  it.each([
    ['at the middle when one search can be paid', 20 * MB, 1 / 2],
    ['between a third and the middle when two can be paid, so that the second may fail', 40 * MB, 5 / 12],
    ['at the middle when three can be paid', 60 * MB, 1 / 2],
  ])('is cut %s', (_, left, part) => {
    const split = planSplit(stretch(100_000 * MB, 20 * MB), alone(5_000, left));
    expect(split?.from).toBe(Math.floor(100_000 * MB * part));
  });

  it('that is not the longest is left alone when its share pays no search', () => {
    const ahead = { total: 5_000, longest: 3_000, left: 45 * MB, free: 31 };
    expect(planSplit(stretch(40_000 * MB, 20 * MB), ahead)).toBeUndefined();
    expect(planSplit(stretch(60_000 * MB, 20 * MB), ahead)).toBeDefined();
  });

  it('is left alone when no segment may be opened, or no search be paid', () => {
    expect(planSplit(stretch(100_000 * MB, MB), alone(100_000, 31 * MB, 0))).toBeUndefined();
    expect(planSplit(stretch(100_000 * MB, 20 * MB), alone(5_000, 19 * MB))).toBeUndefined();
  });

  it('in which a search found nothing is searched nearer by and further', () => {
    const split = planSplit(stretch(50_000 * MB, MB, true, 4), alone(50_000, 30 * MB));
    expect(split).toEqual({ from: 12_500 * MB, budget: 4 * MB });
  });

  it('is never searched outside, nor for more than is left', () => {
    const property = fc.property(
      fc.record({
        at: fc.nat(),
        stride: fc.integer({ min: 1, max: 2 ** 30 }),
        isBlind: fc.boolean(),
        reach: fc.integer({ min: 1, max: 64 }),
      }),
      fc.nat(),
      fc.nat(2 ** 30),
      (place, length, left) => {
        const limit = place.at + length * 1_000;
        const split = planSplit({ ...place, limit }, alone(1_000, left));
        return !split || (split.from >= place.at && split.from < limit && split.budget <= left);
      },
    );
    expect(counterexample(property, 1_000)).toBeUndefined();
  });
});

describe('the budget of searches', () => {
  it.each([
    ['is 48 MB while nothing was read', { requests: 0, headerBytes: 0, members: 0 }, 48 * MB],
    [
      'leaves the headers of 5,000 members what they need',
      { requests: 8, headerBytes: 16 * 512, members: 16 },
      45.44 * MB,
    ],
    ['is nothing when headers need all of it', { requests: 50, headerBytes: 20 * MB, members: 1_000 }, 0],
    [
      'grows when a walk takes long',
      { requests: 50_000, headerBytes: 25 * MB, members: 50_000 },
      1_497.56 * MB,
    ],
  ])('%s', (_, progress, bytes) => {
    expect(searchBudget(progress)).toBe(bytes);
  });
});

describe('the pace of a chain', () => {
  it('is not told from its first reads, and is what it was given until it knows better', () => {
    const pace = measurePace(0, 0);
    for (let read = 1; read < 8; read += 1) pace.note(read * 100, read);
    expect(pace.stride()).toBeUndefined();
    pace.note(800, 8);
    expect(pace.stride()).toBeCloseTo(100);
    expect(measurePace(0, 0, 100).stride()).toBeCloseTo(100);
  });

  it('is that of one read where a member takes two', () => {
    const pace = measurePace(0, 0);
    for (let member = 1; member <= 8; member += 1) pace.note(member * 200, member * 2);
    expect(pace.stride()).toBeCloseTo(100);
  });

  it('counts what a read passes, not what a member has', () => {
    const pace = measurePace(0, 0, 100);
    for (let member = 1; member <= 500; member += 1) pace.note(member * 10, Math.ceil(member / 50));
    expect(pace.stride()).toBeGreaterThan(100);
    expect(pace.stride()).toBeLessThan(500);
  });

  it('hardly changes for one member a million times as large', () => {
    const pace = measurePace(0, 0, 100);
    pace.note(100_000_000, 1);
    expect(pace.stride()).toBeLessThan(500);
  });
});
