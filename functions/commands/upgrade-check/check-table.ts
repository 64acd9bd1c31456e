import type { FactName } from '../../records/upgrade/facts.ts';
import type { Check } from '../../upgrade/check.ts';

/** The table of functions/upgrade/README.md that names every check, made from the registry. */

const BEGIN = '<!-- checks: made by node functions/commands/write-check-table.ts -->';
const END = '<!-- end of checks -->';

/** Whom a topic is asked of, in the words of the table. */
const ASKED_OF: Readonly<Record<FactName, Source>> = {
  cluster: 'EKS',
  versions: 'EKS',
  insights: 'EKS',
  addons: 'EKS',
  nodeGroups: 'EKS',
  fargate: 'EKS',
  updates: 'EKS',
  subnets: 'account',
  quotas: 'account',
  identities: 'account',
  served: 'cluster',
  usedApis: 'cluster',
  requestedApis: 'cluster',
  nodes: 'cluster',
  kubeProxy: 'cluster',
  workloads: 'cluster',
  budgets: 'cluster',
  externalIps: 'cluster',
  webhooks: 'cluster',
  nodePools: 'cluster',
  helm: 'Helm',
  manifests: 'files',
};

const SOURCES = ['cluster', 'EKS', 'account', 'Helm', 'files'] as const;
type Source = (typeof SOURCES)[number];

/** Writes the table, a row a check in the order of the registry; columns are padded, so that the source reads as well. */
export const formatCheckTable = (checks: readonly Check[]): string => {
  const rows = checks.map((check) => [`\`${check.code}\``, check.title, sayReads(check), sayWay(check)]);
  const all = [['Code', 'What must be so', 'Asked of', 'From'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const write = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [write(head), write(widths.map((width) => '-'.repeat(width))), ...body.map(write)].join('\n');
};

const sayReads = ({ reads }: Check): string => {
  const asked = new Set(reads.map((name) => ASKED_OF[name]));
  return SOURCES.filter((source) => asked.has(source)).join(', ');
};

/** The versions to which an upgrade has to lead for a check to apply; nothing: to any. */
const sayWay = ({ since, until }: Check): string =>
  until === undefined ? (since ?? '') : `${since ?? ''} to ${until}`.trimStart();

/**
 * Puts the table into a text in place of the one that stands there.
 *
 * @throws Error when the text has no place for it.
 */
export const replaceCheckTable = (text: string, table: string): string => {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The text has no place for the table: ${BEGIN} ... ${END}`);
  return `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
};
