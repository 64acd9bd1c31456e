import type { Executions } from '../../../clients/executions.ts';
import type { KubernetesJobs } from '../../../clients/kubernetes-jobs.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import type { JobManifest } from '../../../records/kubernetes-job.ts';
import { isNativeStep } from '../native/native-steps.ts';
import type { RestoreMove } from '../next-restore-step.ts';
import type { CurrentStep } from '../run-steps.ts';
import { type ChangeSources, makeChange } from './make-changes.ts';
import type { RestoreEnvironment } from './restore-subject.ts';
import { startSafetyBackup } from './safety-backup.ts';

interface CarrySources extends ChangeSources {
  readonly jobs: Pick<KubernetesJobs, 'createJob' | 'deleteJob'>;
  readonly machine: string;
  readonly executions: Pick<Executions, 'start'>;
  /** The environment that is restored into: its policies make the safety backup. */
  readonly owner: RestoreEnvironment;
  /** Asked before each write: is this still the execution that carries the restore? */
  readonly isOurs: () => Promise<boolean>;
}

/**
 * What is left to others: `secrets` to whoever may write Secrets, `objects` to whoever may copy objects, `native` to
 * whoever may change databases and versions.
 */
export type CarriedOut = 'done' | 'secrets' | 'objects' | 'native' | 'lost';

/**
 * Does what a move says, behind the record that says so. All of it can be done again; nothing is done by an execution
 * that has lost its place.
 *
 * @param manifest of the Job that the move makes, if it makes one.
 * @throws what the clients throw.
 */
export const carryOut = async (
  run: RestoreRun,
  current: CurrentStep,
  move: Extract<RestoreMove, { kind: 'do' | 'undo' }>,
  manifest: JobManifest | undefined,
  sources: CarrySources,
  signal: AbortSignal,
): Promise<CarriedOut> => {
  for (const change of move.changes) {
    if (change.deed === 'replaced') continue;
    if (!(await sources.isOurs())) return 'lost';
    await makeChange(change, sources, signal);
  }
  if (move.changes.some(({ deed }) => deed === 'replaced')) return 'secrets';
  if (move.changes.length > 0) return 'done';
  if (!(await sources.isOurs())) return 'lost';
  if (manifest) await sources.jobs.createJob(manifest, signal);
  else if (current.step === 'safety-backup') await startSafetyBackup(run, current, sources.owner, sources);
  else if (isNativeStep(current.step, run.plan)) return 'native';
  else if (current.step === 'put-back-objects') return 'objects';
  return 'done';
};
