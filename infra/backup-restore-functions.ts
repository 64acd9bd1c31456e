import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import * as acceptApproval from '../functions/backup/accept-restore-approval.contract.ts';
import * as acceptChoice from '../functions/backup/accept-restore-choice.contract.ts';
import * as advanceRestore from '../functions/backup/advance-restore.contract.ts';
import * as askChoice from '../functions/backup/ask-restore-choice.contract.ts';
import * as beginRestore from '../functions/backup/begin-restore.contract.ts';
import * as finishRestore from '../functions/backup/finish-restore.contract.ts';
import * as inspectRestore from '../functions/backup/inspect-restore.contract.ts';
import * as planRestore from '../functions/backup/plan-restore.contract.ts';
import * as probeExtensions from '../functions/backup/probe-extensions.contract.ts';
import * as putBackObjects from '../functions/backup/put-back-objects.contract.ts';
import * as requestApproval from '../functions/backup/request-restore-approval.contract.ts';
import * as writeSecrets from '../functions/backup/write-restore-secrets.contract.ts';
import type { RestoreRoles } from './backup-restore-rights.ts';
import { prepareFunctions } from './capability-functions.ts';
import { machineReference } from './constructs/machine-reference.ts';
import type { SiteResources } from './site-resources.ts';

/** Below the `TimeoutSeconds` of the Tasks that call them. */
const JUDGING = Duration.seconds(30);
const QUICK = Duration.seconds(60);
/** Each asks a cluster or AWS many things. */
const ASKING = Duration.seconds(120);
/** Works until shortly before it, keeps how far it came, and is called again. */
const SLICE = Duration.minutes(15);
/** MB. Holds the values of a whole chart, and its Secrets. */
const READING_MEMORY_MB = 1024;

/**
 * The Lambdas of a restore, each with the rights of its step and no others.
 *
 * @param reader role that reads Secrets and changes nothing in a cluster: that of the backup's.
 */
export const makeRestoreFunctions = (
  scope: Construct,
  resources: SiteResources,
  roles: RestoreRoles,
  reader: Role,
) => {
  const { network } = resources.site;
  const { records, tells, make } = prepareFunctions(scope, 'backup', resources);
  const advances = { ...records, BACKUP_MACHINE_ARN: machineReference(scope, 'backup').arn };

  return {
    inspectRestore: make('inspect-restore', inspectRestore, records, {
      description: 'Compares the secrets of a set with those where it is to be restored',
      timeout: ASKING,
      memory: READING_MEMORY_MB,
      role: reader,
      network,
    }),
    planRestore: make('plan-restore', planRestore, records, {
      description: 'Judges whether a set can be restored, and makes the plan',
      timeout: ASKING,
      role: roles.plan,
      network,
    }),
    probeExtensions: make('probe-extensions', probeExtensions, records, {
      description: 'Has a pod ask the database which extensions a restore could not make anew',
      timeout: QUICK,
      role: roles.advance,
      network,
    }),
    requestRestoreApproval: make('request-restore-approval', requestApproval, tells, {
      description: 'Sends the plan of a restore to people, with the command that approves it',
      timeout: QUICK,
    }),
    acceptRestoreApproval: make('accept-restore-approval', acceptApproval, records, {
      description: 'Judges the answer to a request for approval',
      timeout: JUDGING,
    }),
    beginRestore: make('begin-restore', beginRestore, records, {
      description: 'Judges a plan once more and takes a GitLab for it, or goes on with one that was left',
      timeout: ASKING,
      role: roles.begin,
      network,
    }),
    advanceRestore: make('advance-restore', advanceRestore, advances, {
      description: 'Looks at a restore and does its next step',
      timeout: ASKING,
      role: roles.advance,
      network,
    }),
    writeRestoreSecrets: make('write-restore-secrets', writeSecrets, records, {
      description: 'Puts the secrets of a set back, or those of before',
      timeout: ASKING,
      role: roles.secrets,
      network,
    }),
    putBackObjects: make('put-back-objects', putBackObjects, records, {
      description: 'Copies objects back that a restore had replaced',
      timeout: SLICE,
      role: roles.objects,
    }),
    askRestoreChoice: make('ask-restore-choice', askChoice, tells, {
      description: 'Asks a person what becomes of a restore that failed half-way',
      timeout: QUICK,
    }),
    acceptRestoreChoice: make('accept-restore-choice', acceptChoice, records, {
      description: 'Judges what a person chose',
      timeout: JUDGING,
    }),
    finishRestore: make('finish-restore', finishRestore, tells, {
      description: 'Ends a restore, and tells how it ended and how long it took',
      timeout: QUICK,
    }),
  };
};

export type RestoreFunctions = ReturnType<typeof makeRestoreFunctions>;
