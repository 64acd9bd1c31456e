import { BUCKET_COMPONENTS } from '../../records/backup/components.ts';
import type { RestoreRun } from '../../records/backup/restore.ts';
import type { RestoreStep } from '../../records/backup/restore-plan.ts';
import { DefectError } from '../../runtime/errors.ts';
import type { RestoreJobRequest } from './restore-job.ts';

/**
 * What the Job of a step does. The way back takes the database and the repositories of the safety backup alone: the
 * objects of before lie in the tmp bucket, nearer and newer than in any archive.
 *
 * @throws DefectError `restore.no-job` for a step that has none, or a way back without a safety backup.
 */
export const workOf = (
  { id, plan, safetySet }: Pick<RestoreRun, 'id' | 'plan' | 'safetySet'>,
  step: RestoreStep,
): RestoreJobRequest['work'] => {
  if (step === 'restore-job') return { kind: 'restore', setId: plan.set.id, skip: plan.skip };
  if (step === 'put-back-job' && safetySet) {
    return { kind: 'restore', setId: safetySet.id, skip: [...BUCKET_COMPONENTS] };
  }
  if (step === 'analyse' || step === 'check') return { kind: step };
  throw new DefectError('restore.no-job', `The step ${step} of the restore ${id} has no Job to be made.`);
};
