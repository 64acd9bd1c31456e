import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSchedule } from '../../functions/records/configuration/schedule.ts';
import { findClash, gapsOf, listStarts } from '../../functions/records/configuration/schedule-times.ts';
import { counterexample } from '../support/counterexample.ts';

/** Days of the first two months of 2027, which begins on a Friday, and times. */
const startsOf = (text: string, days = 59): string[] => {
  const schedule = parseSchedule(text);
  if (typeof schedule === 'string') throw new Error(schedule);
  return listStarts(schedule, days).map((minute) =>
    new Date(Date.UTC(2027, 0, 1) + minute * 60_000).toISOString().slice(5, 16).replace('T', ' '),
  );
};

describe('a schedule', () => {
  it.each<[string, string[]]>([
    ['cron(0 3 1 * ? *)', ['01-01 03:00', '02-01 03:00']],
    ['cron(30 4 ? * MON#1 *)', ['01-04 04:30', '02-01 04:30']],
    ['cron(0 0 L * ? *)', ['01-31 00:00', '02-28 00:00']],
    ['cron(0 0 ? * 6L *)', ['01-29 00:00', '02-26 00:00']],
    ['cron(0 0 2W * ? *)', ['01-01 00:00', '02-02 00:00']],
    ['cron(0 0 1W 5 ? 2027)', []],
    ['cron(0 0 31W * ? *)', ['01-29 00:00']],
    ['cron(0 12/6 15 JAN ? 2027)', ['01-15 12:00', '01-15 18:00']],
    ['cron(0,30 1-2 15 1 ? *)', ['01-15 01:00', '01-15 01:30', '01-15 02:00', '01-15 02:30']],
    ['cron(0 0 29 2 ? *)', []],
    ['cron(0 0 1 1 ? 2028)', []],
  ])('%s comes at %j', (text, expected) => {
    expect(startsOf(text)).toEqual(expected);
  });

  it('on the first working day of a month that begins on a Saturday is on Monday the third', () => {
    expect(startsOf('cron(0 0 1W 5 ? 2027)', 150)).toEqual(['05-03 00:00']);
  });

  it.each<[string, string]>([
    ['0 3 * * *', 'must be "cron('],
    ['cron(0 3 * * *)', 'has 5 fields'],
    ['cron(0 3 * * * *)', 'needs "?"'],
    ['cron(0 3 ? * ? *)', 'needs "?"'],
    ['cron(60 3 * * ? *)', 'a field that EventBridge Scheduler does not take: minutes'],
    ['cron(0 24 * * ? *)', 'take: hours'],
    ['cron(0 3 32 * ? *)', 'take: day-of-month'],
    ['cron(0 3 ? * 0 *)', 'take: day-of-week'],
    ['cron(0 3 ? * MO *)', 'take: day-of-week'],
    ['cron(0 3 * 13 ? *)', 'take: month'],
    ['cron(0 3 * * ? 1969)', 'take: year'],
    ['cron(0/0 3 * * ? *)', 'take: minutes'],
    ['cron(5-1 3 * * ? *)', 'take: minutes'],
    ['rate(1 hours)', 'singular'],
    ['rate(12 hour)', 'singular'],
    ['rate(0 hours)', 'must name a number'],
    ['rate(2 weeks)', 'must name a number'],
    ['at(2027-01-01T00:00:00)', 'must be "cron('],
    ['', 'must be "cron('],
  ])('%s is none, and it is said why', (text, words) => {
    expect(parseSchedule(text)).toContain(words);
  });

  it('is read or refused, whatever is written', () => {
    const texts = fc.oneof(
      fc.string(),
      fc
        .array(fc.constantFrom('cron(', ')', '*', '?', '0', 'L', '#', '/', '-', ',', ' '), { maxLength: 16 })
        .map((signs) => signs.join('')),
    );
    expect(
      counterexample(
        fc.property(texts, (text) => {
          expect(['string', 'object']).toContain(typeof parseSchedule(text));
        }),
        500,
      ),
    ).toBeUndefined();
  });
});

describe('the time between two runs', () => {
  it.each<[string, [number, number] | undefined]>([
    ['cron(0 * * * ? *)', [60, 60]],
    ['cron(0 3 * * ? *)', [1440, 1440]],
    ['cron(0 3,15 ? * MON-FRI *)', [720, 3600]],
    ['cron(0 3 1 * ? *)', [28 * 1440, 31 * 1440]],
    ['rate(12 hours)', [720, 720]],
    ['cron(0 0 30 2 ? *)', undefined],
    ['cron(0 0 1 1 ? 2027)', undefined],
    ['never', undefined],
  ])('of %s is %j minutes', (text, expected) => {
    const gaps = gapsOf(text);
    expect(gaps && [gaps.shortest, gaps.longest]).toEqual(expected);
  });
});

describe('two schedules', () => {
  const utc = (schedule: string) => ({ schedule, timeZone: 'UTC' });

  it.each<[string, string, string | undefined]>([
    ['cron(0 * * * ? *)', 'cron(0 3 * * ? *)', '2027-01-01 03:00 UTC'],
    ['cron(30 * * * ? *)', 'cron(0 3 * * ? *)', undefined],
    ['cron(0 3 * * ? *)', 'cron(14 3 1 * ? *)', '2027-01-01 03:14 UTC'],
    ['cron(0 3 * * ? *)', 'cron(15 3 1 * ? *)', undefined],
    ['cron(59 23 * * ? *)', 'cron(0 0 1 * ? *)', '2027-02-01 00:00 UTC'],
    ['cron(0 3 ? * MON *)', 'cron(0 3 ? * TUE *)', undefined],
    ['rate(1 hour)', 'cron(0 3 * * ? *)', undefined],
    ['never', 'cron(0 3 * * ? *)', undefined],
  ])('%s and %s meet at %s', (one, other, expected) => {
    expect(findClash(utc(one), utc(other), 15)?.at).toBe(expected);
    expect(findClash(utc(other), utc(one), 15)?.at).toBe(expected);
  });

  it.each<[string, string, string, string | undefined]>([
    ['Europe/Berlin', 'Europe/Berlin', 'cron(0 3 * * ? *)', '2027-01-01 03:00 Europe/Berlin'],
    ['Europe/Berlin', 'UTC', 'cron(0 2 * * ? *)', '2027-01-01 02:00 UTC'],
    // Summer time begins on 28 March.
    ['Europe/Berlin', 'UTC', 'cron(0 1 * * ? *)', '2027-03-28 01:00 UTC'],
    ['Europe/Berlin', 'UTC', 'cron(0 3 * * ? *)', undefined],
    ['Asia/Kolkata', 'UTC', 'cron(30 21 * * ? *)', '2027-01-01 21:30 UTC'],
    ['America/New_York', 'UTC', 'cron(0 8 * * ? *)', '2027-01-01 08:00 UTC'],
  ])('at three in %s, and in %s by %s, meet at %s', (zone, otherZone, schedule, expected) => {
    const here = { schedule: 'cron(0 3 * * ? *)', timeZone: zone };
    expect(findClash(here, { schedule, timeZone: otherZone }, 15)?.at).toBe(expected);
  });
});
