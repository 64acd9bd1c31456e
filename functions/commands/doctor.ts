import process from 'node:process';
import { parseArgs } from 'node:util';
import { connectContainerRegistry } from '../clients/container-registry.ts';
import { describeCluster } from '../clients/eks.ts';
import { probeEndpoint } from '../clients/endpoint-probe.ts';
import { connectKubernetes } from '../clients/kubernetes.ts';
import { readSecret } from '../clients/secrets.ts';
import { inspectSite } from '../clients/site-inspection.ts';
import { knock } from '../clients/webhook-probe.ts';
import { readConfigurationFile } from '../records/configuration/parse-configuration.ts';
import { formatProblems } from '../records/configuration/problem.ts';
import { describeUnknownSite } from '../records/configuration/suggestion.ts';
import { examine } from './doctor/examination.ts';
import { exitCodeOf, renderJson, renderTable } from './doctor/report.ts';
import type { Instruments } from './doctor/subject.ts';
import { outliveReader } from './terminal.ts';

const HELP = `Looks whether everything is there that a run of Drydock needs, from this terminal and with your credentials:
the account, the stack, who listens, clusters, rights, registries, secrets, the webhook. Changes nothing.

  npm run doctor -- [--site <name>]... [--file <drydock.yaml>] [--json]

  --site  look at this site only; may be given more than once
  --file  the configuration (default: drydock.yaml)
  --json  print the findings as JSON
  --help  print this

Exit code: 0 everything was looked at and is well; 1 something is not, or could not be looked at; 2 wrong arguments
or a drydock.yaml that is not valid.`;

const instruments: Instruments = {
  inspectSite,
  describeCluster,
  connectKubernetes,
  readSecret,
  connectRegistry: connectContainerRegistry,
  probeEndpoint,
  knock,
};

/** Runs the command and says how it ended. */
export const runDoctor = async (
  args: readonly string[],
  tools: Instruments,
): Promise<{ readonly output: string; readonly exitCode: 0 | 1 | 2 }> => {
  const options = parseOptions(args);
  if ('mistake' in options) return { output: `${options.mistake}\n\n${HELP}`, exitCode: 2 };
  if (options.help) return { output: HELP, exitCode: 0 };
  const parsed = await readConfigurationFile(options.file);
  if (!parsed.ok) return { output: formatProblems(parsed.problems), exitCode: 2 };

  const known = Object.keys(parsed.configuration.sites);
  const unknown = options.site.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return { output: describeUnknownSite(options.file, unknown, known), exitCode: 2 };
  }
  const rows = await examine(parsed.configuration, options.site.length > 0 ? options.site : known, tools);
  return { output: options.json ? renderJson(rows) : renderTable(rows), exitCode: exitCodeOf(rows) };
};

const parseOptions = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        site: { type: 'string', multiple: true, default: [] },
        file: { type: 'string', default: 'drydock.yaml' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    }).values;
  } catch (error) {
    return { mistake: error instanceof Error ? error.message : String(error) };
  }
};

if (import.meta.main) {
  outliveReader(process.stdout);
  const { output, exitCode } = await runDoctor(process.argv.slice(2), instruments);
  (exitCode === 2 ? process.stderr : process.stdout).write(`${output}\n`);
  process.exitCode = exitCode;
}
