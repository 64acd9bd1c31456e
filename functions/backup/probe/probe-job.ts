import type { CronJob } from '../../records/kubernetes-job.ts';
import { nameJob } from '../job/backup-job.ts';
import { findToolboxCommand } from '../job/toolbox-container.ts';
import { labelPurpose, makeToolboxJob, type ToolboxJobPlan } from '../job/toolbox-job.ts';
import type { BackupArguments } from '../values/backup-arguments.ts';
import { type ProbePlace, type ProbeSettings, writeProbeArguments } from './probe-script.ts';

/** One probe, before one set is made. */
export interface ProbeRequest {
  /** Id of the set. */
  readonly backupId: string;
  /** Name of the execution that makes it, for whoever finds the Job. */
  readonly execution: string;
  /** Buckets whose objects go into the archive. */
  readonly sources: readonly string[];
  /** Bucket of the archives. */
  readonly backup: string;
}

/**
 * Not the name of the chart's container, by which a backup is known: nobody waits for a probe as for a backup that
 * runs, and no container of a probe is read as one.
 */
export const PROBE_CONTAINER = 'toolbox-probe';

/** Whoever watches gives up before this; it ends a probe that nobody watches any more. */
export const PROBE_DEADLINE_SECONDS = 600;

/** One that nobody deletes goes by itself. */
const KEPT_SECONDS = 600;

/**
 * A Job with the pod of the next backup, but for what it runs: the same ServiceAccount, labels, nodes, init containers
 * and Secrets, so that the policies of network and cloud see the same; and no disk to put an archive together on.
 */
export const makeProbeJob = (cronJob: CronJob, request: ProbeRequest): ToolboxJobPlan => {
  const toolbox = findToolboxCommand(cronJob);
  if (!toolbox.ok) return toolbox;
  const { shell, container, command } = toolbox;
  const { given, head } = command;
  const args = writeProbeArguments(shell, head, choosePlaces(given, request), readSettings(given));
  const { backupId, execution } = request;
  return {
    ok: true,
    job: makeToolboxJob(cronJob, {
      name: nameJob(`${cronJob.metadata.name}-probe`, backupId),
      jobId: `probe-${backupId}`,
      execution,
      labels: labelPurpose(cronJob, 'probe'),
      container: { ...container, name: PROBE_CONTAINER, args },
      needsDisk: false,
      deadlineSeconds: PROBE_DEADLINE_SECONDS,
      keptSeconds: KEPT_SECONDS,
    }),
  };
};

/** A name that S3 takes: anything else was never asked for, and is no word for a shell. */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** The tool takes s3cmd where nothing says otherwise; two flags name one for its own bucket and one for the others. */
const choosePlaces = (given: BackupArguments, { sources, backup }: ProbeRequest): ProbePlace[] => {
  const toolOf = (flag: string): ProbePlace['tool'] =>
    (given.valueOf(flag) ?? given.valueOf('--s3tool')) === 'awscli' ? 'awscli' : 's3cmd';
  const all = [
    ...sources.map((bucket) => ({ bucket, tool: toolOf('--s3tool-data') })),
    { bucket: backup, tool: toolOf('--s3tool-backup') },
  ];
  return all.filter(({ bucket }) => BUCKET.test(bucket));
};

const readSettings = (given: BackupArguments): ProbeSettings => {
  const region = given.valueOf('--aws-region');
  const endpoint = given.valueOf('--aws-s3-endpoint-url');
  return {
    ...(region !== undefined && /^[a-z0-9-]{1,40}$/.test(region) && { region }),
    ...(endpoint !== undefined && /^https?:\/\/[\w.:/-]{1,300}$/.test(endpoint) && { endpoint }),
  };
};
