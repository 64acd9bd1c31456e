import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { openAwsAccount } from '../clients/aws-account/open-aws-account.ts';
import { openEksReader } from '../clients/eks/open-eks-reader.ts';
import { openKubeconfig } from '../clients/kubeconfig-connection.ts';
import { openKubernetesReader } from '../clients/kubernetes-reader-open.ts';
import type { UpgradeReport } from '../records/upgrade/report.ts';
import { systemClock } from '../runtime/clock.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { CHECKS } from '../upgrade/checks/registry.ts';
import { COLLECTORS } from '../upgrade/collectors/registry.ts';
import { renderHtml } from '../upgrade/report/html.ts';
import { renderMarkdown } from '../upgrade/report/markdown.ts';
import { cleanCell, outliveReader } from './terminal.ts';
import { makeReport } from './upgrade-check/make-report.ts';
import { type Format, type Options, parseOptions } from './upgrade-check/options.ts';
import { EXIT_CODES, renderTable } from './upgrade-check/render-table.ts';
import { type UpgradeCheckTools, UsageError } from './upgrade-check/tools.ts';

const HELP = `Says what the next Kubernetes version breaks on a cluster, and by when: from this terminal, with your own kubeconfig,
before anything is installed. Changes nothing. With AWS credentials it looks at EKS, too: insights, add-ons, node groups,
subnets, quotas.

  npm run upgrade-check -- --context <name> [--target 1.37] [--manifests <path>]... [--output report.html]

  --context <name>      context of the kubeconfig (default: the current one)
  --kubeconfig <file>   the kubeconfig (default: $KUBECONFIG, then ~/.kube/config)
  --target <version>    the version to judge against, also several ahead (default: the next one)
  --manifests <path>    a file, a folder, a tar of manifests, or - for the standard input; may be given more than once.
                        Charts have to be rendered first: helm template <chart> | npm run upgrade-check -- --manifests -
  --files-only          judge the manifests alone, without any cluster; needs --manifests and --target
  --cluster <name>      name of the EKS cluster (default: what the kubeconfig says)
  --region <region>     its region (default: what the kubeconfig says, then $AWS_REGION)
  --refresh             have EKS judge its insights anew first, at most a minute; otherwise they are up to a day old
  --helm-namespace <n>  read the Helm releases in this namespace; may be given more than once
  --all-helm            read those of all namespaces; they lie in Secrets, so nothing is read unless you say so
  --ignore-file <file>  take exceptions and settings from this drydock.yaml
  --format <format>     table, json, html or markdown (default: table, or what the ending of --output says)
                        Into a pipe with npm run -s, which leaves out the lines that npm writes itself
  --output <file>       write the report there, and the table here; without --format it ends with .json, .html, .md or .txt
  --help                print this

Exit code, for pipelines:
  0  everything was looked at, and nothing blocks or warns
  1  the check could not run: no such context, the cluster does not answer
  2  wrong arguments, or a drydock.yaml that is not valid
  3  something warns
  4  something blocks
  5  something could not be checked, and nothing known blocks`;

export interface UpgradeCheckAnswer {
  /** For the standard output, or for the standard error when the check could not run. */
  readonly output: string;
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 5;
}

/** Runs the command and says how it ended. */
export const runUpgradeCheck = async (
  args: readonly string[],
  tools: UpgradeCheckTools,
): Promise<UpgradeCheckAnswer> => {
  const parsed = parseOptions(args);
  if ('mistake' in parsed) return { output: `${parsed.mistake}\n\n${HELP}`, exitCode: 2 };
  const { options } = parsed;
  if (options.help) return { output: HELP, exitCode: 0 };
  try {
    const { report, hints } = await makeReport(options, tools);
    const output = await deliver(report, options, tools);
    const isForPeople = options.format === 'table' || options.output !== undefined;
    return {
      output: [output, ...(isForPeople ? hints : [])].join('\n\n'),
      exitCode: EXIT_CODES[report.verdict],
    };
  } catch (error) {
    if (error instanceof UsageError) return { output: error.message, exitCode: 2 };
    if (!(error instanceof TransientError || error instanceof RefusedError)) throw error;
    return { output: explain(error), exitCode: 1 };
  }
};

/** In a terminal the foreign error behind ours often names the very thing to mend: a plugin, a profile, a proxy. */
const explain = ({ message, cause }: Error): string =>
  cause instanceof Error && cause.message !== '' && !message.includes(cause.message)
    ? `${message} (${cleanCell(cause.message)})`
    : message;

const RENDERERS: Readonly<Record<Format, (report: UpgradeReport, width?: number) => string>> = {
  table: renderTable,
  json: (report) => JSON.stringify(report, null, 2),
  html: renderHtml,
  markdown: renderMarkdown,
};

const deliver = async (
  report: UpgradeReport,
  { format, output }: Options,
  { width, write }: UpgradeCheckTools,
): Promise<string> => {
  const text = RENDERERS[format](report, width);
  if (output === undefined) return text;
  try {
    await write(output, `${text}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RefusedError('output.refused', `The report could not be written: ${why}`, { cause: error });
  }
  return `${renderTable(report, width)}\n\nWritten to ${output}.`;
};

/** One line on the terminal that is written anew; in a pipe nothing. */
const showProgress = (line: string): void => {
  if (!process.stderr.isTTY) return;
  process.stderr.write(
    line === '' ? '\r\u001B[K' : `\r\u001B[K${cleanCell(line).slice(0, (process.stderr.columns || 80) - 1)}`,
  );
};

if (import.meta.main) {
  outliveReader(process.stdout);
  const { output, exitCode } = await runUpgradeCheck(process.argv.slice(2), {
    openCluster: (choice) => {
      const { connection, ...named } = openKubeconfig(choice);
      return { ...named, kubernetes: openKubernetesReader(connection) };
    },
    openAws: (region, profile) => {
      // The kubeconfig says who its plugin asks AWS as; whoever set a profile by hand means that one.
      if (profile !== undefined) process.env['AWS_PROFILE'] ??= profile;
      return { eks: openEksReader(region), account: openAwsAccount(region) };
    },
    collectors: COLLECTORS,
    checks: CHECKS,
    clock: systemClock,
    readStdin: () => text(process.stdin),
    write: (file, content) => writeFile(file, content),
    showProgress,
    region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'],
    // A pipe has no width of its own; COLUMNS is how shells tell one.
    width: process.stdout.columns || Number(process.env['COLUMNS']) || undefined,
  });
  (exitCode === 1 || exitCode === 2 ? process.stderr : process.stdout).write(`${output}\n`);
  process.exitCode = exitCode;
}
