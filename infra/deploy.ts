import process from 'node:process';
import { parseArgs } from 'node:util';
import { stackName } from '../functions/records/stack-name.ts';
import { Refusal } from './refusal.ts';
import { runCdk } from './run-cdk.ts';
import { readSites } from './site-choice.ts';
import { readVaults } from './vault-choice.ts';

const HELP = `Deploys the sites of drydock.yaml, each as one CloudFormation stack, or the vaults in which backups lie. Says first what is
wrong with the file, if anything.

  npm run deploy -- [--site <name>]... [--file <drydock.yaml>] [-- <options of cdk deploy>]
  npm run deploy -- --vault <environment>... [--file <drydock.yaml>] [-- <options of cdk deploy>]

  --site   this site only; may be given more than once
  --vault  buckets and keys of the backups of this environment, and no site; needs credentials of their account
  --file   the configuration (default: drydock.yaml)
  --help   print this

For example, without a question about rights: npm run deploy -- --site main -- --require-approval never

Exit code: 0 deployed; 1 not, the output of cdk says why; 2 wrong arguments or a drydock.yaml that is not valid.`;

export interface DeployTools {
  /** Runs the CDK command line; gives its exit code. */
  readonly runCdk: (args: readonly string[]) => Promise<number>;
  readonly write: (text: string) => void;
}

/** Runs the command; gives the exit code. */
export const runDeploy = async (args: readonly string[], tools: DeployTools): Promise<0 | 1 | 2> => {
  try {
    const { values, positionals } = parseOptions(args);
    if (values.help) {
      tools.write(HELP);
      return 0;
    }
    const { file, site, vault } = values;
    const deploy = (stacks: readonly string[]) =>
      tools.runCdk(['deploy', ...stacks, '--context', `configuration=${file}`, ...positionals]);
    if (vault.length > 0) {
      if (site.length > 0) throw new Refusal('Name either sites or vaults: they lie in different accounts.');
      const vaults = await readVaults(file, vault);
      return (await deploy(vaults.flatMap(({ stacks }) => stacks))) === 0 ? 0 : 1;
    }
    const sites = (await readSites(file, site)).map(({ name }) => name);
    if ((await deploy(sites.map(stackName))) !== 0) return 1;
    const chosen = sites.map((name) => `--site ${name}`).join(' ');
    tools.write(`\nNext: npm run doctor -- ${chosen} looks whether all is there that a run needs.`);
    const vaults = (await readVaults(file)).filter((one) => sites.includes(one.site));
    for (const { environment, account } of vaults) tools.write(describeVault(environment, account));
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    tools.write(error.message);
    return 2;
  }
};

const describeVault = (environment: string, account: string): string =>
  `Backups of ${environment} need their vault, once: npm run deploy -- --vault ${environment}, with credentials of account ${account}.`;

const parseOptions = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        site: { type: 'string', multiple: true, default: [] },
        vault: { type: 'string', multiple: true, default: [] },
        file: { type: 'string', default: 'drydock.yaml' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
};

if (import.meta.main) {
  process.exitCode = await runDeploy(process.argv.slice(2), {
    runCdk,
    write: (text) => process.stdout.write(`${text}\n`),
  });
}
