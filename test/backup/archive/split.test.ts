import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measurePace } from '../../../functions/backup/archive/pace.ts';
import { planSplit, searchBudget, WORTH_READS } from '../../../functions/backup/archive/split.ts';
import { counterexample } from '../../support/counterexample.ts';

const MB = 1_000_000;
const stretch = (limit: number, stride: number, isBlind = false, reach = 1) => ({
  at: 0,
  limit,
  stride,
  isBlind,
  reach,
});

describe('a stretch', () => {
  it('that takes few reads is walked in one piece', () => {
    expect(planSplit(stretch((WORTH_READS - 1) * MB, MB), 255, 30 * MB, 31)).toBeUndefined();
    expect(planSplit(stretch(WORTH_READS * MB, MB), 256, 30 * MB, 31)).toBeDefined();
  });

  it('is searched through one stride and a quarter', () => {
    expect(planSplit(stretch(5_000 * MB, MB), 5_000, 30 * MB, 31)).toMatchObject({ budget: 1.25 * MB });
  });

  it('is cut at 5/12 when two searches can be paid, so that the second may fail', () => {
    const split = planSplit(stretch(100_000 * MB, 20 * MB), 5_000, 31 * MB, 31);
    expect(split).toEqual({ from: Math.floor((100_000 * MB * 5) / 12), budget: 25 * MB });
  });

  it('that is a small part of all is left alone when few searches can be paid', () => {
    expect(planSplit(stretch(10_000 * MB, 20 * MB), 5_000, 31 * MB, 31)).toBeUndefined();
  });

  it('is left alone when no segment may be opened, or no search be paid', () => {
    expect(planSplit(stretch(100_000 * MB, MB), 100_000, 31 * MB, 0)).toBeUndefined();
    expect(planSplit(stretch(100_000 * MB, 20 * MB), 5_000, 5 * MB, 31)).toBeUndefined();
  });

  it('in which a search found nothing is searched nearer by and further', () => {
    const first = planSplit(stretch(100_000 * MB, MB), 100_000, 30 * MB, 31);
    const second = planSplit(stretch(first?.from ?? 0, MB, true, 4), 50_000, 30 * MB, 31);
    expect(second).toEqual({ from: Math.floor((first?.from ?? 0) / 4), budget: 4 * MB });
  });

  it('is never searched outside, nor for more than is left', () => {
    const property = fc.property(
      fc.record({
        at: fc.nat(),
        length: fc.nat(),
        stride: fc.integer({ min: 1, max: 2 ** 30 }),
        isBlind: fc.boolean(),
        reach: fc.integer({ min: 1, max: 64 }),
      }),
      fc.nat(2 ** 30),
      ({ length, ...rest }, left) => {
        const limit = rest.at + length * 1_000;
        const split = planSplit({ ...rest, limit }, 1_000, left, 31);
        return !split || (split.from >= rest.at && split.from < limit && split.budget <= left);
      },
    );
    expect(counterexample(property, 1_000)).toBeUndefined();
  });
});

describe('the budget of searches', () => {
  it('leaves 18 MB of 50 to the headers of 5,000 members', () => {
    expect(searchBudget(5_000)).toBeLessThan(32 * MB);
  });

  it('grows when a walk takes longer: 1.5 GB after 50,000 reads', () => {
    expect(searchBudget(50_000)).toBeGreaterThan(1_400 * MB);
    expect(searchBudget(50_000)).toBeLessThan(1_600 * MB);
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
