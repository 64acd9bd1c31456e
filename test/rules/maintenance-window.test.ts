import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeWindow, type MaintenanceWindow } from '../../functions/rules/maintenance-window.ts';
import { counterexample } from '../support/counterexample.ts';

const EVERY_DAY: MaintenanceWindow['days'] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const window = (from: string, to: string, changes: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  days: EVERY_DAY,
  from,
  to,
  timeZone: 'Europe/Berlin',
  ...changes,
});

/** `open until <time>`, `closed until <time>`, `open` or `closed`. */
const judge = (of: MaintenanceWindow | undefined, now: string): string => {
  const verdict = judgeWindow(of, new Date(now));
  const change = verdict.open ? verdict.closes : verdict.opens;
  return `${verdict.open ? 'open' : 'closed'}${change ? ` until ${change.toISOString().slice(0, 16)}` : ''}`;
};

describe('a maintenance window', () => {
  it.each<[string, MaintenanceWindow | undefined, string, string]>([
    ['none at all', undefined, '2026-11-21T12:00:00Z', 'open'],
    [
      '01:00-05:00 in winter',
      window('01:00', '05:00'),
      '2026-01-10T02:00:00Z',
      'open until 2026-01-10T04:00',
    ],
    [
      '01:00-05:00 in summer',
      window('01:00', '05:00'),
      '2026-07-10T02:00:00Z',
      'open until 2026-07-10T03:00',
    ],
    ['at its first moment', window('01:00', '05:00'), '2026-01-10T00:00:00Z', 'open until 2026-01-10T04:00'],
    ['at its end', window('01:00', '05:00'), '2026-01-10T04:00:00Z', 'closed until 2026-01-11T00:00'],
    [
      '22:00-04:00 before midnight',
      window('22:00', '04:00'),
      '2026-01-10T22:30:00Z',
      'open until 2026-01-11T03:00',
    ],
    [
      '22:00-04:00 after midnight',
      window('22:00', '04:00'),
      '2026-01-11T02:30:00Z',
      'open until 2026-01-11T03:00',
    ],
    [
      '22:00-04:00 on Saturdays, on Sunday morning',
      window('22:00', '04:00', { days: ['sat'] }),
      '2026-01-11T02:30:00Z',
      'open until 2026-01-11T03:00',
    ],
    [
      '22:00-04:00 on Saturdays, on Saturday morning',
      window('22:00', '04:00', { days: ['sat'] }),
      '2026-01-10T02:30:00Z',
      'closed until 2026-01-10T21:00',
    ],
    [
      'that is shut for one minute a day',
      window('20:00', '19:59'),
      '2026-01-10T18:59:30Z',
      'closed until 2026-01-10T19:00',
    ],
    [
      '02:00-03:00 on the night that skips that hour, is not there',
      window('02:00', '03:00'),
      '2026-03-29T00:30:00Z',
      'closed until 2026-03-30T00:00',
    ],
    [
      '01:30-04:00 on that night is an hour shorter',
      window('01:30', '04:00'),
      '2026-03-29T00:45:00Z',
      'open until 2026-03-29T02:00',
    ],
    [
      '02:00-03:00 on the night that repeats that hour is two hours long',
      window('02:00', '03:00'),
      '2026-10-25T01:30:00Z',
      'open until 2026-10-25T02:00',
    ],
    [
      'a weekly one whose hour is skipped opens a week later',
      window('02:00', '03:00', { days: ['sun'] }),
      '2026-03-28T12:00:00Z',
      'closed until 2026-04-05T00:00',
    ],
    [
      'in a zone half an hour off',
      window('00:00', '01:00', { timeZone: 'Asia/Kolkata' }),
      '2026-01-10T18:45:00Z',
      'open until 2026-01-10T19:30',
    ],
  ])('%s', (_, of, now, expected) => {
    expect(judge(of, now)).toBe(expected);
  });

  it('always changes at the moment it names, and not before', () => {
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    const windows = fc
      .record({
        days: fc.subarray(EVERY_DAY, { minLength: 1 }),
        from: time,
        to: time,
        timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'),
      })
      .filter(({ from, to }) => from !== to);
    const moments = fc.date({
      min: new Date('2026-01-01'),
      max: new Date('2027-12-31'),
      noInvalidDate: true,
    });
    const holds = fc.property(windows, moments, (of, now) => {
      const verdict = judgeWindow(of, now);
      const change = verdict.open ? verdict.closes : verdict.opens;
      if (!change) return !verdict.open;
      const justBefore = judgeWindow(of, new Date(change.getTime() - 1));
      return (
        change > now && judgeWindow(of, change).open !== verdict.open && justBefore.open === verdict.open
      );
    });
    expect(counterexample(holds, 500)).toBeUndefined();
  });
});
