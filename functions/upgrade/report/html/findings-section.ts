import { minorNumber } from '../../../records/kubernetes-version.ts';
import type { Finding } from '../../../records/upgrade/finding.ts';
import type { UpgradeReport } from '../../../records/upgrade/report.ts';
import { orderFindings } from '../finding-order.ts';
import { plural, RESULT_WORDS, RESULTS } from '../result-words.ts';
import { html, type Markup } from './markup.ts';
import { renderRemedy } from './tasks-section.ts';

/**
 * Every finding that counts, as a table that filters and sorts. It is whole without the script, too. Its parts say what
 * they are, since the style lays rows out as grids.
 */
export const renderFindings = (report: UpgradeReport): Markup => {
  const findings = orderFindings(report.findings).filter(({ ignored }) => !ignored);
  const added = new Set(report.changes?.added);
  if (findings.length === 0) {
    return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2><p class="nothing">Nothing blocks, nothing warns, and everything was looked at.</p></section>`;
  }
  return html`<section aria-labelledby="findings">
<h2 id="findings">Findings <span class="dim" id="shown" role="status">${plural(findings.length, 'finding')}</span></h2>
${renderFilters(findings, added)}
<table id="table" role="table">
<thead role="rowgroup"><tr role="row">${COLUMNS.map(([key, label]) => html`<th scope="col" role="columnheader" class="${key}"><button type="button" data-sort="${key}">${label}</button></th>`)}</tr></thead>
<tbody role="rowgroup">
${findings.map((finding) => renderRow(finding, added.has(finding.id)))}
</tbody>
</table>
<p class="nothing" id="nothing" hidden>Nothing matches. <button type="button" id="clear">Show all</button></p>
</section>`;
};

const COLUMNS = [
  ['result', 'Result'],
  ['subject', 'What'],
  ['message', 'Why'],
  ['step', 'Step'],
] as const;

const renderFilters = (findings: readonly Finding[], added: ReadonlySet<string>): Markup => {
  const checks = [...new Set(findings.map(({ check }) => check))].toSorted((a, b) => (a < b ? -1 : 1));
  const news = findings.filter(({ id }) => added.has(id)).length;
  return html`<div class="filters" role="search">
<input type="search" id="text" placeholder="Filter by any word" aria-label="Filter by any word" autocomplete="off" spellcheck="false">
<div class="chips">${RESULTS.map((result) => {
    const count = findings.filter((finding) => finding.result === result).length;
    return count > 0 && renderChip(result, RESULT_WORDS[result], count);
  })}${news > 0 && renderChip('new', 'new', news)}</div>
<select id="check" aria-label="Check"><option value="">every check</option>${checks.map(
    (check) => html`<option value="${check}">${check}</option>`,
  )}</select>
</div>`;
};

const renderChip = (value: string, label: string, count: number): Markup =>
  html`<button type="button" class="chip ${value}" data-only="${value}" aria-pressed="false">${label} <b>${count.toLocaleString('en-US')}</b></button>`;

const renderRow = (finding: Finding, isNew: boolean): Markup => {
  const { id, check, result, subject, step, message } = finding;
  return html`<tr role="row" id="f-${id}" data-result="${result}" data-check="${check}" data-rank="${RESULTS.indexOf(result)}" data-step="${minorNumber(step)}"${isNew && html` data-new`}>
<td role="cell" class="result"><span class="pill ${result}">${RESULT_WORDS[result]}</span>${isNew && html`<span class="new">new</span>`}</td>
<td role="cell" class="subject">${subject}<span class="code">${check}</span></td>
<td role="cell" class="message">${message}${renderDetails(finding)}</td>
<td role="cell" class="step">${step}</td>
</tr>
`;
};

const renderDetails = ({ remedy, evidence, permission, title }: Finding): Markup =>
  html`<details><summary>What to do</summary>${renderRemedy(remedy)}${
    permission !== undefined && html`<p class="dim">Missing right: <code>${permission}</code></p>`
  }${
    evidence.length > 0 && html`<ul class="evidence">${evidence.map((line) => html`<li>${line}</li>`)}</ul>`
  }<p class="dim">The check: ${title}.</p></details>`;
