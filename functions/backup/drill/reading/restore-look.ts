import type { Executions } from '../../../clients/executions.ts';
import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { Ledger } from '../../../clients/ledger.ts';
import type { DrillRun } from '../../../records/backup/drill.ts';
import {
  type RestoreRun,
  restoreHistoryKey,
  restoreRunKey,
  restoreRunKind,
} from '../../../records/backup/restore.ts';
import { placeOf } from '../../../records/backup/restore-plan.ts';
import type { Job } from '../../../records/kubernetes-job.ts';
import { hasEnded } from '../../job/running-backups.ts';
import { arnOfRestore, type DrillRestore, nameDrillRestore } from '../drill-restore.ts';

/** Looks at the restore of a drill, and stops it. */

export interface RestoreSources {
  /** ARN of the machine `restore`. */
  readonly machine: string;
  readonly executions: Pick<Executions, 'describe' | 'stop'>;
  readonly ledger: Pick<Ledger, 'read'>;
  readonly jobs: Pick<KubernetesJobs, 'observeJob' | 'deleteJob'>;
}

const NONE: DrillRestore = { execution: undefined, record: undefined, isCarried: false, live: [] };

/** Looks at it. @throws what the clients throw. */
export const lookAtRestore = async (
  run: DrillRun,
  { machine, executions, ledger, jobs }: RestoreSources,
  signal: AbortSignal,
): Promise<DrillRestore> => {
  if (!run.restore) return NONE;
  const arn = arnOfRestore(machine, run);
  const execution = await executions.describe(arn);
  const record = await readRecord(run, ledger);
  const carrier = record?.state === 'ended' ? undefined : record?.execution.arn;
  const isCarried =
    carrier !== undefined && carrier !== arn && (await executions.describe(carrier))?.status === 'running';
  const live: Job[] = [];
  for (const { namespace, name } of record?.jobs ?? []) {
    const { job } = await jobs.observeJob({ namespace, name }, signal);
    if (job && !hasEnded(job)) live.push(job);
  }
  return { execution, record, isCarried, live };
};

const readRecord = async (run: DrillRun, ledger: Pick<Ledger, 'read'>): Promise<RestoreRun | undefined> => {
  const place = placeOf(run.target);
  const name = nameDrillRestore(run);
  const open = (await ledger.read(restoreRunKind, restoreRunKey(place)))?.value;
  if (open?.id === name) return open;
  return (await ledger.read(restoreRunKind, restoreHistoryKey(place, name)))?.value;
};

/**
 * Ends what would go on to fill a place that is about to be emptied: its execution, and Jobs that have outlived that. An
 * execution that already brings it to rest is waited for.
 */
export const stopRestore = async (
  run: DrillRun,
  { execution, live }: DrillRestore,
  { machine, executions, jobs }: RestoreSources,
  signal: AbortSignal,
): Promise<void> => {
  if (execution?.status === 'running') {
    const cause = `The drill ${run.id} is over, and its place is destroyed.`;
    await executions.stop(arnOfRestore(machine, run), { error: 'drill.over', cause });
    return;
  }
  for (const job of live) if (!job.deleting) await jobs.deleteJob(job, signal);
};
