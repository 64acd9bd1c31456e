import { listSteps } from '../../../records/kubernetes-version.ts';
import type { CheckOutcome, UpgradeReport } from '../../../records/upgrade/report.ts';
import { RESULT_WORDS, sayTime, sayVerdict, VERDICT_WORDS } from '../result-words.ts';
import { html, type Markup } from './markup.ts';

/** The head of the page: which cluster, on which way, what became of it, and how much of the checks pass. */
export const renderSummary = (report: UpgradeReport): Markup => {
  const { cluster, environments, region, at, verdict, current, target } = report;
  const sentence = sayVerdict(report);
  const path = [current, ...listSteps(current, target)];
  return html`<header class="summary ${verdict}">
<p class="where"><span>${region}</span>${environments.map((name) => html`<span>${name}</span>`)}<time datetime="${at}">${sayTime(at)}</time></p>
<h1>${cluster} <span class="way">${path.map((version, index) => html`${index > 0 && html`<i aria-label="to">→</i>`}${version}`)}</span></h1>
<p class="verdict"><strong>${VERDICT_WORDS[verdict]}.</strong> ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.</p>
${renderReadiness(report.checks)}
</header>`;
};

/** In the order of the bar: what is fine first, so that it fills from the left. */
const SHARES = ['pass', 'warn', 'not-checked', 'block'] as const;
/** Between two shares, in percent of the width. */
const GAP = 0.35;

/** A bar of all checks on the way, each result as wide as its share. What does not apply is not in it. */
const renderReadiness = (checks: readonly CheckOutcome[]): Markup => {
  const shares = SHARES.map((result) => ({
    result,
    count: checks.filter((check) => check.result === result).length,
  })).filter(({ count }) => count > 0);
  const total = shares.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return html`<p class="legend">No check applies.</p>`;
  const room = 100 - GAP * (shares.length - 1);
  const widths = shares.map(({ count }) => (room * count) / total);
  const starts = widths.map((_, index) => widths.slice(0, index).reduce((sum, one) => sum + one + GAP, 0));
  const words = shares.map(({ result, count }) => `${count} ${RESULT_WORDS[result]}`).join(', ');
  return html`<svg class="readiness" width="100%" height="14" role="img" aria-label="Of ${total} checks: ${words}">
${shares.map(
  ({ result }, index) =>
    html`<rect class="${result}" x="${(starts[index] ?? 0).toFixed(2)}%" width="${(widths[index] ?? 0).toFixed(2)}%" height="14" rx="2"/>`,
)}
</svg>
<ul class="legend">
${shares.map(({ result, count }) => html`<li class="${result}"><b>${count}</b> ${LEGEND[result](count)}</li>`)}
</ul>`;
};

const LEGEND: Readonly<Record<(typeof SHARES)[number], (count: number) => string>> = {
  pass: (count) => (count === 1 ? 'check passes' : 'checks pass'),
  warn: (count) => (count === 1 ? 'warns' : 'warn'),
  'not-checked': () => 'not checked',
  block: (count) => (count === 1 ? 'blocks' : 'block'),
};
