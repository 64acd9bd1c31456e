import { assert, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VersionFact } from '../../../functions/records/upgrade/aws-facts.ts';
import { Support } from '../../../functions/records/upgrade/report.ts';
import {
  judgeSupport,
  offlineCalendar,
  readSupport,
  type SupportQuestion,
} from '../../../functions/upgrade/calendar/support-calendar.ts';
import { CALENDAR_TABLE } from '../../../functions/upgrade/calendar/support-calendar-table.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');

const version = (minor: string, standardEnds: string, extendedEnds: string): VersionFact => ({
  version: minor,
  status: 'standard',
  isDefault: false,
  standardEnds,
  extendedEnds,
  source: 'eks',
});

const VERSIONS = [
  version('1.34', '2026-12-02', '2027-12-02'),
  version('1.33', '2026-07-29', '2027-07-29'),
  version('1.30', '2025-07-23', '2026-07-23'),
];

const judge = (question: Partial<SupportQuestion> = {}): Support =>
  judgeSupport({
    version: '1.34',
    supportType: 'EXTENDED',
    versions: VERSIONS,
    now: NOW,
    surchargePerHour: 0.5,
    ...question,
  });

describe('where a cluster stands', () => {
  it.each([
    ['1.34', '2026-12-01T23:59:59.999Z', 'standard', 1, 366],
    ['1.34', '2026-12-02T00:00:00.000Z', 'extended', 0, 365],
    ['1.34', '2027-12-01T23:59:59.999Z', 'extended', -364, 1],
    ['1.34', '2027-12-02T00:00:00.000Z', 'unsupported', -365, 0],
    ['1.33', '2026-11-21T12:00:00.000Z', 'extended', -115, 250],
  ])('%s at %s is %s, with %i and %i days left', (minor, now, state, standard, extended) => {
    const support = judge({ version: minor, now: new Date(now) });
    expect(support).toMatchObject({ state, daysLeft: { standard, extended } });
    expect(Support.parse(support)).toEqual(support);
  });

  it.each([
    ['STANDARD', '2026-12-02'],
    ['EXTENDED', '2027-12-02'],
  ] as const)('with the policy %s EKS may move it from %s on', (supportType, day) => {
    expect(judge({ supportType }).forcedFrom).toBe(day);
  });

  it('shows the versions oldest first', () => {
    expect(judge().calendar.map((each) => each.version)).toEqual(['1.30', '1.33', '1.34']);
  });

  it('says of a version that nobody knows that it is unknown, and not that it costs something', () => {
    const support = judge({ version: '1.99' });
    expect(support).toMatchObject({ state: 'unknown', cost: { soFar: 0, untilForced: 0 } });
    expect(support).not.toHaveProperty('daysLeft');
    expect(support).not.toHaveProperty('forcedFrom');
  });
});

describe('what waiting costs', () => {
  const cost = (now: string, question: Partial<SupportQuestion> = {}) => {
    const { soFar, untilForced } = judge({ now: new Date(now), ...question }).cost;
    return [soFar, untilForced];
  };

  it('is 365 USD a month and 4,380 USD a year at the list price', () => {
    expect(judge().cost).toMatchObject({ surchargePerHour: 0.5, perMonth: 365, perYear: 4_380 });
  });

  it.each([
    [
      'before the end of standard support nothing, and a year of 365 days ahead',
      '2026-11-21T12:00:00.000Z',
      [0, 4_380],
    ],
    [
      'in the first moment of the day on which standard support ends nothing yet',
      '2026-12-02T00:00:00.000Z',
      [0, 4_380],
    ],
    ['after the first day 12 USD', '2026-12-03T00:00:00.000Z', [12, 4_368]],
    ['after 90 minutes 0.75 USD', '2026-12-02T01:30:00.000Z', [0.75, 4_379.25]],
    ['in the last hour 0.50 USD ahead', '2027-12-01T23:00:00.000Z', [4_379.5, 0.5]],
    ['after its end nothing any more', '2028-05-01T00:00:00.000Z', [4_380, 0]],
  ])('%s', (_, now, expected) => {
    expect(cost(now)).toEqual(expected);
  });

  it('with the policy STANDARD there is nothing to pay: EKS moves the control plane', () => {
    expect(cost('2027-06-01T00:00:00.000Z', { supportType: 'STANDARD' })).toEqual([0, 0]);
  });

  it('grows with time and never changes in sum, in whatever zone one looks', () => {
    const offsets = integer({ min: -400 * 24, max: 800 * 24 });
    assert(
      property(offsets, offsets, (a, b) => {
        const at = (hours: number) => judge({ now: new Date(Date.parse('2026-12-02') + hours * 3_600_000) });
        const [earlier, later] = [at(Math.min(a, b)), at(Math.max(a, b))];
        expect(later.cost.soFar).toBeGreaterThanOrEqual(earlier.cost.soFar);
        expect(later.cost.untilForced).toBeLessThanOrEqual(earlier.cost.untilForced);
        expect(later.cost.soFar + later.cost.untilForced).toBeCloseTo(4_380, 2);
        expect(later.daysLeft?.standard).toBeLessThanOrEqual(earlier.daysLeft?.standard ?? Number.NaN);
        const order = ['standard', 'extended', 'unsupported'];
        expect(order.indexOf(later.state)).toBeGreaterThanOrEqual(order.indexOf(earlier.state));
      }),
    );
  });
});

describe('our own copy of the calendar', () => {
  it('is used and marked when EKS gave no versions', () => {
    const support = judge({ versions: [] });
    expect(support).toMatchObject({ source: 'table', state: 'standard', daysLeft: { standard: 11 } });
    expect(support.calendar.every(({ source }) => source === 'table')).toBe(true);
  });

  it('gives only the version of the cluster when EKS no longer lists that', () => {
    const support = judge({ version: '1.29' });
    expect(support).toMatchObject({ source: 'table', state: 'unsupported' });
    expect(support.calendar.map(({ version, source }) => `${version} ${source}`)).toEqual([
      '1.29 table',
      '1.30 eks',
      '1.33 eks',
      '1.34 eks',
    ]);
  });

  it.each([
    ['1.30', 'unsupported'],
    ['1.31', 'extended'],
    ['1.33', 'extended'],
    ['1.34', 'standard'],
    ['1.36', 'standard'],
  ])('on 2026-11-21 %s was in %s support', (minor, status) => {
    expect(offlineCalendar(NOW).find((each) => each.version === minor)?.status).toBe(status);
  });

  it('lets standard support last 14 months from the release, and extended support 12 more', () => {
    for (const { released = '', standardEnds, extendedEnds } of CALENDAR_TABLE) {
      // The calendar counts in months; the days of the month differ in a few rows.
      const months = (from: string, to: string) =>
        (Number(to.slice(0, 4)) - Number(from.slice(0, 4))) * 12 +
        Number(to.slice(5, 7)) -
        Number(from.slice(5, 7));
      expect([months(released, standardEnds), months(standardEnds, extendedEnds)]).toEqual([14, 12]);
    }
  });
});

describe('support by the facts of a check', () => {
  it('takes a cluster whose policy could not be read for what EKS sets by itself', () => {
    const question = { current: '1.33', now: NOW, surchargePerHour: 0.5 };
    const support = readSupport({ versions: { items: VERSIONS, unread: [] } }, question);
    expect(support).toMatchObject({ state: 'extended', supportType: 'EXTENDED', source: 'eks' });
    expect(readSupport({}, question).source).toBe('table');
  });
});
