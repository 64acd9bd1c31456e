import { ARCHIVE_COMPONENTS } from '../../records/backup/components.ts';
import type { CronJob, JobManifest } from '../../records/kubernetes-job.ts';
import type { BackupSubject } from '../backup-subject.ts';
import { BACKUP_CONTAINER, type BackupJobRequest } from '../job/backup-job.ts';
import { readBackupCommand } from '../job/extra-arguments.ts';
import type { Component } from '../job/run-arguments.ts';
import { type BackupArguments, readBackupArguments } from '../values/backup-arguments.ts';

type Policy = Pick<BackupSubject, 'settings' | 'policySettings'>;

/** Does the set need the backup tool at all? A native one does for its repositories only, which Gitaly then writes. */
export const needsJob = ({ policySettings: { kind, skip } }: Pick<Policy, 'policySettings'>): boolean =>
  kind === 'tar' || !skip.includes('repositories');

/** What the tool is told to leave out: on purpose, or because something else than the archive protects it. */
export const skippedByTool = ({
  policySettings: { kind, skip, versions },
}: Pick<Policy, 'policySettings'>): Component[] => {
  const isLeft = (name: Component): boolean =>
    kind === 'native' ? name !== 'repositories' : [...skip, ...versions].some((other) => other === name);
  return ARCHIVE_COMPONENTS.filter(isLeft);
};

/** A key that can be named from another account: an alias is looked for in the account of whoever uses it. */
const FOREIGN_KEY = /^arn:/;

/** What a run of a policy asks of the tool of this release. */
export const jobWishes = (
  subject: Policy,
  cronJob: CronJob,
): Omit<BackupJobRequest, 'backupId' | 'execution' | 'fence'> => {
  const { settings, policySettings } = subject;
  const { kmsKey } = settings.destination;
  // With s3cmd it can not be named, and the default of the bucket encrypts; so it does where it is an alias.
  const isNamed = kmsKey !== undefined && FOREIGN_KEY.test(kmsKey) && usesAwsCli(cronJob);
  const scratch = chooseScratch(subject);
  return {
    skip: skippedByTool(subject),
    ...(scratch === undefined ? {} : { scratch }),
    deadlineSeconds: settings.job.deadlineHours * 3_600,
    ...(policySettings.storageClass === 'STANDARD' ? {} : { storageClass: policySettings.storageClass }),
    ...(isNamed ? { kmsKeyId: kmsKey } : {}),
    ...(policySettings.kind === 'native' ? { repositoriesServerSide: true } : {}),
  };
};

/** The disk that drydock.yaml wants; the archive of a native set holds next to nothing. */
export const chooseScratch = ({
  settings: { job },
  policySettings: { kind },
}: Policy): BackupJobRequest['scratch'] => {
  const { scratchSize: size, storageClass } = job;
  if (size === undefined || kind === 'native') return undefined;
  return { size, ...(storageClass === undefined ? {} : { storageClass }) };
};

const usesAwsCli = (cronJob: CronJob): boolean => {
  const { containers } = cronJob.spec.jobTemplate.spec.template.spec;
  const command = readBackupCommand(scriptOf(containers));
  return typeof command !== 'string' && command.given.valueOf('--s3tool') === 'awscli';
};

/** The arguments with which a Job really calls the tool, what the chart's values add included. */
export const toldToTool = ({ spec }: Pick<JobManifest, 'spec'>): BackupArguments => {
  const [, told = ''] = scriptOf(spec.template.spec.containers).split(/\bbackup-utility\b/);
  return readBackupArguments(told);
};

type Containers = JobManifest['spec']['template']['spec']['containers'];

/** What `bash -c` is given. */
const scriptOf = (containers: Containers): string =>
  containers.find(({ name }) => name === BACKUP_CONTAINER)?.args?.[2] ?? '';
