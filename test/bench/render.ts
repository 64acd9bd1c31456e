import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';

/** Turns the kept numbers into the tables of the README. Run as a program it writes them there. */

const Table = z.object({
  title: z.string(),
  header: z.array(z.string()).readonly(),
  rows: z.array(z.array(z.string()).readonly()).readonly(),
  notes: z.array(z.string()).readonly().exactOptional(),
});
type Table = z.output<typeof Table>;

const Measured = z.object({
  at: z.iso.datetime(),
  /** Load average of the last minute at the end of the measure. */
  load: z.number(),
  rows: z
    .array(
      z.object({
        what: z.string(),
        target: z.string().exactOptional(),
        measured: z.string(),
        verdict: z.enum(['met', 'missed', 'no target']),
      }),
    )
    .readonly(),
  tables: z.array(Table).readonly().exactOptional(),
});

/** `results.json`: the numbers of each measure's last run. */
export const Results = z.object({
  machine: z.object({
    processor: z.string(),
    cores: z.int(),
    memoryGiB: z.int(),
    system: z.string(),
    node: z.string(),
  }),
  measures: z.record(z.string(), Measured),
});
export type Results = z.output<typeof Results>;

export const RESULTS_FILE = fileURLToPath(new URL('results.json', import.meta.url));
const README_FILE = fileURLToPath(new URL('../../README.md', import.meta.url));

/** The measures whose tables are bills, which stand in a place of their own. */
const COST = ['cost', 'check-cost', 'backup-cost'];

/** The numbers that are promises or nearly so, as one Markdown table. */
export const renderRows = ({ measures }: Results): string => {
  const rows = Object.values(measures).flatMap(({ rows }) =>
    rows.map(({ what, target, measured, verdict }) => [what, target ?? '', measured, verdict]),
  );
  return renderTable(['What', 'Promise', 'Measured', 'Verdict'], rows);
};

/** What stands between each pair of markers in the README, by the marker's name. */
export const renderSections = (results: Results): Record<'bench' | 'cost', string> => {
  const { machine, measures } = results;
  const days = Object.values(measures).map(({ at }) => at.slice(0, 10));
  const others = Object.entries(measures).flatMap(([name, { tables = [] }]) =>
    COST.includes(name) ? [] : tables,
  );
  const about =
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}; ` +
    `${[...new Set(days)].toSorted().join(', ')}. Load generator and all parts share these cores.`;
  return {
    bench: [renderRows(results), about, ...others.map(renderDetails)].join('\n\n'),
    cost: COST.flatMap((name) => measures[name]?.tables ?? [])
      .map(renderTitled)
      .join('\n\n'),
  };
};

/** Puts sections between their markers. @throws Error naming the markers that the text lacks. */
export const insertSections = (text: string, sections: Readonly<Record<string, string>>): string => {
  let result = text;
  for (const [name, section] of Object.entries(sections)) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [result.indexOf(open), result.indexOf(close)];
    if (from < 0 || to < from)
      throw new Error(`README.md lacks the markers ${open} and ${close}, one line each.`);
    result = `${result.slice(0, from + open.length)}\n${section}\n${result.slice(to)}`;
  }
  return result;
};

const renderDetails = (table: Table): string =>
  `<details><summary>${table.title}</summary>\n\n${renderBody(table)}\n\n</details>`;

const renderTitled = (table: Table): string => `**${table.title}**\n\n${renderBody(table)}`;

const renderBody = ({ header, rows, notes = [] }: Table): string =>
  [
    renderTable(header, rows),
    ...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
  ].join('\n\n');

const renderTable = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(escape).join(' | ')} |`)
    .join('\n');

const escape = (cell: string): string => cell.replaceAll('|', '\\|').replaceAll('\n', ' ');

if (import.meta.main) {
  const results = Results.parse(JSON.parse(await readFile(RESULTS_FILE, 'utf8')));
  const readme = await readFile(README_FILE, 'utf8');
  await writeFile(README_FILE, insertSections(readme, renderSections(results)));
  console.log('README.md has the numbers of test/bench/results.json.');
}
