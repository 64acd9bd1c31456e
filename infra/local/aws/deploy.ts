import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import { formatDuration, type Report } from '../report.ts';
import { runCommand } from '../run-command.ts';
import { shareArchives } from './asset-archives.ts';
import type { LocalAws } from './start-aws.ts';

export interface DeployApp {
  readonly aws: LocalAws;
  /** The command that synthesises the CDK app, as in `cdk --app`: `node infra/app.ts`. */
  readonly app: string;
  /** Takes the cloud assembly and the outputs; is made when absent. */
  readonly folder: string;
  readonly report: Report;
  /** CDK context, as `cdk -c key=value` gives it. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The outputs of each stack, by stack name and output name. */
const StackOutputs = z.record(z.string(), z.record(z.string(), z.string()));
export type StackOutputs = z.infer<typeof StackOutputs>;

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CDK = join(ROOT, 'node_modules', '.bin', 'cdk');
const SHOWN_LINES = 20;
/** The line that says why a resource or an asset failed; the rollback that follows would push it out of sight. */
const CAUSE = /_FAILED |: fail: |\bError\b|❌/;

/**
 * Deploys a CDK app onto the local AWS with the real CDK CLI: bootstrap, synthesis, every stack of the app.
 * What is already as the app says stays, so a second call is short.
 *
 * @throws Error with the lines of the CLI's output that tell the cause, when a step fails.
 */
export const deployApp = async (options: DeployApp): Promise<StackOutputs> => {
  const { aws, app, folder, report, context = {} } = options;
  await mkdir(folder, { recursive: true });
  const assembly = join(folder, 'cdk.out');
  const outputs = join(folder, 'outputs.json');
  await shareArchives(assembly);
  const contextFlags = Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);

  const prepared = performance.now();
  await Promise.all([
    // Away from cdk.json: with an app in sight the CLI would synthesise it just to bootstrap.
    runCdk(aws, folder, ['bootstrap', `aws://${aws.account}/${aws.region}`]),
    runCdk(aws, ROOT, ['synth', '--quiet', '--app', app, '--output', assembly, ...contextFlags]),
  ]);
  report(`CDK: bootstrapped and synthesised in ${formatDuration(performance.now() - prepared)}`);

  const deployed = performance.now();
  // Nobody is there to approve, and a change set of an empty account tells nothing.
  const unattended = ['--require-approval', 'never', '--method', 'direct', '--concurrency', '4'];
  await runCdk(aws, ROOT, ['deploy', '--all', '--app', assembly, '--outputs-file', outputs, ...unattended]);
  report(`CDK: deployed in ${formatDuration(performance.now() - deployed)}`);
  return StackOutputs.parse(JSON.parse(await readFile(outputs, 'utf8')));
};

const runCdk = async (aws: LocalAws, cwd: string, args: readonly string[]): Promise<void> => {
  const flags = ['--no-notices', '--no-version-reporting', '--no-color', '--ci'];
  const result = await runCommand(CDK, [...args, ...flags], {
    cwd,
    // Nothing but this: a profile or a session of the person at the keyboard must not lead to a real account.
    extendEnv: false,
    env: {
      ...aws.environment(),
      PATH: `${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`,
      HOME: process.env['HOME'] ?? '/',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // Rules for accounts, which take two of the three seconds of a synth; tests and a real deploy run them.
      CDK_VALIDATION: 'false',
    },
  });
  if (result.exitCode === 0) return;
  const lines = result.output.trim().split('\n');
  const shown = lines.filter((line, index) => CAUSE.test(line) || index >= lines.length - SHOWN_LINES);
  throw new Error(`cdk ${args[0]} failed; ${aws.logFile} may say more:\n${shown.join('\n')}`);
};
