import type { Execution } from '../../records/execution.ts';
import type { Lock } from '../../records/lock.ts';
import { backupId } from '../job/backup-id.ts';
import type { SetStore } from '../sets/set-store.ts';

/** Ids that are tried: an execution that ended within a second frees the lock to the next one. */
const MAX_SECONDS = 60;

/**
 * The id of a run's set: of the second in which it got its lock, which a repeat finds there again; of the next one that
 * is free where another execution has that.
 */
export const chooseSetId = async (
  environment: string,
  version: string,
  run: { readonly lock: Pick<Lock, 'acquiredAt'>; readonly execution: Execution },
  sets: Pick<SetStore, 'read'>,
): Promise<string> => {
  const first = Date.parse(run.lock.acquiredAt);
  for (let second = 0; second < MAX_SECONDS; second++) {
    const id = backupId(new Date(first + second * 1_000), version);
    const there = await sets.read({ environment, id });
    if (!there || there.execution.arn === run.execution.arn) return id;
  }
  return backupId(new Date(first + MAX_SECONDS * 1_000), version);
};
