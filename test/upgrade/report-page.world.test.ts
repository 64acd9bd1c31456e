import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UpgradeReport } from '../../functions/records/upgrade/report.ts';
import { renderHtml } from '../../functions/upgrade/report/html.ts';
import { startBrowser } from '../../infra/local/pictures/browser.ts';
import { SAMPLE_REPORT } from '../../infra/local/pictures/sample-report.ts';
import { buildFinding, buildReport } from '../support/upgrade-report.ts';

/** Where pictures of a run are kept for whoever looks into it. */
const ARTEFACTS = join(import.meta.dirname, '..', '..', 'test-results', 'report-page');

const COUNTED = SAMPLE_REPORT.findings.filter(({ ignored }) => !ignored);

let folder = '';
let browser: Browser;
let page: Page;
/** What went wrong in the page, and every address that it asked for. */
let faults: string[] = [];
let requests: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-page-'));
  await mkdir(ARTEFACTS, { recursive: true });
  browser = await startBrowser(() => undefined);
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  faults = [];
  requests = [];
  page = await browser.newPage();
  page.on('console', (message) => faults.push(message.text()));
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
});
afterEach(async () => {
  await page.close();
});

/** Opens the page of a report from the disk, as a person who was sent it does. */
const open = async (report: UpgradeReport, width = 1_400): Promise<string> => {
  const file = join(folder, 'report.html');
  await writeFile(file, renderHtml(report));
  await page.setViewport({ width, height: 900 });
  const address = pathToFileURL(file).href;
  await page.goto(address);
  return address;
};

const shownSubjects = (): Promise<string[]> =>
  page.$$eval('#table tbody tr:not([hidden]) td.subject', (cells) =>
    cells.map((cell) => cell.firstChild?.textContent ?? ''),
  );

describe('the page of a report in a browser', () => {
  it('shows every finding, asks nobody for anything, and breaks no rule of its own', async () => {
    const address = await open(SAMPLE_REPORT);
    expect(await shownSubjects()).toHaveLength(COUNTED.length);
    expect(faults).toEqual([]);
    expect(requests).toEqual([address]);
  });

  it('filters by result, by word and by check, counts, and shows all again', async () => {
    await open(SAMPLE_REPORT);
    await page.click('.chip.block');
    expect(await shownSubjects()).toEqual([
      'node group gitaly',
      'PodDisruptionBudget gitlab/gitlab-gitaly',
      'add-on vpc-cni',
      'node group gitaly',
    ]);
    expect(await page.$eval('#shown', (shown) => shown.textContent)).toBe(`4 of ${COUNTED.length}`);
    await page.click('.chip.new');
    expect(await shownSubjects()).toEqual(['PodDisruptionBudget gitlab/gitlab-gitaly']);
    await page.click('.chip.new');
    await page.click('.chip.block');
    await page.select('#check', 'ingress-nginx');
    expect(await shownSubjects()).toEqual(['Deployment gitlab/gitlab-nginx-ingress-controller']);
    await page.select('#check', '');
    await page.type('#text', 'GITALY podevictionfailure');
    expect(await shownSubjects()).toEqual(['PodDisruptionBudget gitlab/gitlab-gitaly']);
    await page.type('#text', ' nothing-like-it');
    expect(await shownSubjects()).toEqual([]);
    await page.click('#clear');
    expect(await shownSubjects()).toHaveLength(COUNTED.length);
  });

  it('sorts by its heads, both ways', async () => {
    await open(SAMPLE_REPORT);
    await page.click('[data-sort="subject"]');
    const sorted = await shownSubjects();
    expect(sorted).toEqual(sorted.toSorted(new Intl.Collator('en', { numeric: true }).compare));
    await page.click('[data-sort="subject"]');
    expect(await shownSubjects()).toEqual(sorted.toReversed());
    expect(await page.$eval('th.subject', (head) => head.ariaSort)).toBe('descending');
  });

  it('is used without a mouse: / finds the filter, Escape shows all, details open by Enter', async () => {
    await open(SAMPLE_REPORT);
    await page.keyboard.press('/');
    await page.keyboard.type('vpc-cni');
    expect(await shownSubjects()).toEqual(['add-on vpc-cni']);
    await page.keyboard.press('Escape');
    expect(await shownSubjects()).toHaveLength(COUNTED.length);
    await page.focus('#table summary');
    await page.keyboard.press('Enter');
    expect(await page.$eval('#table details', (details) => details.open)).toBe(true);
  });

  it('copies a command', async () => {
    await open(SAMPLE_REPORT);
    const button = await page.$('.tasks .copy');
    await button?.click();
    await expect.poll(() => page.$eval('.tasks .copy', (one) => one.textContent)).toMatch(/Copied|Selected/);
    expect(faults).toEqual([]);
  });

  it.each([
    ['light', 1_400],
    ['light', 400],
    ['dark', 1_400],
    ['dark', 400],
  ])('has no sideways scroll in %s at %i pixels; a picture is kept', async (scheme, width) => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await open(SAMPLE_REPORT, width);
    // Rows out of sight are not drawn, so the window takes the whole page.
    const height = await page.$eval('html', (root) => root.scrollHeight);
    await page.setViewport({ width, height: height + 400 });
    await page.screenshot({ path: join(ARTEFACTS, `${scheme}-${width}.png`), fullPage: true });
    expect(await page.$eval('html', (root) => root.scrollWidth)).toBeLessThanOrEqual(width);
    const paper = await page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(paper).toBe(scheme === 'dark' ? 'rgb(17, 21, 26)' : 'rgb(250, 249, 246)');
  });

  it('keeps what strangers wrote as text', async () => {
    const evil = `<img src=x onerror="document.title='mine'"><script>document.title='mine'</script>`;
    const address = await open(
      buildReport([buildFinding({ id: 'x"><b>', subject: evil, message: evil, evidence: [evil] })], {
        cluster: evil,
      }),
    );
    expect(await page.$$('main img, main script')).toHaveLength(0);
    expect(await page.title()).not.toBe('mine');
    expect(await shownSubjects()).toEqual([evil]);
    expect(requests).toEqual([address]);
  });

  it('takes 2,000 findings and filters them', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) =>
      buildFinding({
        id: `id-${index}`,
        subject: `Deployment team-${index % 40}/service-${index}`,
        result: index % 3 === 0 ? 'warn' : 'block',
      }),
    );
    await open(buildReport(many));
    const duration = await page.evaluate("performance.getEntriesByType('navigation')[0].duration");
    process.stderr.write(`a page of 2,000 findings opens in ${Math.round(Number(duration))} ms\n`);
    await page.type('#text', 'service-1999');
    expect(await shownSubjects()).toEqual(['Deployment team-39/service-1999']);
    expect(faults).toEqual([]);
  });
});
