import { describe, expect, it } from 'vitest';
import { keepByPeriod } from '../../../functions/backup/retention/periods.ts';
import { buildEntry } from '../../support/backup-sets.ts';

const at = (takenAt: string) => buildEntry(0, { id: takenAt, takenAt: `${takenAt}:00.000Z` });
const NONE = { daily: 0, weekly: 0, monthly: 0 };

/** The times of the sets that are kept. */
const kept = (times: string[], gfs: Partial<typeof NONE>, zone = 'UTC'): string[] =>
  [
    ...keepByPeriod(
      times.map(at).toSorted((a, b) => b.takenAt.localeCompare(a.takenAt)),
      { ...NONE, ...gfs },
      zone,
    ).keys(),
  ].toSorted();

describe('grandfather, father, son', () => {
  it.each<[string, string[], Partial<typeof NONE>, string, string[]]>([
    [
      'keeps the last set of each of two days',
      ['2026-11-19T22:00', '2026-11-20T01:00', '2026-11-20T22:00', '2026-11-21T01:00'],
      { daily: 2 },
      'UTC',
      ['2026-11-20T22:00', '2026-11-21T01:00'],
    ],
    [
      'begins a day at midnight of the zone, in winter an hour before that of UTC',
      ['2026-11-19T22:30', '2026-11-19T23:30', '2026-11-20T22:30'],
      { daily: 2 },
      'Europe/Berlin',
      ['2026-11-19T22:30', '2026-11-20T22:30'],
    ],
    [
      'begins it two hours before in summer',
      ['2026-07-19T21:30', '2026-07-19T22:30', '2026-07-20T21:30'],
      { daily: 2 },
      'Europe/Berlin',
      ['2026-07-19T21:30', '2026-07-20T21:30'],
    ],
    [
      'counts days that have a set, so that a week without does not push older ones out',
      ['2026-11-01T01:00', '2026-11-02T01:00', '2026-11-21T01:00'],
      { daily: 3 },
      'UTC',
      ['2026-11-01T01:00', '2026-11-02T01:00', '2026-11-21T01:00'],
    ],
    [
      'ends a week with Sunday',
      ['2026-11-15T01:00', '2026-11-16T01:00', '2026-11-22T01:00'],
      { weekly: 2 },
      'UTC',
      ['2026-11-15T01:00', '2026-11-22T01:00'],
    ],
    [
      'takes the days about New Year as one week',
      ['2026-12-31T01:00', '2027-01-03T01:00', '2027-01-04T01:00'],
      { weekly: 2 },
      'UTC',
      ['2027-01-03T01:00', '2027-01-04T01:00'],
    ],
    [
      'keeps the last set of each of two months',
      ['2026-09-30T01:00', '2026-10-01T01:00', '2026-10-31T01:00', '2026-11-21T01:00'],
      { monthly: 2 },
      'UTC',
      ['2026-10-31T01:00', '2026-11-21T01:00'],
    ],
    [
      'takes one set for a day, a week and a month at once',
      ['2026-11-20T01:00', '2026-11-21T01:00'],
      { daily: 1, weekly: 1, monthly: 1 },
      'UTC',
      ['2026-11-21T01:00'],
    ],
    [
      'counts by UTC in a zone that nobody knows',
      ['2026-11-20T01:00', '2026-11-21T01:00'],
      { daily: 2 },
      'Mars/Base',
      ['2026-11-20T01:00', '2026-11-21T01:00'],
    ],
    ['keeps none where nothing is asked for', ['2026-11-21T01:00'], {}, 'UTC', []],
  ])('%s', (_, times, gfs, zone, expected) => {
    expect(kept(times, gfs, zone)).toEqual(expected);
  });

  it('names the shortest period that a set is the last of', () => {
    const reasons = keepByPeriod([at('2026-11-21T01:00')], { daily: 1, weekly: 1, monthly: 1 }, 'UTC');
    expect([...reasons.values()]).toEqual(['It is the last verified set of the day 2026-11-21.']);
  });
});
