import { readFile, stat } from 'node:fs/promises';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { RULES } from '../backup/values/rules/registry.ts';
import { MAX_VALUES_BYTES } from '../backup/values/values-file.ts';
import { lintValues } from '../backup/values/values-report.ts';
import { outliveReader } from './terminal.ts';
import {
  readGivenSecrets,
  readGivenValues,
  UnreadableValues,
  type ValuesReader,
} from './values-lint/given-values.ts';
import { parseOptions } from './values-lint/options.ts';
import { EXIT_CODES, renderTable } from './values-lint/render-table.ts';

const HELP = `Says which Helm values of a GitLab lose or skip data in its backups, or break a restore. Reads files alone, changes nothing,
and never prints a value that may be a secret.

  npm run values-lint -- values.yaml [more.yaml]... [--chart-version 9.10.0] [--expected-size 120GB]
  helm get values -o yaml gitlab | npm run values-lint -- -

  <file>                    a file of values; several in the order of helm -f, the later one wins; - is the standard input
  -f, --values <file>       the same
  --chart-version <v>       version of the GitLab chart, 9.x or 10.x (default: what holds for both)
  --expected-size <size>    what the finished archive is expected to have, such as 120GB: disk and upload are judged by it
  --postgresql <version>    version of the PostgreSQL server, such as 17.4
  --clock <who>             who starts backups: outside, Drydock or another scheduler (default), or chart, the CronJob
  --connection <file>       content of the secret behind global.appConfig.object_store.connection
  --registry-storage <file> content of the secret behind registry.storage
  --s3cfg <file>            the .s3cfg of the toolbox
  --format <format>         table or json (default: table)
  --help                    print this

Exit code, for pipelines:
  0  nothing found
  1  the check could not run: a file is missing, is no YAML, or holds no values of GitLab
  2  wrong arguments
  3  risks
  4  traps
  5  something could not be checked, and nothing known is wrong`;

export interface ValuesLintTools extends ValuesReader {
  /** Columns of the terminal. */
  readonly width: number | undefined;
}

export interface ValuesLintAnswer {
  /** For the standard output, or for the standard error when the check could not run. */
  readonly output: string;
  readonly exitCode: 0 | 1 | 2 | 3 | 4 | 5;
}

/** Runs the command and says how it ended. */
export const runValuesLint = async (
  args: readonly string[],
  tools: ValuesLintTools,
): Promise<ValuesLintAnswer> => {
  const parsed = parseOptions(args);
  if ('mistake' in parsed) return { output: `${parsed.mistake}\n\n${HELP}`, exitCode: 2 };
  const { files, secrets, context, format, help } = parsed.options;
  if (help) return { output: HELP, exitCode: 0 };
  try {
    const values = await readGivenValues(files, tools);
    const known = { ...context, ...(await readGivenSecrets(secrets, tools)) };
    const report = lintValues(values, known, RULES);
    const output =
      format === 'json'
        ? JSON.stringify({ version: 1, ...report }, null, 2)
        : renderTable(report, tools.width);
    return { output, exitCode: EXIT_CODES[report.verdict] };
  } catch (error) {
    if (!(error instanceof UnreadableValues)) throw error;
    return { output: error.message, exitCode: 1 };
  }
};

/** A file that is far too large is not read at all. */
const readBounded = async (file: string): Promise<string> => {
  const { size } = await stat(file);
  if (size > MAX_VALUES_BYTES) {
    throw Object.assign(new Error('The file is too large.'), { code: 'ERR_FS_FILE_TOO_LARGE' });
  }
  return readFile(file, 'utf8');
};

if (import.meta.main) {
  outliveReader(process.stdout);
  const { output, exitCode } = await runValuesLint(process.argv.slice(2), {
    readText: (file) => (file === '-' ? text(process.stdin) : readBounded(file)),
    // A pipe has no width of its own; COLUMNS is how shells tell one.
    width: process.stdout.columns || Number(process.env['COLUMNS']) || undefined,
  });
  (exitCode === 1 || exitCode === 2 ? process.stderr : process.stdout).write(`${output}\n`);
  process.exitCode = exitCode;
}
