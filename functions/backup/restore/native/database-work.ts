import type { DatabaseRestore, InstanceState } from '../../../clients/database-restore.ts';
import { RESTORE_TAG } from '../../../records/backup/instance-names.ts';
import type { NativeDatabase } from '../../../records/backup/native-restore.ts';
import type { RestoreRun } from '../../../records/backup/restore.ts';
import { RefusedError } from '../../../runtime/errors.ts';
import type { CurrentStep } from '../run-steps.ts';
import { type Arrangement, nextRename } from './arrangement.ts';
import { isOfTry, type RestoreDatabaseFact, tryOf } from './native-facts.ts';

/** One look at the databases of a restore, and at most one thing that is done to them. */

interface DatabaseTask {
  readonly run: RestoreRun;
  readonly current: CurrentStep;
  readonly database: NativeDatabase;
  /** Of the look before, whatever step it was of. */
  readonly before: RestoreDatabaseFact | undefined;
  readonly now: Date;
}

interface DatabaseTools {
  readonly databases: DatabaseRestore;
  /** Asked right before anything is changed. */
  readonly isOurs: () => Promise<boolean>;
}

type Found = Readonly<Record<'main' | 'interim' | 'kept', InstanceState | undefined>>;
type Result = Pick<RestoreDatabaseFact, 'state' | 'message' | 'old' | 'fresh' | 'adjusted'>;

/** A name is effective after some ten minutes, and an instance is gone after as many. Source: RDS User Guide, "Renaming a DB instance". */
const RENAME_MINUTES = 60;
/** A database of some terabytes is there within hours; its blocks come after. */
const RESTORE_HOURS = 24;

/** States from which an instance comes to no good by itself. Source: RDS User Guide, "DB instance status". */
const BROKEN =
  /^(failed|incompatible-|inaccessible-|insufficient-capacity|restore-error|storage-full|deleting)/;

/**
 * Looks at the instances, and does the next thing: all of it can be done again, since what is seen decides.
 *
 * @returns what is left for whoever carries the restore; undefined when the place is another execution's by now.
 * @throws TransientError while RDS does not answer.
 */
export const workOnDatabase = async (
  task: DatabaseTask,
  tools: DatabaseTools,
  signal: AbortSignal,
): Promise<RestoreDatabaseFact | undefined> => {
  const { run, current, before, now } = task;
  const startedAt = before && isOfTry(before, run, current) ? before.startedAt : now.toISOString();
  const known = {
    adjusted: before?.adjusted ?? false,
    ...(before?.old === undefined ? {} : { old: before.old }),
    ...(before?.fresh === undefined ? {} : { fresh: before.fresh }),
  };
  const minutes = (now.getTime() - Date.parse(startedAt)) / 60_000;
  try {
    const found = await findAll(task.database, tools.databases, signal);
    const result = await workerOf(current)({ ...task, found, known, minutes }, tools, signal);
    if (!result) return undefined;
    return { version: 1, ...tryOf(current), startedAt, readAt: now.toISOString(), ...known, ...result };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const failed = { state: 'failed' as const, message: error.message };
    return { version: 1, ...tryOf(current), startedAt, readAt: now.toISOString(), ...known, ...failed };
  }
};

const findAll = async (
  { instance, interim, kept }: NativeDatabase,
  databases: DatabaseRestore,
  signal: AbortSignal,
): Promise<Found> => {
  const [one, other, third] = await Promise.all(
    [instance, interim, kept].map((identifier) => databases.find(identifier, signal)),
  );
  return { main: one, interim: other, kept: third };
};

interface Work extends DatabaseTask {
  readonly found: Found;
  readonly known: Pick<Result, 'old' | 'fresh' | 'adjusted'>;
  readonly minutes: number;
}

/** `undefined`: another execution has the place. */
type Worker = (
  work: Work,
  tools: DatabaseTools,
  signal: AbortSignal,
) => Promise<(Pick<Result, 'state' | 'message'> & Partial<Result>) | undefined>;

const workerOf = ({ step }: Pick<CurrentStep, 'step'>): Worker => {
  if (step === 'restore-database') return makeInstance;
  return step === 'remove-database' ? removeInstance : swapInstances;
};

/** Makes the new instance beside the old one, and sets it up as that one is. */
const makeInstance: Worker = async ({ database, found, known, minutes, run }, tools, signal) => {
  const { main, interim } = found;
  const { instance, source, origin = instance } = database;
  const { databases, isOurs } = tools;
  if (!main)
    return { state: 'failed', message: `RDS has no database ${instance}, after which it would be set up` };
  const old = known.old ?? main.resourceId;
  const like = settingsFor(run, main);
  if (!interim) {
    const from = source.kind === 'snapshot' ? source : { ...source, instance: origin };
    if (!(await isOurs())) return undefined;
    await databases.restore(database.interim, from, like, signal);
    return { state: 'waiting', message: `RDS makes ${database.interim}`, old };
  }
  const { status, resourceId: fresh } = interim;
  const ids = { old, fresh };
  if (BROKEN.test(status)) return { state: 'failed', message: `${database.interim} is ${status}`, ...ids };
  if (status !== 'available') {
    return minutes > RESTORE_HOURS * 60
      ? { state: 'failed', message: `after ${RESTORE_HOURS} hours ${database.interim} is ${status}`, ...ids }
      : { state: 'waiting', message: `waits for ${database.interim}, which is ${status}`, ...ids };
  }
  if (known.adjusted) return { state: 'done', message: `${database.interim} is there`, ...ids };
  if (!(await isOurs())) return undefined;
  const adjusting = await databases.adjust(interim, like, signal);
  if (adjusting === 'busy') {
    return { state: 'waiting', message: `waits for ${database.interim}, which is being changed`, ...ids };
  }
  return adjusting === 'changed'
    ? { state: 'waiting', message: `sets ${database.interim} up as ${instance} is`, ...ids, adjusted: true }
    : { state: 'done', message: `${database.interim} is there`, ...ids, adjusted: true };
};

/**
 * Deletes what this restore has had made, known by what stays the same of it and by its tag. Where nobody wrote that down,
 * since the look that asked for it died, it is known by its name and its tag.
 */
const removeInstance: Worker = async ({ database, found, known: { fresh }, minutes, run }, tools, signal) => {
  const { interim } = database;
  const made = Object.values(found).find((one) =>
    fresh === undefined ? one?.identifier === interim : one?.resourceId === fresh,
  );
  if (!made) return { state: 'done', message: `${interim} is gone` };
  if (made.identifier !== interim || made.settings.tags[RESTORE_TAG] !== run.id) {
    return {
      state: 'failed',
      message: `${made.identifier} does not carry the name and the tag of this restore`,
    };
  }
  if (minutes > RENAME_MINUTES) {
    return { state: 'failed', message: `after ${RENAME_MINUTES} minutes ${interim} is ${made.status}` };
  }
  if (made.status !== 'deleting') {
    if (!(await tools.isOurs())) return undefined;
    await tools.databases.remove(interim, signal);
  }
  return { state: 'waiting', message: `waits until ${interim} is deleted, which is ${made.status}` };
};

/**
 * What it is set up like: the one that is there. Nobody misses an instance of a scratch, and whoever deletes it has to get
 * past no protection and finds no backups left of it.
 */
const settingsFor = ({ id, plan }: RestoreRun, { settings }: InstanceState): InstanceState['settings'] => {
  const like = { ...settings, tags: { ...settings.tags, [RESTORE_TAG]: id } };
  if (plan.target.kind !== 'scratch') return like;
  // Speed and bounds of a small instance may be none for one as large as the backup.
  const { iops: _, storageThroughput: __, maxAllocatedGib: ___, ...rest } = like;
  return { ...rest, deletionProtection: false, retentionDays: 0 };
};

/** Has the new instance take the identifier of the old one, or the old one take it back. */
const swapInstances: Worker = async ({ database, found, known, minutes, current }, tools, signal) => {
  const { old, fresh } = known;
  const isGivenBack = current.way === 'give-back';
  const isThere = found.main?.resourceId === old && found.main?.isRenaming === false;
  // The other one may have been deleted by somebody, and is not waited for.
  if (isGivenBack && (old === undefined || isThere)) {
    return { state: 'done', message: `${database.instance} is the one of the place` };
  }
  if (old === undefined || fresh === undefined) {
    return { state: 'failed', message: 'which instance is the new one was never written down' };
  }
  const isForward = current.step === 'swap-database' && !current.back;
  const goal: Arrangement = isForward
    ? new Map([
        [old, database.kept],
        [fresh, database.instance],
      ])
    : new Map([
        [old, database.instance],
        [fresh, database.interim],
      ]);
  const seen = Object.values(found).flatMap((one) => one ?? []);
  const next = nextRename(goal, seen);
  const which = isForward ? 'the new one' : 'the one of before';
  if (next.state === 'done') return { state: 'done', message: `${database.instance} is ${which}` };
  if (next.state === 'failed') return { state: 'failed', message: next.why };
  if (minutes > RENAME_MINUTES) {
    const stuck = next.state === 'wait' ? next.message : `${next.from} takes no other name`;
    return { state: 'failed', message: `after ${RENAME_MINUTES} minutes: ${stuck}` };
  }
  if (next.state === 'wait') return { state: 'waiting', message: next.message };
  if (!(await tools.isOurs())) return undefined;
  const isTaken = await tools.databases.rename(next.from, next.to, signal);
  const message = isTaken
    ? `renames ${next.from} to ${next.to}`
    : `waits for ${next.from}, which is being changed`;
  return { state: 'waiting', message };
};
