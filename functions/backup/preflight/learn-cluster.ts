import * as z from 'zod';
import type { KubernetesJobs } from '../../clients/kubernetes-jobs.ts';
import type { KubernetesQuotas } from '../../clients/kubernetes-quotas.ts';
import type { ReadRelease, ReleaseFacts } from '../../records/backup/release-facts.ts';
import type { CronJob } from '../../records/kubernetes-job.ts';
import type { BackupSubject } from '../backup-subject.ts';
import { BACKUP_CONTAINER, nameCronJob } from '../job/backup-job.ts';
import { readBackupCommand } from '../job/extra-arguments.ts';
import { findRunningBackups, TOOLBOX_SELECTOR } from '../job/running-backups.ts';
import { readScratch, withScratch } from '../job/scratch-volume.ts';
import { chooseScratch } from '../run/job-wishes.ts';
import type { Known, PreflightFacts, ScratchFact, ToolTarget, UploadFact } from './facts.ts';
import { known, learn, learnSurely, unknown } from './learn.ts';
import { measureRoom } from './room.ts';

export interface ClusterSources {
  readonly jobs: Pick<KubernetesJobs, 'readCronJob' | 'listJobs'>;
  readonly quotas: KubernetesQuotas;
}

type ClusterFacts = Pick<
  PreflightFacts,
  'cronJob' | 'toolTarget' | 'running' | 'room' | 'scratch' | 'upload' | 'values'
>;

/** What the cluster tells, and the release that was read in it. @throws TransientError as `learnSurely` says. */
export const learnCluster = async (
  subject: Pick<BackupSubject, 'settings' | 'policySettings'>,
  release: ReleaseFacts | undefined,
  { jobs, quotas }: ClusterSources,
  signal: AbortSignal,
): Promise<ClusterFacts> => {
  const { namespace, release: named } = subject.settings;
  const name = nameCronJob(named);
  const [cronJob, running, limits] = await Promise.all([
    learnSurely(() => jobs.readCronJob({ namespace, name }, signal), signal),
    learnSurely(
      async () => findRunningBackups(await jobs.listJobs(namespace, TOOLBOX_SELECTOR, signal)),
      signal,
    ),
    learn(() => quotas.list(namespace, signal), signal),
  ]);
  const read = release?.state === 'read' ? release : undefined;
  return {
    cronJob: cronJob.known ? known(cronJob.value && describeCronJob(cronJob.value)) : cronJob,
    toolTarget: ofCronJob(cronJob, (found) => known(readTarget(found))),
    running,
    room: ofCronJob(cronJob, (found) =>
      limits.known ? known(measureRoom(podOf(found), limits.value)) : limits,
    ),
    scratch: ofCronJob(cronJob, (found) => describeScratch(found, subject, read)),
    upload: ofCronJob(cronJob, (found) => describeUpload(found, read)),
    values: describeValues(release),
  };
};

const describeValues = (release: ReleaseFacts | undefined): PreflightFacts['values'] => {
  if (!release) return unknown('the Helm release was not read');
  return release.state === 'read' ? known(release.findings) : unknown(release.problem);
};

/** While the CronJob is not known, nothing is that is read out of it. */
const ofCronJob = <T>(
  cronJob: Known<CronJob | undefined>,
  read: (cronJob: CronJob) => Known<T>,
): Known<T> => {
  if (!cronJob.known) return cronJob;
  return cronJob.value ? read(cronJob.value) : unknown('there is no CronJob');
};

const podOf = ({ spec }: CronJob) => spec.jobTemplate.spec.template.spec;
const toolOf = (cronJob: CronJob) => podOf(cronJob).containers.find(({ name }) => name === BACKUP_CONTAINER);

const describeCronJob = (cronJob: CronJob) => ({
  suspended: cronJob.spec.suspend,
  containers: podOf(cronJob).containers.map(({ name }) => name),
});

const Environment = z.array(z.object({ name: z.string(), value: z.string().optional() })).catch([]);

/** Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml. */
const readTarget = (cronJob: CronJob): ToolTarget => {
  const values = Environment.parse(toolOf(cronJob)?.['env']);
  const valueOf = (wanted: string) => values.find(({ name }) => name === wanted)?.value;
  const [backup, tmp] = [valueOf('BACKUP_BUCKET_NAME'), valueOf('TMP_BUCKET_NAME')];
  return { ...(backup && { backup }), ...(tmp && { tmp }) };
};

/** A claim has the size that its release asked for; how much of a node's disk is free nobody sees here. */
const describeScratch = (
  cronJob: CronJob,
  subject: Pick<BackupSubject, 'settings' | 'policySettings'>,
  release: ReadRelease | undefined,
): Known<ScratchFact> => {
  const wished = chooseScratch(subject);
  const pod = podOf(cronJob);
  const volume = readScratch(wished ? withScratch(pod, wished) : pod);
  if (!volume) return unknown('nothing is mounted where the tool puts the archive together');
  const { kind, bytes = kind === release?.scratch.kind ? release.scratch.bytes : undefined } = volume;
  if (bytes !== undefined) return known({ kind, bytes });
  return unknown(
    kind === 'node-disk'
      ? 'it is the disk of a node, whose free space nobody sees here'
      : 'the size of its volume stands nowhere',
  );
};

const describeUpload = (cronJob: CronJob, release: ReadRelease | undefined): Known<UploadFact> => {
  const command = readBackupCommand(toolOf(cronJob)?.args?.[2] ?? '');
  if (typeof command === 'string') return unknown(command);
  const tool = command.given.valueOf('--s3tool-backup') ?? command.given.valueOf('--s3tool');
  if (tool === 'awscli') return known({ tool });
  if (!release?.upload.known) return unknown('s3cmd has its part size from .s3cfg, which was not read');
  const { partBytes } = release.upload;
  return known({ tool: 's3cmd', ...(partBytes === undefined ? {} : { partBytes }) });
};
