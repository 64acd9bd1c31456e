/**
 * The look of the page. Calm colours that hold at night, one weight of attention a result, and never colour alone:
 * each result has its word. Sizes in rem, so that a reader's own setting counts.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#faf9f6, #11151a);
  --raised: light-dark(#ffffff, #171c23);
  --ink: light-dark(#1b2127, #d5dae0);
  --dim: light-dark(#626a72, #8d97a2);
  --line: light-dark(#e4e1d9, #283039);
  --block: light-dark(#b0322a, #f08277);
  --warn: light-dark(#8a5c06, #dcb25c);
  --blind: light-dark(#4a57a6, #9fabf0);
  --amber: light-dark(#cf9429, #dcb25c);
  --pass: light-dark(#3a8562, #62b88b);
  --water: light-dark(#1d5f7c, #74b4d1);
  --sans: Inter, ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  --mono: "JetBrains Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
:root[data-theme="dark"] { color-scheme: dark; }
:root[data-theme="light"] { color-scheme: light; }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 0.9375rem/1.55 var(--sans); -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 76rem; padding: 0 clamp(1rem, 4vw, 2.5rem) 4rem; }
h1, h2, p, ul, ol { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--water); text-underline-offset: 0.2em; }
:focus-visible { outline: 2px solid var(--water); outline-offset: 2px; border-radius: 3px; }
button, input, select { font: inherit; color: inherit; }
button { cursor: pointer; }
code, .way, .subject, .code { font-family: var(--mono); font-size: 0.8125rem; font-variant-ligatures: none; }
.dim { color: var(--dim); font-weight: 400; }

nav { display: flex; justify-content: space-between; align-items: center; padding: 1.25rem 0; }
.brand { font-weight: 600; letter-spacing: 0.01em; }
#theme { display: none; border: 0; background: none; color: var(--dim); padding: 0.25rem 0.5rem; }
#theme:hover { color: var(--ink); }
.live #theme { display: block; }

.summary { padding: clamp(1rem, 4vw, 2.75rem) 0 2rem; }
.where { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; color: var(--dim); font-size: 0.875rem; }
h1 { font-size: clamp(1.75rem, 4.5vw, 2.75rem); line-height: 1.15; font-weight: 600; letter-spacing: -0.025em; margin: 0.5rem 0 0.75rem; overflow-wrap: anywhere; }
.way { font-size: 0.5em; font-weight: 400; letter-spacing: 0; color: var(--dim); white-space: nowrap; margin-left: 0.6em; vertical-align: 0.18em; }
.way i { font-style: normal; padding: 0 0.4em; }
.verdict { font-size: clamp(1.0625rem, 2vw, 1.25rem); margin-bottom: 1.75rem; }
.blocked .verdict strong { color: var(--block); }
.not-checked .verdict strong { color: var(--blind); }
.warnings .verdict strong { color: var(--warn); }
.clean .verdict strong { color: var(--pass); }

svg { display: block; overflow: visible; }
rect.pass { fill: var(--pass); }
rect.warn { fill: var(--amber); }
rect.not-checked { fill: var(--blind); }
rect.block { fill: var(--block); }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; margin-top: 0.75rem; font-size: 0.875rem; color: var(--dim); }
.legend b { color: var(--ink); font-variant-numeric: tabular-nums; }
.legend .warn { --tone: var(--amber); }
.legend li::before { content: ""; display: inline-block; width: 0.6rem; height: 0.6rem; border-radius: 2px; margin-right: 0.5rem; background: var(--tone); }
.block { --tone: var(--block); }
.warn { --tone: var(--warn); }
.not-checked { --tone: var(--blind); }
.pass { --tone: var(--pass); }
.new { --tone: var(--water); }
.skipped, .ignored { --tone: var(--dim); }

section { border-top: 1px solid var(--line); padding: 1.75rem 0; }
h2 { font-size: 1.0625rem; font-weight: 600; letter-spacing: -0.01em; margin-bottom: 1rem; }
h2 .dim { margin-left: 0.5rem; font-size: 0.875rem; letter-spacing: 0; }
.note { color: var(--dim); margin-top: 1.25rem; max-width: 62rem; }

.columns { display: grid; grid-template-columns: minmax(0, 1fr) 15rem; gap: 2.5rem; }
.figures { display: grid; align-content: start; gap: 1.25rem; }
.figure b { display: block; font-size: 1.375rem; line-height: 1.25; font-weight: 600; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.figure span { color: var(--dim); font-size: 0.875rem; }
.timeline text { fill: var(--dim); font: 0.75rem var(--sans); stroke: var(--paper); stroke-width: 5px; stroke-linejoin: round; paint-order: stroke; }
.timeline .version { fill: var(--ink); font-family: var(--mono); }
.timeline .version .note { fill: var(--dim); font-family: var(--sans); }
.timeline .runs .version, .timeline .runs .note { fill: var(--ink); font-weight: 600; }
.bar { fill: var(--water); opacity: 0.45; }
.bar.later { opacity: 0.14; }
.stripes { opacity: 0.5; }
.hatch { fill: var(--water); opacity: 0.5; }
.runs .bar { opacity: 1; }
.runs .bar.later { opacity: 0.25; }
.target .bar { opacity: 0.75; }
.target .bar.later { opacity: 0.2; }
.year { stroke: var(--line); }
.today { stroke: var(--block); stroke-width: 1.5; }
.timeline .today-label { fill: var(--block); }

.tasks ol { counter-reset: task; display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25rem; }
.tasks li { counter-increment: task; position: relative; padding-left: 2.5rem; }
.tasks li::before { content: counter(task); position: absolute; left: 0; top: 0; width: 1.6rem; line-height: 1.6rem; border-radius: 50%; text-align: center; font-size: 0.8125rem; font-weight: 600; font-variant-numeric: tabular-nums; color: var(--tone, var(--water)); background: color-mix(in srgb, var(--tone, var(--water)) 13%, transparent); }
.tasks li.more { counter-increment: none; }
.tasks li.more::before { content: "…"; --tone: var(--dim); }
.tasks .subject { font-weight: 600; overflow-wrap: anywhere; }
.remedy { max-width: 56rem; }
.remedy a { white-space: nowrap; }
.command { display: flex; align-items: stretch; max-width: 56rem; margin-top: 0.5rem; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); }
.command code { flex: 1; min-width: 0; padding: 0.5rem 0.75rem; overflow-x: auto; white-space: pre; }
.copy { border: 0; border-left: 1px solid var(--line); background: none; color: var(--dim); padding: 0 0.9rem; font-size: 0.8125rem; display: none; min-width: 5.2rem; }
.live .copy { display: block; }
.copy:hover { color: var(--ink); }

.filters { display: none; flex-wrap: wrap; gap: 0.6rem; margin-bottom: 1rem; }
.live .filters { display: flex; }
.filters input { flex: 1 1 14rem; min-width: 0; }
.filters input, .filters select { height: 2.25rem; padding: 0 0.75rem; border: 1px solid var(--line); border-radius: 6px; background: var(--raised); max-width: 100%; }
.chips { display: flex; flex-wrap: wrap; gap: 0.4rem; }
.chip { height: 2.25rem; padding: 0 0.85rem; border: 1px solid var(--line); border-radius: 6px; background: none; color: var(--tone); }
.chip b { font-weight: 400; color: var(--dim); font-variant-numeric: tabular-nums; margin-left: 0.25rem; }
.chip[aria-pressed="true"] { border-color: var(--tone); background: color-mix(in srgb, var(--tone) 13%, transparent); }

table, thead, tbody { display: block; }
tr { display: grid; grid-template-columns: 8.5rem minmax(0, 28%) minmax(0, 1fr) 2.5rem; column-gap: 1rem; border-top: 1px solid var(--line); padding: 0.7rem 0; }
tr[hidden] { display: none; }
/* Rows that nobody sees are not laid out: with 2,000 of them the page opens in a third of the time. */
tbody tr { content-visibility: auto; contain-intrinsic-size: auto 4.6rem; }
thead tr { border: 0; padding: 0 0 0.5rem; }
th, td { text-align: left; padding: 0; overflow-wrap: anywhere; }
th, th.subject { font: 0.8125rem/1.55 var(--sans); }
th button { border: 0; background: none; padding: 0; color: var(--dim); }
th button:hover { color: var(--ink); }
th[aria-sort] button { color: var(--ink); }
th[aria-sort="ascending"] button::after { content: " ↑"; }
th[aria-sort="descending"] button::after { content: " ↓"; }
td.step { font-family: var(--mono); font-size: 0.8125rem; color: var(--dim); }
tr:target { background: color-mix(in srgb, var(--water) 10%, transparent); }
.pill { display: inline-block; padding: 0 0.55rem; border-radius: 4px; font-size: 0.8125rem; line-height: 1.5rem; white-space: nowrap; color: var(--tone); background: color-mix(in srgb, var(--tone) 12%, transparent); }
span.new { font-size: 0.75rem; color: var(--water); margin-left: 0.5rem; }
.code { display: block; color: var(--dim); font-size: 0.75rem; font-weight: 400; }
details { margin-top: 0.35rem; }
summary { cursor: pointer; color: var(--water); width: fit-content; }
details[open] > summary { margin-bottom: 0.35rem; }
details > * + * { margin-top: 0.4rem; }
.evidence { border-left: 2px solid var(--line); padding-left: 0.8rem; color: var(--dim); font-family: var(--mono); font-size: 0.75rem; margin-top: 0.6rem; }
.nothing { color: var(--dim); padding: 0.75rem 0; }
.nothing button { border: 0; background: none; color: var(--water); text-decoration: underline; text-underline-offset: 0.2em; padding: 0; }

.plain { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; max-width: 62rem; overflow-wrap: anywhere; }
p + .plain { margin-top: 0.75rem; }
.plain .code { display: inline; margin-left: 0.4rem; }
s { text-decoration-color: var(--pass); }
.checks { margin: 0; }
.checks > summary { color: inherit; }
.checks > summary h2 { display: inline; }
.checks ul { columns: 26rem 2; column-gap: 3rem; margin-top: 1rem; }
.checks li { break-inside: avoid; display: grid; grid-template-columns: 8rem 1fr; padding: 0.3rem 0; }
.checks .pill { justify-self: start; align-self: start; }
footer { border-top: 1px solid var(--line); padding-top: 1.25rem; color: var(--dim); font-size: 0.8125rem; }

@media (max-width: 46rem) {
  .columns { grid-template-columns: minmax(0, 1fr); gap: 1.75rem; }
  .figures { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); }
  .way { display: block; margin: 0.4rem 0 0; white-space: normal; }
  .chips, .filters select { flex: 1 1 100%; }
  .tasks li { padding-left: 2.2rem; }
  thead { display: none; }
  tr { grid-template-columns: minmax(0, 1fr) auto; gap: 0.3rem 0.75rem; padding: 0.9rem 0; }
  tbody tr { contain-intrinsic-size: auto 8rem; }
  td.subject, td.message { grid-column: 1 / -1; }
  td.step { grid-area: 1 / 2; }
}
@media print {
  :root { color-scheme: light; }
  html { font-size: 10pt; background: none; }
  body { max-width: none; padding: 0; }
  nav, .filters, .live .filters, .copy, .live .copy, th button::after { display: none; }
  tbody tr { content-visibility: visible; }
  tr, .tasks li, .support { break-inside: avoid; }
  .command code { white-space: pre-wrap; }
  rect, .pill, .tasks li::before, .legend .warn { --tone: var(--amber); }
.legend li::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
`;
