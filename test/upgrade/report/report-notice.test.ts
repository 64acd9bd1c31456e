import { describe, expect, it } from 'vitest';
import { Notice } from '../../../functions/records/message.ts';
import type { Support, UpgradeReport } from '../../../functions/records/upgrade/report.ts';
import { renderMessage } from '../../../functions/rules/message-text.ts';
import { compareReports } from '../../../functions/upgrade/report/changes.ts';
import { composeReportNotice } from '../../../functions/upgrade/report/report-notice.ts';
import { buildExecution } from '../../support/target-world.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';

const links = { page: 's3://ledger/upgrade/pages/gitlab/x.html' };
const block = buildFinding();
const warning = buildFinding({ result: 'warn', check: 'ipvs', subject: 'kube-proxy' });
const blind = buildFinding({ result: 'not-checked', check: 'insights', subject: 'insights' });

/** Standard support ends in so many days, on the day that follows from it; nothing else is changed. */
const endingIn = (days: number, overrides: Partial<Support> = {}): Support => {
  const { support, at } = buildReport();
  const ends = new Date(Date.parse(at.slice(0, 10)) + days * 86_400_000).toISOString().slice(0, 10);
  return { ...support, standardEnds: ends, daysLeft: { standard: days, extended: days + 366 }, ...overrides };
};

/** The report of today, compared with one that found `before`. */
const after = (
  before: readonly ReturnType<typeof buildFinding>[],
  now: readonly ReturnType<typeof buildFinding>[],
  overrides: Partial<UpgradeReport> = {},
): UpgradeReport => {
  const report = buildReport(now, overrides);
  const previous = buildReport(before, { at: '2026-11-20T05:00:00.000Z' });
  return { ...report, changes: compareReports(previous, report) };
};

const tell = (report: UpgradeReport, told?: Parameters<typeof composeReportNotice>[1]) =>
  composeReportNotice(report, told, links);

/** A notice that has to be there. */
const composeLoud = (report: UpgradeReport): Notice => Notice.parse(tell(report));

describe('a message about a report', () => {
  it.each([
    ['a first report that is clean tells nothing', buildReport([]), undefined],
    ['a first report with a block warns', buildReport([block]), 'warning'],
    ['a first report with warnings informs', buildReport([warning]), 'info'],
    ['a first report that could not check warns', buildReport([blind]), 'warning'],
    ['the same as yesterday tells nothing', after([block], [block]), undefined],
    ['a new block warns', after([warning], [warning, block]), 'warning'],
    ['a second block warns', after([block], [block, { ...block, id: 'b' }]), 'warning'],
    ['a new warning beside a block informs', after([block], [block, warning]), 'info'],
    ['a block that is gone informs', after([block, warning], [warning]), 'info'],
    ['that nothing is known any more warns', after([block], [{ ...blind, check: block.check }]), 'warning'],
    ['one thing more that could not be checked tells nothing', after([block], [block, blind]), undefined],
    ['one thing less that could not be checked tells nothing', after([block, blind], [block]), undefined],
    [
      'a new warning that is ignored tells nothing',
      after([block], [block, { ...warning, ignored: { reason: 'known', expires: '2027-01-01' } }]),
      undefined,
    ],
  ])('%s', (_, report, severity) => {
    expect(tell(report)?.severity).toBe(severity);
  });

  it.each([
    ['91 days before the end nothing is told', 91, 'EXTENDED', [block], undefined],
    ['90 days before the end it warns', 90, 'EXTENDED', [block], 'warning'],
    ['in the last week before money is due it warns', 3, 'EXTENDED', [block], 'warning'],
    ['in the last week before EKS may move a blocked cluster it wakes', 3, 'STANDARD', [block], 'critical'],
    ['so it does when nobody knows whether it is ready', 3, 'STANDARD', [blind], 'critical'],
    ['a cluster that is ready wakes nobody', 3, 'STANDARD', [warning], 'warning'],
    ['a month before that nobody is woken', 30, 'STANDARD', [block], 'warning'],
    ['past the end it still wakes, once a week', -7, 'STANDARD', [block], 'critical'],
  ] as const)('%s', (_, days, supportType, findings, severity) => {
    const support = endingIn(days, { supportType });
    if (supportType === 'STANDARD' && support.standardEnds) support.forcedFrom = support.standardEnds;
    expect(tell(after(findings, findings, { support }))?.severity).toBe(severity);
  });

  it('tells a stage once', () => {
    const report = after([block], [block], { support: endingIn(21) });
    expect(tell(report)).toMatchObject({ severity: 'warning' });
    expect(tell(report, { stageTold: { end: 'standard', days: 30, version: '1.35' } })).toBeUndefined();
    expect(tell(report, { stageTold: { end: 'standard', days: 30, version: '1.34' } })).toBeDefined();
  });

  it('says three weeks before the end what to do in which order', () => {
    const first = buildFinding({
      check: 'disruption-budgets',
      subject: 'PodDisruptionBudget gitlab/gitaly',
      remedy: { text: 'Allow one pod to go.' },
    });
    const support = endingIn(21);
    const notice = tell(
      after([first, block], [first, block, warning], { support, execution: buildExecution() }),
    );
    expect(notice).toMatchObject({
      capability: 'upgrade',
      target: 'gitlab',
      environment: 'production',
      outcome: 'blocked',
      severity: 'warning',
      happened:
        'gitlab: standard support of 1.35 ends in 21 days; 2 findings block the upgrade to 1.36 (1 new).',
      next: '1. PodDisruptionBudget gitlab/gitaly: Allow one pod to go. 2. Deployment shop/web: kubectl convert -f web.yaml Then start the machine upgrade with {"cluster":"gitlab","target":"1.36","by":"<you>","why":"<why>"}: it plans, and changes nothing yet.',
    });
    expect(notice?.did).toContain(links.page);
    expect(notice?.reasons).toEqual([
      'From 2026-12-12 on the cluster costs 365 USD a month more (4,380 USD a year).',
      'From 2028-03-27 on EKS may upgrade the control plane by itself, at a time it does not announce.',
      'warns: kube-proxy: It uses apps/v1beta1.',
    ]);
    expect(Notice.parse(notice)).toEqual(notice);
    expect(notice && renderMessage(notice).subject).toBe(
      'Drydock warning (production): gitlab: standard support of 1.35 ends in 21 days; 2 findings block ...',
    );
  });

  it('asks nobody to start an upgrade to a version that is not out yet, and says so', () => {
    const notice = composeLoud(buildReport([warning], { target: '1.37' }));
    expect(notice.happened).toContain('1 warning; EKS does not offer 1.37 yet');
    expect(notice.next).toBe('Now: wait until EKS offers 1.37.');
    const blocked = composeLoud(buildReport([block], { target: '1.37' }));
    expect(blocked.next).toMatch(/^1\. Deployment shop\/web: .* Then wait until EKS offers 1\.37\.$/);
  });

  it('keeps within a line however many findings and however long their words', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      buildFinding({
        id: `id-${index}`,
        subject: `Deployment ${'n'.repeat(60)}/${index}`,
        remedy: { text: `${index} ${'words '.repeat(100)}` },
      }),
    );
    const notice = composeLoud(buildReport(many, { cluster: 'c'.repeat(100) }));
    expect(notice.next.length).toBeLessThanOrEqual(500);
    expect(notice.next).toContain('"why":"<why>"}');
    expect(notice.next).toContain('(497 more in the report)');
    expect(notice.id.length).toBeLessThanOrEqual(128);
    expect(notice.reasons).toHaveLength(19);
    expect(notice.reasons.at(-1)).toBe('and 482 more, in the report');
    expect(renderMessage(notice).body).toContain('start the machine upgrade');
  });

  it('has the same id when the same is judged again, and another when the way led back there', () => {
    const once = after([warning], [block]);
    expect(tell({ ...once, at: '2026-11-21T05:07:00.000Z' })?.id).toBe(tell(once)?.id);
    const later = {
      ...once,
      changes: once.changes && { ...once.changes, since: '2026-11-23T05:00:00.000Z' },
    };
    expect(tell(later)?.id).not.toBe(tell(once)?.id);
    expect(tell(after([], [block, warning]))?.id).toBe(tell(after([], [warning, block]))?.id);
    expect(tell(after([], [block, warning]))?.id).not.toBe(tell(after([], [block]))?.id);
  });
});
