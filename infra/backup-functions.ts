import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import * as beginBackup from '../functions/backup/begin-backup.contract.ts';
import * as checkPreflight from '../functions/backup/check-preflight.contract.ts';
import * as copySet from '../functions/backup/copy-set.contract.ts';
import * as exportSecrets from '../functions/backup/export-secrets.contract.ts';
import * as finishBackup from '../functions/backup/finish-backup.contract.ts';
import * as handleFailure from '../functions/backup/handle-failure.contract.ts';
import * as probeAccess from '../functions/backup/probe-access.contract.ts';
import * as readRelease from '../functions/backup/read-release.contract.ts';
import * as setMarks from '../functions/backup/set-marks.contract.ts';
import * as startBackupJob from '../functions/backup/start-backup-job.contract.ts';
import * as verifySet from '../functions/backup/verify-set.contract.ts';
import * as watchBackupJob from '../functions/backup/watch-backup-job.contract.ts';
import type { BackupRoles } from './backup-rights.ts';
import { prepareFunctions } from './capability-functions.ts';
import type { SiteResources } from './site-resources.ts';

/** Below the `TimeoutSeconds` of the Tasks that call them. */
const QUICK = Duration.seconds(60);
/** Each asks a cluster or AWS many things, one after the other. */
const ASKING = Duration.seconds(120);
/** Looks at a pod for up to 45 s. */
const WATCHING = Duration.seconds(75);
/** Works until shortly before it, keeps how far it came, and is called again. */
const SLICE = Duration.minutes(15);

/** MB. One processor: it inflates dumps. */
export const VERIFYING_MEMORY_MB = 1769;
/** MB. Holds the values of a whole chart, and its Secrets. */
const READING_MEMORY_MB = 1024;

/** The Lambdas of a run, each with the rights of its step and no others. */
export const makeBackupFunctions = (scope: Construct, resources: SiteResources, roles: BackupRoles) => {
  const { network } = resources.site;
  const { records, tells, make } = prepareFunctions(scope, 'backup', resources);

  return {
    beginBackup: make('begin-backup', beginBackup, records, {
      description: 'Takes an environment for one backup, and opens its set',
      timeout: QUICK,
      role: roles.cluster,
      network,
    }),
    readRelease: make('read-release', readRelease, records, {
      description: 'Reads what the Helm release of a GitLab says of its backup',
      timeout: ASKING,
      memory: READING_MEMORY_MB,
      role: roles.secrets,
      network,
    }),
    probeAccess: make('probe-access', probeAccess, records, {
      description: 'Has a pod look whether the role of the backup reaches its buckets',
      timeout: WATCHING,
      role: roles.cluster,
      network,
    }),
    checkPreflight: make('check-preflight', checkPreflight, records, {
      description: 'Judges whether a backup can begin',
      timeout: ASKING,
      role: roles.preflight,
      network,
    }),
    setMarks: make('set-marks', setMarks, records, {
      description: 'Marks the points to which database, buckets and Gitaly can go back',
      timeout: ASKING,
      role: roles.marks,
    }),
    startBackupJob: make('start-backup-job', startBackupJob, records, {
      description: 'Makes the Job of a backup from the CronJob of the chart',
      timeout: QUICK,
      role: roles.cluster,
      network,
    }),
    watchBackupJob: make('watch-backup-job', watchBackupJob, records, {
      description: 'Looks at the Job of a backup, and keeps its log',
      timeout: WATCHING,
      role: roles.cluster,
      network,
    }),
    exportSecrets: make('export-secrets', exportSecrets, records, {
      description: 'Seals the secrets that belong to a backup',
      timeout: ASKING,
      memory: READING_MEMORY_MB,
      role: roles.secrets,
      network,
    }),
    verifySet: make('verify-set', verifySet, records, {
      description: 'Reads a backup where it lies, and judges it',
      timeout: SLICE,
      memory: VERIFYING_MEMORY_MB,
      role: roles.verify,
    }),
    copySet: make('copy-set', copySet, records, {
      description: 'Copies a verified archive into another region, and compares',
      timeout: SLICE,
      role: roles.copy,
    }),
    finishBackup: make('finish-backup', finishBackup, tells, {
      description: 'Ends a backup, and tells how it ended',
      timeout: QUICK,
    }),
    handleFailure: make('handle-failure', handleFailure, tells, {
      description: 'Ends a backup whose execution failed, and tells a person',
      timeout: QUICK,
    }),
  };
};

export type BackupFunctions = ReturnType<typeof makeBackupFunctions>;
