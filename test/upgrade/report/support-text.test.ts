import { describe, expect, it } from 'vitest';
import { judgeSupport } from '../../../functions/upgrade/calendar/support-calendar.ts';
import { renderSupport } from '../../../functions/upgrade/report/html/support-section.ts';
import { saySupport, sayUsd, sayWaiting } from '../../../functions/upgrade/report/support-text.ts';
import { buildReport } from '../../support/upgrade-report.ts';

/** Support of 1.34 by our own copy of the calendar: standard until 2026-12-02, extended until 2027-12-02. */
const supportOn = (now: string, supportType: 'EXTENDED' | 'STANDARD' = 'EXTENDED') =>
  judgeSupport({ version: '1.34', supportType, versions: [], now: new Date(now), surchargePerHour: 0.5 });

describe('the calendar in words', () => {
  it.each([
    ['2026-11-21T23:59:59Z', 'Standard support ends in 11 days, on 2026-12-02.'],
    ['2026-12-01T00:00:00Z', 'Standard support ends in 1 day, on 2026-12-02.'],
    ['2026-12-02T00:00:00Z', 'In extended support since 2026-12-02; it ends in 365 days, on 2027-12-02.'],
    ['2027-12-02T00:00:00Z', 'Out of support since 2027-12-02.'],
  ])('at %s says: %s', (now, expected) => {
    expect(saySupport(supportOn(now))).toBe(expected);
  });

  it.each([
    ['EXTENDED', 'From 2026-12-02 on the cluster costs 365 USD a month more (4,380 USD a year).'],
    [
      'EXTENDED',
      'From 2027-12-02 on EKS may upgrade the control plane by itself, at a time it does not announce.',
    ],
    [
      'STANDARD',
      'From 2026-12-02 on EKS may upgrade the control plane by itself, at a time it does not announce.',
    ],
  ] as const)('with the policy %s says what waiting means: %s', (supportType, expected) => {
    expect(sayWaiting(supportOn('2026-11-21T12:00:00Z', supportType))).toContain(expected);
  });

  it.each(['2026-11-21', '2026-12-05'])('with the policy STANDARD speaks of no surcharge: %s', (day) => {
    const support = supportOn(`${day}T12:00:00Z`, 'STANDARD');
    expect([saySupport(support), ...sayWaiting(support)].join(' ')).not.toMatch(/USD|[Ee]xtended/);
  });

  it('with the policy STANDARD says how long ago support ended', () => {
    const support = supportOn('2026-12-05T12:00:00Z', 'STANDARD');
    expect(saySupport(support)).toBe('Standard support ended 3 days ago, on 2026-12-02.');
    const page = renderSupport(buildReport([], { current: '1.34', support }))?.text ?? '';
    expect(page).toContain('<b>3 days</b><span>since the end of support</span>');
    expect(page).not.toContain('USD');
  });

  it('says when its days are a copy, and when they are those of EKS says nothing of it', () => {
    const copy = supportOn('2026-11-21T12:00:00Z');
    const said = 'EKS could not be asked: these dates are a copy of its calendar, and may be behind.';
    expect(sayWaiting(copy)).toContain(said);
    expect(sayWaiting({ ...copy, source: 'eks' })).not.toContain(said);
  });
});

it.each([
  [365, '365 USD'],
  [4_380, '4,380 USD'],
  [0.5, '0.50 USD'],
  [0, '0 USD'],
])('%d is %s', (amount, expected) => {
  expect(sayUsd(amount)).toBe(expected);
});
