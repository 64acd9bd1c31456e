import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { renderHtml } from '../../../functions/upgrade/report/html.ts';
import { startBrowser } from './browser.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

/** Takes the pictures that the documents show: `node infra/local/pictures/take-pictures.ts`. */

const inUpgrade = (name: string): string =>
  fileURLToPath(new URL(`../../../functions/upgrade/${name}`, import.meta.url));

/** Around a part of the page, so that it does not touch the edge. Pixels. */
const MARGIN = 28;

const show = (page: Page, scheme: 'light' | 'dark'): Promise<void> =>
  page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);

const browser = await startBrowser((line) => process.stderr.write(`${line}\n`));
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 1180, deviceScaleFactor: 1.25 });
  await page.setContent(renderHtml(SAMPLE_REPORT));

  await show(page, 'light');
  const head = inUpgrade('report.png');
  await page.screenshot({ path: head });

  // The table by night, with what one of its rows tells.
  await show(page, 'dark');
  await page.$eval('#table details', (details) => details.setAttribute('open', ''));
  const table = inUpgrade('report-findings.png');
  const box = await (await page.$('section:has(#table)'))?.boundingBox();
  if (!box) throw new Error('The page has no table.');
  const clip = {
    x: box.x - MARGIN,
    y: box.y + 1,
    width: box.width + 2 * MARGIN,
    height: box.height - 1,
  };
  await page.screenshot({ path: table, clip, captureBeyondViewport: true });

  for (const picture of [head, table]) {
    const { size } = await stat(picture);
    process.stderr.write(`${picture}: ${Math.round(size / 1024)} KB\n`);
  }
} finally {
  await browser.close();
}
