import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../functions/upgrade/report/html.ts';
import { buildFinding, buildReport } from '../../support/upgrade-report.ts';

/** What a stranger may name an object, or write into an annotation. */
const EVIL = `"><img src=x onerror=alert(1)><script>alert(2)</script></style></title>' onclick='x`;

const evil = buildFinding({
  id: EVIL,
  check: EVIL,
  title: EVIL,
  subject: EVIL,
  message: EVIL,
  remedy: { text: EVIL, command: EVIL, link: 'javascript:alert(3)' },
  evidence: [EVIL],
  permission: EVIL,
});

describe('the page of a report', () => {
  it('lets nothing from outside become markup, wherever it stands', () => {
    const ignored = { reason: EVIL, expires: '2027-01-01' };
    const page = renderHtml(
      buildReport([evil, { ...evil, id: 'other', ignored }], {
        cluster: EVIL,
        region: EVIL,
        environments: [EVIL],
        outlook: [{ version: '1.37', message: EVIL }],
        unusedIgnores: [{ check: EVIL, subject: EVIL, reason: EVIL, expires: '2027-01-01' }],
        checks: [{ code: EVIL, title: EVIL, result: 'block', findings: 1 }],
        changes: { since: '2026-11-20T05:00:00.000Z', verdict: 'blocked', added: [EVIL], gone: [evil] },
      }),
    );
    expect(page).not.toContain('<img');
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toContain('javascript:');
    expect(page).not.toMatch(/onclick='/);
    expect(page).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;');
  });

  it('allows its own style and script and nothing else', () => {
    const page = renderHtml(buildReport());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    const hashes = ['style', 'script'].map((tag) => {
      const text = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page)?.[1] ?? '';
      return `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
    });
    expect(policy).toBe(
      `default-src &#39;none&#39;; style-src ${hashes[0]}; script-src ${hashes[1]}; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    );
    expect(page).not.toMatch(/ style="/);
    expect(page).not.toMatch(/ on[a-z]+="/);
    expect(page).not.toMatch(/(?:src|url\()\s*=?\s*["']?(?!#hatch)https?:/);
  });

  it.each([
    [[buildFinding()], 'Blocked.</strong> 1 finding blocks the upgrade to 1.36.'],
    [[buildFinding({ result: 'warn' })], 'Ready, with warnings.</strong> Nothing blocks 1.36; 1 warning.'],
    [
      [buildFinding({ result: 'not-checked' })],
      'Not known.</strong> Nothing known blocks 1.36, but 1 thing could not be checked.',
    ],
    [[], 'Ready.</strong> Ready for 1.36.'],
  ])('%#: says %s', (findings, sentence) => {
    expect(renderHtml(buildReport(findings))).toContain(sentence);
  });

  it('has a row for each finding that counts, and those that are ignored apart', () => {
    const ignored = { reason: 'It goes away', expires: '2027-01-31' };
    const page = renderHtml(
      buildReport([buildFinding(), buildFinding({ id: 'other', subject: 'Job x/y', ignored })]),
    );
    expect(page.match(/<tr role="row" id=/g)).toHaveLength(1);
    expect(page).toContain('Ignored until 31 January 2027: It goes away');
  });

  it('draws the calendar with the version that runs, and none without a calendar', () => {
    const report = buildReport();
    expect(renderHtml(report)).toMatch(/<g class="row runs standard">/);
    const { support } = report;
    expect(renderHtml({ ...report, support: { ...support, calendar: [] } })).not.toContain(
      '<h2 id="support"',
    );
  });

  it('never widens a bar beyond the page, and shares it among all checks that apply', () => {
    const page = renderHtml(
      buildReport([], {
        checks: (['pass', 'pass', 'warn', 'block', 'skipped'] as const).map((result, index) => ({
          code: `c${index}`,
          title: 'x',
          result,
          findings: 0,
        })),
      }),
    );
    const bar = /<svg class="readiness".*?<\/svg>/s.exec(page)?.[0] ?? '';
    const rects = [...bar.matchAll(/x="([\d.]+)%" width="([\d.]+)%"/g)].map(([, x, width]) => [
      Number(x),
      Number(width),
    ]);
    expect(rects).toHaveLength(3);
    expect(rects.map(([, width]) => width)).toEqual([49.65, 24.82, 24.82]);
    expect(bar).toContain('Of 4 checks: 2 passes, 1 warns, 1 blocks');
  });
});
