import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { renderHtml } from '../../../functions/upgrade/report/html.ts';
import { startBrowser } from './browser.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

/** Takes the pictures that the documents show: `node infra/local/pictures/take-pictures.ts`. */

const inUpgrade = (name: string): string =>
  fileURLToPath(new URL(`../../../functions/upgrade/${name}`, import.meta.url));

const WIDTH = 1_280;
/** Rows out of sight are not drawn, so the window takes the whole page. Pixels. */
const HEIGHT = 6_000;
/** Around a part of the page, so that it does not touch the edge. Pixels. */
const MARGIN = 28;
/** Rows of the table that are shown: what blocks, what is not checked, and some of what warns. */
const ROWS = 7;

const show = (page: Page, scheme: 'light' | 'dark'): Promise<void> =>
  page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);

/** Where a part of the page stands. */
const find = async (page: Page, selector: string) => {
  const box = await (await page.$(selector))?.boundingBox();
  if (!box) throw new Error(`The page has no ${selector}.`);
  return box;
};

/** The head of the page, to the end of what is to be done. */
const takeHead = async (page: Page, path: string): Promise<void> => {
  await show(page, 'light');
  const tasks = await find(page, '.tasks');
  await page.screenshot({ path, clip: { x: 0, y: 0, width: WIDTH, height: tasks.y + tasks.height } });
};

/** The table by night, with what one of its rows tells. */
const takeTable = async (page: Page, path: string): Promise<void> => {
  await show(page, 'dark');
  await page.$eval('tr[data-check="disruption-budgets"] details', (details) =>
    details.setAttribute('open', ''),
  );
  const section = await find(page, 'section:has(#table)');
  const last = await find(page, `#table tbody tr:nth-child(${ROWS})`);
  const clip = {
    x: section.x - MARGIN,
    y: section.y + 1,
    width: section.width + 2 * MARGIN,
    height: last.y + last.height - section.y - 1,
  };
  await page.screenshot({ path, clip });
};

const browser = await startBrowser((line) => process.stderr.write(`${line}\n`));
try {
  const page = await browser.newPage();
  await page.setViewport({ width: WIDTH, height: HEIGHT, deviceScaleFactor: 1.25 });
  await page.setContent(renderHtml(SAMPLE_REPORT));
  const pictures = { head: inUpgrade('report.png'), table: inUpgrade('report-findings.png') };
  await takeHead(page, pictures.head);
  await takeTable(page, pictures.table);
  for (const picture of Object.values(pictures)) {
    const { size } = await stat(picture);
    process.stderr.write(`${picture}: ${Math.round(size / 1024)} KB\n`);
  }
} finally {
  await browser.close();
}
