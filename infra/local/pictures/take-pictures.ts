import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { renderHtml } from '../../../functions/upgrade/report/html.ts';
import { startBrowser } from './browser.ts';
import { SAMPLE_REPORT } from './sample-report.ts';

/** Takes the pictures that the documents show: `node infra/local/pictures/take-pictures.ts`. */

const PICTURE = fileURLToPath(new URL('../../../functions/upgrade/report.png', import.meta.url));

const browser = await startBrowser((line) => process.stderr.write(`${line}\n`));
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 1180, deviceScaleFactor: 1.25 });
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
  await page.setContent(renderHtml(SAMPLE_REPORT));
  await page.screenshot({ path: PICTURE });
  process.stderr.write(`${PICTURE}: ${Math.round((await stat(PICTURE)).size / 1024)} KB\n`);
} finally {
  await browser.close();
}
