import { assert, date, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysUntil, startOfDay } from '../../functions/rules/utc-days.ts';

describe('days of UTC', () => {
  it.each([
    ['2026-12-02', '2026-12-01T00:00:00.000Z', 1],
    ['2026-12-02', '2026-12-01T23:59:59.999Z', 1],
    ['2026-12-02', '2026-12-02T00:00:00.000Z', 0],
    ['2026-12-02', '2026-12-02T23:59:59.999Z', 0],
    ['2026-12-02', '2026-12-03T00:00:00.000Z', -1],
    // Berlin is still in December there, Auckland was in March already.
    ['2027-01-01', '2027-01-01T00:30:00.000+01:00', 1],
    ['2026-03-01', '2026-03-01T12:30:00.000+13:00', 1],
    // Across the change of a summer time, and a leap day.
    ['2026-04-01', '2026-03-28T12:00:00.000Z', 4],
    ['2028-03-01', '2028-02-28T12:00:00.000Z', 2],
  ])('until %s at %s there are %i days', (day, now, days) => {
    expect(daysUntil(day, new Date(now))).toBe(days);
  });

  it('a day counts down by one at each midnight, and at no other moment', () => {
    const moments = date({
      min: new Date('2020-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    });
    assert(
      property(moments, moments, (end, now) => {
        const day = end.toISOString().slice(0, 10);
        const today = now.toISOString().slice(0, 10);
        const left = daysUntil(day, now);
        expect(left).toBe(daysUntil(day, startOfDay(today)));
        expect(new Date(startOfDay(today).setUTCDate(now.getUTCDate() + left)).toISOString()).toContain(day);
      }),
    );
  });
});
