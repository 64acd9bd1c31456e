import { array, assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeSupport } from '../../../functions/upgrade/calendar/support-calendar.ts';
import { findStage, isNews, type SupportStage } from '../../../functions/upgrade/report/support-stage.ts';

/** Standard support ends on 2026-12-02, extended support on 2027-12-02. */
const stageOn = (now: string, supportType: 'STANDARD' | 'EXTENDED' = 'EXTENDED') =>
  findStage(
    judgeSupport({ version: '1.34', supportType, versions: [], now: new Date(now), surchargePerHour: 0.5 }),
    '1.34',
  );

describe('the stages of the calendar', () => {
  it.each([
    ['2026-09-02', undefined, undefined],
    ['2026-09-03', 'standard', 90],
    ['2026-11-01', 'standard', 90],
    ['2026-11-02', 'standard', 30],
    ['2026-11-24', 'standard', 30],
    ['2026-11-25', 'standard', 7],
    ['2026-11-26', 'standard', 6],
    ['2026-12-01', 'standard', 1],
    ['2026-12-02', 'standard', 0],
    ['2026-12-20', 'standard', 0],
    ['2027-09-02', 'standard', 0],
    ['2027-09-03', 'extended', 90],
    ['2027-12-02', 'extended', 0],
    ['2027-12-08', 'extended', 0],
    ['2027-12-09', 'extended', -7],
    ['2027-12-15', 'extended', -7],
    ['2027-12-16', 'extended', -14],
  ])('with the policy EXTENDED it is on %s %s %s', (now, end, days) => {
    const { end: reached, days: left } = stageOn(`${now}T23:59:59.000Z`) ?? {};
    expect([reached, left]).toEqual([end, days]);
  });

  it.each([
    ['2026-12-01', 1],
    ['2026-12-08', 0],
    ['2026-12-09', -7],
    ['2027-09-10', -280],
  ])('with the policy STANDARD the end of standard support is the last: on %s %i', (now, days) => {
    expect(stageOn(`${now}T00:00:00.000Z`, 'STANDARD')).toEqual({ end: 'standard', days, version: '1.34' });
  });

  it('is none while the calendar does not know the version', () => {
    const support = judgeSupport({
      version: '1.99',
      supportType: 'EXTENDED',
      versions: [],
      now: new Date(),
      surchargePerHour: 0.5,
    });
    expect(findStage(support, '1.99')).toBeUndefined();
  });

  it('is told once each and in order, however often the check runs', () => {
    const hours = array(integer({ min: 0, max: 800 * 24 }), { maxLength: 200 });
    const policies = constantFrom('STANDARD' as const, 'EXTENDED' as const);
    assert(
      property(hours, policies, (runs, supportType) => {
        const heard = listen(runs, supportType);
        const ranks = heard.map(({ end, days }) => (end === 'standard' ? 0 : 1_000) - days);
        expect(ranks).toEqual([...new Set(ranks)].toSorted((a, b) => a - b));
      }),
    );
  });
});

/** The stages that are told when the check runs in these hours since 2026-08-01. */
const listen = (runs: readonly number[], supportType: 'STANDARD' | 'EXTENDED'): SupportStage[] => {
  const heard: SupportStage[] = [];
  for (const hour of runs.toSorted((a, b) => a - b)) {
    const now = new Date(Date.parse('2026-08-01') + hour * 3_600_000);
    const stage = stageOn(now.toISOString(), supportType);
    if (stage && isNews(stage, heard.at(-1))) heard.push(stage);
  }
  return heard;
};

describe('news of a stage', () => {
  const stage = { end: 'standard', days: 7, version: '1.34' } as const;
  it.each([
    ['a first one', undefined, true],
    ['the same', stage, false],
    ['a later one', { ...stage, days: 30 }, true],
    ['an earlier one, since EKS moved the day', { ...stage, days: 6 }, false],
    ['one of another version', { ...stage, version: '1.33' }, true],
  ])('%s', (_, told, expected) => {
    expect(isNews(stage, told)).toBe(expected);
  });
});
