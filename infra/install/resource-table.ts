/** The table of infra/README.md that says what a stack consists of, made from a template. */

const BEGIN = '<!-- resources: made by node infra/write-resource-table.ts -->';
const END = '<!-- end of resources -->';

/** Writes the table in the form that the formatter leaves alone. */
export const formatResourceTable = (counts: ReadonlyMap<string, number>): string => {
  const width = Math.max(...[...counts.keys()].map((type) => type.length)) + 2;
  const row = (count: string, type: string) => `| ${count.padStart(5)} | ${type.padEnd(width)} |`;
  return [
    row('Count', 'Type'),
    `| ----: | ${'-'.repeat(width)} |`,
    ...[...counts].map(([type, count]) => row(String(count), `\`${type}\``)),
  ].join('\n');
};

/**
 * Puts the table into a text in place of the one that stands there.
 *
 * @throws Error when the text has no place for it.
 */
export const replaceResourceTable = (text: string, table: string): string => {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The text has no place for the table: ${BEGIN} ... ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
};
