import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding } from '../../functions/records/upgrade/finding.ts';
import type { UpgradeReport } from '../../functions/records/upgrade/report.ts';
import { renderHtml } from '../../functions/upgrade/report/html.ts';
import { startBrowser } from '../../infra/local/pictures/browser.ts';
import { SAMPLE_REPORT } from '../../infra/local/pictures/sample-report.ts';
import { below, type Measure, noted } from './measure.ts';
import { quantile } from './quantiles.ts';

const FINDINGS = 2_000;
const RUNS = 5;

/** A report of a cluster in which very much is wrong, opened in a browser until every row is on the screen. */
export const reportPage: Measure = {
  name: 'report-page',
  about: `the page of a report of ${FINDINGS} findings: rendered, and opened in a headless browser`,
  run: async ({ say }) => {
    const folder = await mkdtemp(join(tmpdir(), 'drydock-page-'));
    const file = join(folder, 'report.html');
    const started = performance.now();
    const page = renderHtml(largeReport());
    const renderMs = performance.now() - started;
    await writeFile(file, page);
    const browser = await startBrowser(say);
    try {
      const opened: number[] = [];
      for (let run = 0; run < RUNS; run++) opened.push(await open(browser, pathToFileURL(file).href));
      return {
        rows: [
          below(`report page of ${FINDINGS} findings: opened and laid out`, 1_000, 'ms', {
            p50: quantile(opened, 0.5),
            slowest: Math.max(...opened),
          }),
          noted(
            'its size, and the time to write it',
            `${Math.round(page.length / 1_000)} KB, ${Math.round(renderMs)} ms`,
          ),
        ],
      };
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const COUNTED = SAMPLE_REPORT.findings.filter(({ ignored }) => !ignored);

const largeReport = (): UpgradeReport => {
  const findings = Array.from({ length: FINDINGS }, (_, index): Finding => {
    const sample = COUNTED[index % COUNTED.length];
    if (!sample) throw new Error('There is no sample of a finding.');
    return { ...sample, id: `${sample.id}-${index}`, subject: `${sample.subject}-${index}` };
  });
  return { ...SAMPLE_REPORT, findings };
};

/** Milliseconds from the start of the navigation until the page was laid out and a frame of it was painted. */
const open = async (browser: Awaited<ReturnType<typeof startBrowser>>, url: string): Promise<number> => {
  const page = await browser.newPage();
  try {
    const started = performance.now();
    await page.goto(url, { waitUntil: 'load' });
    // As text: it runs in the page, whose types are none of ours.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const taken = performance.now() - started;
    const rows = await page.$$eval('tbody tr', (found) => found.length);
    if (rows < FINDINGS) throw new Error(`The page shows ${rows} rows of ${FINDINGS}.`);
    return taken;
  } finally {
    await page.close();
  }
};
