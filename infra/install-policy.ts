import process from 'node:process';
import { parseArgs } from 'node:util';
import { readConfigurationFile } from '../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../functions/records/configuration/problem.ts';
import { buildExecutionPolicy, buildInstallerPolicy } from './install/policies.ts';
import { countResources } from './install/synthesised-site.ts';
import { Refusal } from './refusal.ts';
import { readOneSite } from './site-choice.ts';

const HELP = `Prints an IAM policy that installing a site takes, made from its template.

  node infra/install-policy.ts --for <person | cloudformation> [--site <name>] [--file <drydock.yaml>]

  --for person          for who runs deploy, destroy, doctor: assumes the roles of the CDK bootstrap, reads the stack
  --for cloudformation  for the execution role of the bootstrap, in place of AdministratorAccess
  --site                the site; may be left out when drydock.yaml has one

Exit code: 0 printed; 2 wrong arguments or a drydock.yaml that is not valid.`;

/** Runs the command and says how it ended. */
export const runInstallPolicy = async (
  args: readonly string[],
): Promise<{ readonly output: string; readonly exitCode: 0 | 2 }> => {
  try {
    return { output: await choosePolicy(args), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { output: error.message, exitCode: 2 };
  }
};

const choosePolicy = async (args: readonly string[]): Promise<string> => {
  const options = parseOptions(args);
  if (options.help) return HELP;
  const site = await readOneSite(options.file, options.site);
  if (options.for === 'person') return print(buildInstallerPolicy(site));
  if (options.for !== 'cloudformation') throw new Refusal(`Say whom the policy is for.\n\n${HELP}`);
  const parsed = await readConfigurationFile(options.file);
  if (!parsed.ok) throw new Refusal(formatProblems(parsed.problems));
  return print(buildExecutionPolicy(site, [...countResources(parsed.configuration, site.name).keys()]));
};

const print = (policy: object): string => JSON.stringify(policy, null, 2);

const parseOptions = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        for: { type: 'string' },
        site: { type: 'string' },
        file: { type: 'string', default: 'drydock.yaml' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
};

if (import.meta.main) {
  const { output, exitCode } = await runInstallPolicy(process.argv.slice(2));
  (exitCode === 2 ? process.stderr : process.stdout).write(`${output}\n`);
  process.exitCode = exitCode;
}
