import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import * as advanceDrill from '../functions/backup/advance-drill.contract.ts';
import * as beginDrill from '../functions/backup/begin-drill.contract.ts';
import * as finishDrill from '../functions/backup/finish-drill.contract.ts';
import * as inspectDrill from '../functions/backup/inspect-drill.contract.ts';
import { prepareFunctions } from './capability-functions.ts';
import { machineReference } from './constructs/machine-reference.ts';
import type { SiteResources } from './site-resources.ts';

/** Below the `TimeoutSeconds` of the Tasks that call them. */
const QUICK = Duration.seconds(60);
/** Asks a cluster many things. */
const ASKING = Duration.seconds(120);
/** Reads the releases of every GitLab of the site, and looks up their names. */
const READING = Duration.minutes(5);
/** MB. Holds the values of whole charts. */
const READING_MEMORY_MB = 1024;

/**
 * The Lambdas of a drill, each with the rights of its step and no others.
 *
 * @param advance role that changes the place.
 * @param reader role that reads Secrets and changes nothing in a cluster: that of the backup's.
 */
export const makeDrillFunctions = (
  scope: Construct,
  resources: SiteResources,
  { advance, reader }: { readonly advance: Role; readonly reader: Role },
) => {
  const { network } = resources.site;
  const { records, tells, make } = prepareFunctions(scope, 'backup', resources);
  const advances = { ...records, RESTORE_MACHINE_ARN: machineReference(scope, 'restore').arn };

  return {
    beginDrill: make('begin-drill', beginDrill, records, {
      description: 'Takes the place of a drill, or takes up what an earlier one has left',
      timeout: QUICK,
    }),
    // In the network of the site, so that names stand for the same addresses as in its clusters.
    inspectDrill: make('inspect-drill', inspectDrill, records, {
      description: 'Reads what tells the place of a drill from every GitLab that people use',
      timeout: READING,
      memory: READING_MEMORY_MB,
      role: reader,
      network,
    }),
    advanceDrill: make('advance-drill', advanceDrill, advances, {
      description: 'Looks at a drill and does its next step',
      timeout: ASKING,
      role: advance,
      network,
    }),
    finishDrill: make('finish-drill', finishDrill, tells, {
      description: 'Ends a drill, and tells whether a restore works and how long it took',
      timeout: QUICK,
    }),
  };
};

export type DrillFunctions = ReturnType<typeof makeDrillFunctions>;
