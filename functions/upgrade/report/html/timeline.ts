import type { VersionFact } from '../../../records/upgrade/aws-facts.ts';
import type { UpgradeReport } from '../../../records/upgrade/report.ts';
import { DAY_MS } from '../../../rules/utc-days.ts';
import { html, type Markup } from './markup.ts';

/** The support calendar as a drawing: a row a version, standard and extended support, and today. */

/** Versions that are drawn; more would be a wall. */
const MAX_ROWS = 6;
const ROW_HEIGHT = 38;
const AXIS_HEIGHT = 26;
/** What is drawn of the time before today. */
const PAST_MS = 240 * DAY_MS;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Draws the timeline. Widths are percentages and letters keep their size, so it fits a phone and a wall. Undefined
 * when there is no calendar.
 */
export const drawTimeline = ({ support, current, target, at }: UpgradeReport): Markup | undefined => {
  const rows = chooseRows(support.calendar, current);
  if (rows.length === 0) return undefined;
  const now = Date.parse(at);
  const end = Math.max(now + PAST_MS, ...rows.map(({ extendedEnds }) => Date.parse(extendedEnds)));
  const span: Span = { from: now - PAST_MS, to: end + 20 * DAY_MS };
  const height = AXIS_HEIGHT + rows.length * ROW_HEIGHT + 6;
  const today = place(now, span);
  return html`<svg class="timeline" width="100%" height="${height}" role="img" aria-label="${describe(rows)}">
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="2.5" height="6" class="hatch"/></pattern></defs>
${drawYears(span, now, height)}
<line class="today" x1="${today}" x2="${today}" y1="8" y2="${height}"/>
${rows.map((row, index) => drawRow(row, AXIS_HEIGHT + index * ROW_HEIGHT, span, { current, target, now }))}
<text class="today-label" x="${today}" dx="5" y="16">today</text>
</svg>`;
};

/** The version that runs, one before it, and those after. */
const chooseRows = (calendar: readonly VersionFact[], current: string): readonly VersionFact[] => {
  const index = Math.max(
    0,
    calendar.findIndex(({ version }) => version === current),
  );
  return calendar.slice(Math.max(0, index - 1), Math.max(0, index - 1) + MAX_ROWS);
};

const place = (time: number, { from, to }: Span): string =>
  `${((100 * (Math.min(Math.max(time, from), to) - from)) / (to - from)).toFixed(2)}%`;

/** A year that begins so near behind today, as a share of the width, has no room for its number on a phone. */
const TOO_NEAR = 0.12;

const drawYears = (span: Span, now: number, height: number): Markup[] => {
  const first = new Date(span.from).getUTCFullYear() + 1;
  const last = new Date(span.to).getUTCFullYear();
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const begins = Date.UTC(first + index, 0, 1);
    const x = place(begins, span);
    const behind = (begins - now) / (span.to - span.from);
    const isHidden = behind > -TOO_NEAR / 2 && behind < TOO_NEAR;
    return html`<line class="year" x1="${x}" x2="${x}" y1="8" y2="${height}"/>${
      !isHidden && html`<text class="axis" x="${x}" dx="5" y="16">${first + index}</text>`
    }`;
  });
};

const drawRow = (
  row: VersionFact,
  y: number,
  span: Span,
  { current, target, now }: { current: string; target: string; now: number },
): Markup => {
  const standardEnds = Date.parse(row.standardEnds);
  const extendedEnds = Date.parse(row.extendedEnds);
  const begins = row.released === undefined ? span.from : Date.parse(row.released);
  const role = row.version === current ? 'runs' : row.version === target ? 'target' : '';
  const state = now < standardEnds ? 'standard' : now < extendedEnds ? 'extended' : 'over';
  return html`<g class="row ${role} ${state}">
<text class="version" x="0" y="${y + 13}">${row.version}<tspan class="note" dx="8">${noteOf(row, role, state)}</tspan></text>
${drawBar('bar', begins, standardEnds, y, span)}${drawBar('bar later', Math.max(standardEnds, begins), extendedEnds, y, span)}
</g>`;
};

const noteOf = (row: VersionFact, role: string, state: string): string => {
  const ends = {
    standard: `standard until ${row.standardEnds}`,
    extended: `extended until ${row.extendedEnds}`,
    over: `ended ${row.extendedEnds}`,
  };
  const names: Readonly<Record<string, string>> = { runs: 'this cluster, ', target: 'target, ' };
  return `${names[role] ?? ''}${ends[state as keyof typeof ends]}`;
};

const drawBar = (name: string, begins: number, ends: number, y: number, span: Span): Markup | undefined => {
  const from = Math.max(begins, span.from);
  if (ends <= from) return undefined;
  const width = (100 * (ends - from)) / (span.to - span.from);
  const at = html`x="${place(from, span)}" y="${y + 20}" width="${width.toFixed(2)}%" height="8"`;
  return name === 'bar'
    ? html`<rect class="bar" ${at} rx="2"/>`
    : html`<rect class="bar later" ${at}/><rect class="stripes" ${at} fill="url(#hatch)"/>`;
};

const describe = (rows: readonly VersionFact[]): string =>
  rows
    .map(
      ({ version, standardEnds, extendedEnds }) =>
        `${version}: standard support until ${standardEnds}, extended until ${extendedEnds}`,
    )
    .join('; ');
