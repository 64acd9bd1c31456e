import type { Locks } from '../../../clients/locks.ts';
import type { Pauses } from '../../../clients/pauses.ts';
import { type RestoreReference, type RestoreRun, restoreLock } from '../../../records/backup/restore.ts';
import { CHOICE_SECONDS, dataOwner, HELD_LOCK_SECONDS } from '../../../records/backup/restore-limits.ts';
import { backupLock } from '../../../records/backup/set.ts';
import { lockSecondsOver } from '../../../rules/locking.ts';
import type { RestoreLookAround } from '../next-restore-step.ts';
import { findCurrentStep } from '../run-steps.ts';
import { LONGEST_LOOK_SECONDS } from './look-interval.ts';

/**
 * Two locks of a place: that of the execution that carries a restore, whose token is the fence of every change, and
 * that of the data, which keeps backups and upkeep away and belongs to the run as long as it has not ended.
 */

type Taker = Pick<Locks, 'acquire' | 'isHeld' | 'release'>;

/** Renews the place for one more look; false when another execution has it. */
export const holdPlace = async (
  { execution, fence }: Pick<RestoreRun, 'execution' | 'fence'>,
  place: string,
  locks: Taker,
): Promise<boolean> => {
  const { ok, lock } = await locks.acquire(
    restoreLock(place),
    execution.arn,
    lockSecondsOver(LONGEST_LOOK_SECONDS),
  );
  return ok && lock.token === fence;
};

/**
 * May this look change anything? Not while it is paused, nor while a backup works on the data: except that the safety
 * backup needs them for itself.
 */
export const judgeWrites = async (
  run: RestoreRun,
  restore: RestoreReference,
  { locks, pauses }: { readonly locks: Taker; readonly pauses: Pauses },
): Promise<RestoreLookAround['mayWrite']> => {
  const { environment } = run.plan.target;
  const { place } = restore;
  const pause = await pauses.judge({ capability: 'backup', environment, target: place });
  const isOurs = findCurrentStep(run)?.step === 'safety-backup' || (await holdData(run, restore, locks));
  if (!pause.ok) return { ok: false, reason: pause.reason };
  return isOurs ? { ok: true } : { ok: false, reason: `a backup or its upkeep is at work on ${place}` };
};

/** Takes or renews the lock of the data; for long when a person has to choose, since nobody renews it meanwhile. */
export const holdData = async (
  { state }: Pick<RestoreRun, 'state'>,
  restore: RestoreReference,
  locks: Pick<Locks, 'acquire'>,
): Promise<boolean> => {
  const seconds = state === 'held' ? HELD_LOCK_SECONDS : lockSecondsOver(LONGEST_LOOK_SECONDS);
  return (await locks.acquire(backupLock(restore.place), dataOwner(restore), seconds)).ok;
};

/** Keeps both for as long as a person may take: nobody looks meanwhile. */
export const holdForChoice = async (
  run: Pick<RestoreRun, 'state' | 'execution'>,
  restore: RestoreReference,
  locks: Pick<Locks, 'acquire'>,
): Promise<void> => {
  await holdData(run, restore, locks);
  await locks.acquire(restoreLock(restore.place), run.execution.arn, lockSecondsOver(CHOICE_SECONDS));
};

/** Frees what a run that has ended had, and what its execution had. */
export const freePlace = async (
  run: Pick<RestoreRun, 'execution' | 'state'>,
  restore: RestoreReference,
  locks: Pick<Locks, 'release'>,
): Promise<void> => {
  if (run.state === 'ended') await locks.release(backupLock(restore.place), dataOwner(restore));
  await locks.release(restoreLock(restore.place), run.execution.arn);
};
