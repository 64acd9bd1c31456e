import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../functions/records/upgrade/finding.ts';
import { CHECKS } from '../../../functions/upgrade/checks/registry.ts';
import { compareReports } from '../../../functions/upgrade/report/changes.ts';
import { findNews, MOMENTARY, noteBlind } from '../../../functions/upgrade/report/report-news.ts';
import { composeReportNotice } from '../../../functions/upgrade/report/report-notice.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';

const block = buildFinding();
const warning = buildFinding({ result: 'warn', check: 'ipvs', subject: 'kube-proxy' });
const jobs = buildFinding({ result: 'warn', check: 'bare-pods', subject: 'pods of ci' });
const blind = buildFinding({ result: 'not-checked', check: 'insights', subject: 'insights' });
const helm = buildFinding({ result: 'not-checked', subject: 'Helm releases' });

const after = (before: readonly Finding[], now: readonly Finding[]) => {
  const report = buildReport(now);
  const previous = buildReport(before, { at: '2026-11-20T05:00:00.000Z' });
  return { ...report, changes: compareReports(previous, report) };
};

describe('the news of a report', () => {
  it.each<readonly [string, readonly Finding[], readonly Finding[], boolean]>([
    ['jobs of the night are none', [], [jobs], false],
    ['that they have ended is none', [jobs], [], false],
    ['beside other warnings neither', [warning], [warning, jobs], false],
    ['a warning of the cluster itself is', [jobs], [jobs, warning], true],
    ['that it is over is', [jobs, warning], [jobs], true],
    ['an update of the cluster that blocks is', [], [{ ...block, check: 'running-updates' }], true],
  ])('%s', (_, before, now, isNews) => {
    expect(findNews(after(before, now), undefined) !== undefined).toBe(isNews);
  });

  it('a first report of nothing but jobs is none', () => {
    expect(findNews(buildReport([jobs]), undefined)).toBeUndefined();
  });

  it('names as momentary only checks that there are', () => {
    const codes = CHECKS.map(({ code }) => code);
    expect([...MOMENTARY].filter((code) => !codes.includes(code))).toEqual([]);
  });
});

describe('a check that has gone blind', () => {
  it('is no news on the first day, and on the second it is, however much else is blind', () => {
    const told = { blindTold: [helm.id] };
    expect(findNews(after([helm], [helm, blind]), told)).toBeUndefined();
    expect(findNews(after([helm, blind], [helm, blind]), told)?.blind).toEqual([blind]);
  });

  it('is told once', () => {
    const report = after([helm, blind], [helm, blind]);
    expect(findNews(report, { blindTold: noteBlind(report, [helm.id], true) })).toBeUndefined();
  });

  it('is told with what it could not see, once for the checks that read the same, and warns', () => {
    const other = { ...blind, id: 'other', check: 'quotas' };
    const notice = composeReportNotice(after([blind, other], [blind, other]), undefined, { page: 'x' });
    expect(notice).toMatchObject({
      severity: 'warning',
      reasons: [`not checked since the last time: insights: ${blind.message}`],
    });
  });

  it.each([
    ['a message tells of all', true, undefined, [helm.id, blind.id]],
    ['without one they know what they knew', false, [helm.id], [helm.id]],
    ['what could be checked in between is told anew', false, [helm.id, 'mended'], [helm.id]],
    ['nothing is known when nothing was told', false, undefined, []],
  ])('%s', (_, isMessageSent, before, known) => {
    expect(noteBlind(buildReport([helm, blind, block]), before, isMessageSent)).toEqual(known);
  });

  it('that a person excepts is none', () => {
    const ignored = { reason: 'known', expires: '2027-01-31' };
    const report = after([{ ...blind, ignored }], [{ ...blind, ignored }]);
    expect(findNews(report, undefined)).toBeUndefined();
  });
});
