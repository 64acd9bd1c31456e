import { RESTORE_PREFIX, type RestoreReference } from './restore.ts';

/** How often and how long one execution of `restore` looks and waits, and where its facts lie. */

/**
 * Looks of one execution at most, those at Secrets and objects included. They are 2 to 600 s apart
 * (functions/backup/restore/reading/look-interval.ts), so that 48 hours need about 370: a safety backup, a restore and a
 * way back as long as they may be fit in, and the history stays below its 25,000 events.
 */
export const MAX_RESTORE_LOOKS = 1_300;

/** Seconds that one page waits for an answer; behind it, the same page is sent again. */
export const CHOICE_SECONDS = 86_400;
/** Pages of one execution at most: a month of them. */
export const MAX_CHOICE_ASKS = 30;

/** Seconds for which the data of a place stay locked while a run is held: as long as its pages go out, and a day. */
export const HELD_LOCK_SECONDS = (MAX_CHOICE_ASKS + 1) * CHOICE_SECONDS;

/**
 * Owner of the lock of the data, `backupLock` of the place. It belongs to the run and not to an execution, so that it
 * stays taken when one dies; while a safety backup is made, that one has it.
 */
export const dataOwner = ({ place, id }: RestoreReference): string => `restore/${place}:${id}`;

/** What was read of a place before the plan was made, by the execution. */
export const RESTORE_INSPECTION_PREFIX = 'backup/restore-inspections/';
export const restoreInspectionKey = (execution: string): string =>
  `${RESTORE_INSPECTION_PREFIX}${execution}.json`;

/** What a pod at the place saw of its database before the plan was made, by the execution. */
export const RESTORE_EXTENSION_PREFIX = 'backup/restore-extensions/';
export const restoreExtensionKey = (execution: string): string =>
  `${RESTORE_EXTENSION_PREFIX}${execution}.json`;
/** Calls that watch that pod: it is given up after nine minutes, of which each takes most of one. */
export const MAX_EXTENSION_LOOKS = 30;

/** What a run learns on its way: `secrets` by fingerprints, `objects` by how far they were copied back. */
export const restoreFactKey = ({ place, id }: RestoreReference, fact: 'secrets' | 'objects'): string =>
  `${RESTORE_PREFIX}${place}/facts/${id}/${fact}.json`;

/** What a restore replaces of a GitLab's secrets is kept in their vault under such a name; no set is called so. */
export const REPLACED_PREFIX = 'restore-';

/** Executions that make a safety backup are called so; no restore takes their sets unless somebody names one. */
export const SAFETY_EXECUTION_PREFIX = 'safety-';
