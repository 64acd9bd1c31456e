import { createHash } from 'node:crypto';
import type { UpgradeReport } from '../../records/upgrade/report.ts';
import { renderFindings } from './html/findings-section.ts';
import { html, Markup } from './html/markup.ts';
import { renderChanges, renderChecks, renderIgnored, renderOutlook } from './html/other-sections.ts';
import { SCRIPT } from './html/script.ts';
import { STYLE } from './html/style.ts';
import { renderSummary } from './html/summary.ts';
import { renderSupport } from './html/support-section.ts';
import { renderTasks } from './html/tasks-section.ts';

/** CSP Level 3, hash-source: what is between the tags, to the letter. */
const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing is loaded from anywhere, and no style or script runs but our own two. */
const POLICY = `default-src 'none'; style-src ${hash(STYLE)}; script-src ${hash(SCRIPT)}; base-uri 'none'; form-action 'none'`;

const style = new Markup(`<style>${STYLE}</style>`);
const script = new Markup(`<script>${SCRIPT}</script>`);

/**
 * Writes a report as one page that needs nothing else: it opens from a disk as well as from S3. Everything in it that
 * comes from outside is escaped, and the page forbids itself any script or address but its own.
 */
export const renderHtml = (report: UpgradeReport): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${report.cluster}: ${report.current} to ${report.target}</title>
${style}
</head>
<body>
<nav><span class="brand">Drydock <span class="dim">upgrade check</span></span><button type="button" id="theme">Dark</button></nav>
<main>
${renderSummary(report)}
${renderSupport(report)}
${renderTasks(report)}
${renderChanges(report)}
${renderFindings(report)}
${renderIgnored(report)}
${renderOutlook(report)}
${renderChecks(report)}
</main>
<footer><p>“Not checked” is never counted as fine. Times and days are UTC.</p></footer>
${script}
</body>
</html>
`.text;
