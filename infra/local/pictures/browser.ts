import { type Browser, launch } from 'puppeteer-core';
import { ensureDebianPackages } from '../debian-packages.ts';
import type { Report } from '../report.ts';

/** Where Debian puts it; `CHROMIUM` names another one. */
const CHROMIUM = '/usr/bin/chromium';

/**
 * Starts a headless browser, which Debian brings where it is missing. Fonts come with it, so that pictures look the
 * same wherever they are taken.
 */
export const startBrowser = async (report: Report): Promise<Browser> => {
  const own = process.env['CHROMIUM'];
  if (own === undefined) {
    await ensureDebianPackages(['chromium', 'fonts-inter', 'fonts-jetbrains-mono'], report);
  }
  // Root has no sandbox to start it in; the pages that it opens are our own files.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return launch({ executablePath: own ?? CHROMIUM, args: [...args, '--disable-dev-shm-usage'] });
};
