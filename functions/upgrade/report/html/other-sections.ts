import type { CheckOutcome, UpgradeReport } from '../../../records/upgrade/report.ts';
import { plural, RESULT_WORDS, sayDay, sayTime } from '../result-words.ts';
import { html, type Markup } from './markup.ts';

/** What stands apart from the findings that count. */

/** What is new and what is gone since the report before; nothing when there was none. */
export const renderChanges = ({ changes }: UpgradeReport): Markup | undefined => {
  if (!changes) return undefined;
  const { added, gone, since } = changes;
  return html`<section aria-labelledby="changes">
<h2 id="changes">Since ${sayTime(since)}</h2>
<p>${added.length + gone.length === 0 ? 'Nothing changed.' : `${plural(added.length, 'finding')} new or worse, ${gone.length} gone.`}</p>
${
  gone.length > 0 &&
  html`<ul class="plain">${gone.map(({ subject, message }) => html`<li><s>${subject}</s> <span class="dim">was: ${message}</span></li>`)}</ul>`
}
</section>`;
};

/** What a person excepted in drydock.yaml: shown, with the reason, and until when. */
export const renderIgnored = ({ findings, unusedIgnores = [] }: UpgradeReport): Markup | undefined => {
  const ignored = findings.flatMap((finding) =>
    finding.ignored ? [{ ...finding, ignored: finding.ignored }] : [],
  );
  if (ignored.length + unusedIgnores.length === 0) return undefined;
  return html`<section aria-labelledby="ignored">
<h2 id="ignored">Ignored <span class="dim">${plural(ignored.length, 'finding')}, counted nowhere</span></h2>
<ul class="plain">
${ignored.map(
  ({ subject, check, result, message, ignored: { reason, expires } }) =>
    html`<li><span class="pill ignored">${RESULT_WORDS[result]}</span> <b>${subject}</b> <span class="code">${check}</span><br>${message}<br><span class="dim">Ignored until ${sayDay(expires)}: ${reason}</span></li>`,
)}
${unusedIgnores.map(
  ({ check, subject, reason, expires }) =>
    html`<li class="dim">The exception <b>${subject}</b> <span class="code">${check}</span> until ${sayDay(expires)} covers nothing here: ${reason}</li>`,
)}
</ul>
</section>`;
};

/** What of the things known today will block in the versions after the target. */
export const renderOutlook = ({ outlook, target }: UpgradeReport): Markup | undefined =>
  outlook.length === 0
    ? undefined
    : html`<section aria-labelledby="outlook">
<h2 id="outlook">Beyond ${target}</h2>
<ul class="plain">${outlook.map(({ version, message }) => html`<li><b>${version}</b> ${message}</li>`)}</ul>
</section>`;

/** Every check by name and how it ended: what is not in the table was looked at, or does not apply. */
export const renderChecks = ({ checks }: UpgradeReport): Markup => html`<section aria-labelledby="checks">
<details class="checks"><summary><h2 id="checks">What was checked <span class="dim">${plural(checks.length, 'check')}</span></h2></summary>
<ul>${checks.map(renderCheck)}</ul>
</details>
</section>`;

const renderCheck = ({ code, title, result }: CheckOutcome): Markup =>
  html`<li><span class="pill ${result}">${RESULT_WORDS[result]}</span><span>${title}<span class="code">${code}</span></span></li>`;
