import process from 'node:process';
import { App } from 'aws-cdk-lib';
import { readConfigurationFile } from '../functions/records/configuration/parse-configuration.ts';
import { formatProblems } from '../functions/records/configuration/problem.ts';
import { Refusal } from './refusal.ts';
import { addSites } from './sites.ts';
import { addVaults } from './vaults.ts';

/**
 * The CDK app, run by the `cdk` command line: reads `drydock.yaml`, or the file given by `-c configuration=<path>`,
 * and makes one stack for each of its sites, and one for each place in which backups lie.
 */
const synthesise = async (): Promise<void> => {
  const app = new App();
  const given: unknown = app.node.tryGetContext('configuration');
  const parsed = await readConfigurationFile(typeof given === 'string' ? given : 'drydock.yaml');
  if (!parsed.ok) throw new Refusal(formatProblems(parsed.problems));
  addSites(app, parsed.configuration);
  addVaults(app, parsed.configuration);
  app.synth();
};

try {
  await synthesise();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
