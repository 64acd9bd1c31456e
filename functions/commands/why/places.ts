import { siteOf } from '../../records/configuration/lookup.ts';
import type { Configuration } from '../../records/configuration.ts';
import { stackName } from '../../records/stack-name.ts';
import { RefusedError } from '../../runtime/errors.ts';
import type { Subject } from './subject.ts';

/** A ledger to read, and the machine at which a person steers that site, when the stack tells it. */
export interface Place {
  readonly bucket: string;
  readonly region?: string;
  readonly controlMachine?: string;
}

export type ReadStackOutputs = (
  stack: string,
  region: string,
) => Promise<Readonly<Record<string, string>> | undefined>;

/** Where the sites of a subject are: of a target its own, of an image those of its targets, else all of them. */
export const sitesOf = (subject: Subject, configuration: Configuration): string[] => {
  const targets = subject.kind === 'image' ? subject.targets : subject.target ? [subject.target] : [];
  const sites = targets.flatMap(({ environment }) => configuration.environments[environment]?.site ?? []);
  return sites.length > 0 ? [...new Set(sites)] : Object.keys(configuration.sites);
};

/**
 * Asks the stack of a site where its ledger is.
 *
 * @throws RefusedError `why.no-stack` when the site is not deployed; what `readOutputs` throws.
 */
export const findPlace = async (
  site: string,
  configuration: Configuration,
  readOutputs: ReadStackOutputs,
): Promise<Place> => {
  const region = siteOf(configuration, { site })?.region ?? '';
  const outputs = await readOutputs(stackName(site), region);
  const bucket = outputs?.['LedgerBucketName'];
  if (bucket === undefined) {
    const what = outputs ? 'names no ledger bucket' : `is not there in ${region}`;
    throw new RefusedError(
      'why.no-stack',
      `The stack ${stackName(site)} ${what}: deploy it with \`npm run deploy\`, or name the bucket with --bucket.`,
    );
  }
  const controlMachine = outputs?.['DeploymentControlMachineArn'];
  return { bucket, region, ...(controlMachine === undefined ? {} : { controlMachine }) };
};
