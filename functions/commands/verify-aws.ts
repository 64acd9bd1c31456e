import process from 'node:process';
import { parseArgs } from 'node:util';
import { openExecutions } from '../clients/executions.ts';
import { connectLedger } from '../clients/ledger-s3.ts';
import { readSecret } from '../clients/secrets.ts';
import { inspectSite } from '../clients/site-inspection.ts';
import { post } from '../clients/webhook-probe.ts';
import { narrowToSite } from '../records/configuration/narrow-to-site.ts';
import { readConfigurationFile } from '../records/configuration/parse-configuration.ts';
import { formatProblems } from '../records/configuration/problem.ts';
import { describeUnknownSite } from '../records/configuration/suggestion.ts';
import { stackName } from '../records/stack-name.ts';
import { systemClock } from '../runtime/clock.ts';
import { runChecks } from './doctor/check.ts';
import { exitCodeOf, renderJson, renderTable } from './doctor/report.ts';
import { outliveReader } from './terminal.ts';
import { doorChecks } from './verify-aws/door-checks.ts';
import { listRestoreChecks } from './verify-aws/restore-checks.ts';
import {
  clusterCheck,
  pauseCheck,
  pausedCapability,
  siteChecks,
  stackCheck,
  sweepCheck,
} from './verify-aws/site-checks.ts';
import type { Verification, VerificationTools } from './verify-aws/subject.ts';

const HELP = `Verifies a deployed site with your own credentials: a small run through its real parts.

  npm run verify:aws -- --site <name> [--include-pause] [--webhook <url>] [--file <drydock.yaml>] [--json]

  --site           the site
  --include-pause  also press the stop button for a moment: pauses all deployments (or upgrades, or
                   backups) of the site, then resumes them
  --webhook        where the webhook answers, when not at the address that the stack tells (a VPC endpoint)
  --file           the configuration (default: drydock.yaml)
  --json           print the findings as JSON
  --help           print this

Exit code: 0 everything was seen to work; 1 something did not, or could not be seen; 2 wrong arguments or a
drydock.yaml that is not valid.`;

/** Runs the command and says how it ended; `announce` is told beforehand what will be done. */
export const runVerification = async (
  args: readonly string[],
  tools: VerificationTools,
  announce: (text: string) => void,
): Promise<{ readonly output: string; readonly exitCode: 0 | 1 | 2 }> => {
  const options = parseOptions(args);
  if ('mistake' in options) return { output: `${options.mistake}\n\n${HELP}`, exitCode: 2 };
  if (options.help) return { output: HELP, exitCode: 0 };
  const parsed = await readConfigurationFile(options.file);
  if (!parsed.ok) return { output: formatProblems(parsed.problems), exitCode: 2 };
  const { sites } = parsed.configuration;
  const name = options.site ?? '';
  const site = sites[name];
  if (!site) {
    const known = Object.keys(sites);
    const output =
      options.site === undefined
        ? `Name the site with --site; known: ${known.join(', ')}`
        : describeUnknownSite(options.file, name, known);
    return { output, exitCode: 2 };
  }

  const includePause = options['include-pause'];
  const inspection = tools.inspectSite(site.region);
  let outputs: Promise<Readonly<Record<string, string>>> | undefined;
  const at: Verification = {
    name,
    site,
    configuration: narrowToSite(parsed.configuration, name),
    tools,
    outputs: () => (outputs ??= inspection.readStackOutputs(stackName(name)).then((found) => found ?? {})),
    webhookUrl: options.webhook,
    runId: `verify-${tools.clock.now().getTime()}`,
  };
  if (!options.json) announce(describePlan(at, includePause));
  const checks = [
    stackCheck,
    ...(site.webhook.exposure === 'none' ? [] : doorChecks),
    ...(at.configuration.deployment ? [sweepCheck] : []),
    ...(at.configuration.upgrade ? [clusterCheck] : []),
    ...listRestoreChecks(at.configuration),
    ...siteChecks,
    ...(includePause ? [pauseCheck] : []),
  ];
  const rows = await runChecks(`site ${name}`, checks, at);
  return { output: options.json ? renderJson(rows) : renderTable(rows), exitCode: exitCodeOf(rows) };
};

/**
 * What the person should know before it happens. Prices: a thousand state transitions cost 0.025 USD, a million Lambda
 * calls or webhook requests at most 1 USD, a thousand S3 writes 0.005 USD; this makes a few dozen of each.
 */
const describePlan = (
  { name, site: { account, region, webhook }, configuration }: Verification,
  includePause: boolean,
): string =>
  [
    `At site ${name} (account ${account}, ${region}) this will:`,
    ...(webhook.exposure === 'none'
      ? []
      : [
          '  post two events to the webhook: one without a secret, one signed, of an image that no target uses',
        ]),
    ...(configuration.deployment
      ? [
          '  start one sweep, as the schedule does; what it finds missed is deployed, as it would be by the schedule',
        ]
      : []),
    ...(configuration.upgrade
      ? ['  check every cluster of this site against its next version, as a pipeline does: nobody is told']
      : []),
    ...listRestoreChecks(configuration).map(
      ({ name: what }) =>
        `  start a ${what} for an environment that does not exist, which is refused and changes nothing`,
    ),
    '  write one record below verify/ in the ledger, read it back, and remove it',
    '  ask the topic who listens',
    ...(includePause
      ? [`  pause all ${pausedCapability(configuration)}s of this site for a moment, and resume them`]
      : []),
    'It costs less than one US cent.',
    '',
  ].join('\n');

const parseOptions = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        site: { type: 'string' },
        'include-pause': { type: 'boolean', default: false },
        webhook: { type: 'string' },
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
  const tools: VerificationTools = {
    inspectSite,
    readSecret,
    post,
    openExecutions,
    openLedger: (bucket, region) => connectLedger(bucket, systemClock, region),
    clock: systemClock,
  };
  const { output, exitCode } = await runVerification(process.argv.slice(2), tools, (text) =>
    process.stdout.write(`${text}\n`),
  );
  (exitCode === 2 ? process.stderr : process.stdout).write(`${output}\n`);
  process.exitCode = exitCode;
}
