import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { stackName } from '../functions/records/stack-name.ts';
import { type DeployedResource, readDeployedStack } from './destroy/deployed-stack.ts';
import { describeRemoval, listRemovalCommands } from './destroy/removal.ts';
import { Refusal } from './refusal.ts';
import { runCdk } from './run-cdk.ts';
import { readOneSite } from './site-choice.ts';
import { readVaults } from './vault-choice.ts';

const HELP = `Removes the stack of a site. First says what goes and what stays (the ledger and the key that opens it), and asks.

  npm run destroy -- [--site <name>] [--yes] [--file <drydock.yaml>] [-- <options of cdk destroy>]

  --site  the site; may be left out when drydock.yaml has one
  --yes   do not ask
  --file  the configuration (default: drydock.yaml)
  --help  print this

Exit code: 0 the stack is gone, or was not there; 1 it is not gone; 2 wrong arguments or a drydock.yaml that is not
valid.`;

export interface DestroyTools {
  readonly readStack: (name: string, region: string) => Promise<readonly DeployedResource[] | undefined>;
  /** Asks the person; undefined when nobody answers. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** Runs the CDK command line; gives its exit code. */
  readonly runCdk: (args: readonly string[]) => Promise<number>;
  readonly write: (text: string) => void;
}

/** Runs the command; gives the exit code. */
export const runDestroy = async (args: readonly string[], tools: DestroyTools): Promise<0 | 1 | 2> => {
  try {
    const options = parseOptions(args);
    if (options.values.help) return say(tools, HELP, 0);
    return await destroy(options, tools);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return say(tools, error.message, 2);
  }
};

const destroy = async (options: ReturnType<typeof parseOptions>, tools: DestroyTools): Promise<0 | 1> => {
  const { file, yes, site: given } = options.values;
  const site = await readOneSite(file, given);
  const stack = stackName(site.name);
  let resources: readonly DeployedResource[] | undefined;
  try {
    resources = await tools.readStack(stack, site.region);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return say(tools, `Nothing was removed: ${stack} in ${site.region} could not be looked at. ${why}`, 1);
  }
  if (!resources) return say(tools, `There is no stack ${stack} in ${site.region}; nothing to remove.`, 0);

  const vaults = (await readVaults(file)).filter((vault) => vault.site === site.name);
  tools.write(describeRemoval({ site: site.name, stack, ...site, resources, vaults }));
  if (!yes && (await tools.ask(`\nType the name of the site (${site.name}) to remove it: `)) !== site.name) {
    return say(tools, 'Nothing was removed: that was not the name of the site.', 1);
  }
  const context = ['--context', `configuration=${file}`];
  const code = await tools.runCdk(['destroy', stack, '--force', ...context, ...options.positionals]);
  if (code !== 0) {
    return say(tools, `The stack ${stack} is not gone; what stands above says why. Run the same again.`, 1);
  }
  const commands = listRemovalCommands(resources, site.region);
  if (commands.length === 0) return say(tools, `\nSite ${site.name} is removed.`, 0);
  const heading = `\nSite ${site.name} is removed. What stays costs a little each month; to remove that as well:`;
  return say(tools, [heading, '', ...commands].join('\n'), 0);
};

const say = <Code extends 0 | 1 | 2>({ write }: DestroyTools, text: string, code: Code): Code => {
  write(text);
  return code;
};

const parseOptions = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        site: { type: 'string' },
        yes: { type: 'boolean', default: false },
        file: { type: 'string', default: 'drydock.yaml' },
        help: { type: 'boolean', default: false, short: 'h' },
      },
    });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
};

/** A terminal or a pipe; at the end of its input nobody answers. */
const ask = async (question: string): Promise<string | undefined> => {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const closed = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)));
  try {
    return await Promise.race([terminal.question(question).then((answer) => answer.trim()), closed]);
  } finally {
    terminal.close();
  }
};

if (import.meta.main) {
  process.exitCode = await runDestroy(process.argv.slice(2), {
    readStack: readDeployedStack,
    ask,
    runCdk,
    write: (text) => process.stdout.write(`${text}\n`),
  });
}
