import type { DatabaseSnapshot, DatabaseState, Databases } from '../../clients/databases.ts';
import type { SetReference } from '../../records/backup/run.ts';
import type { BackupPart } from '../../records/backup/set-parts.ts';
import { type Looked, lookAt, marked, problem } from './looked.ts';
import { nameSnapshot } from './snapshot-name.ts';
import { THE_DATABASE } from './subjects.ts';

/**
 * RDS can go back to a moment some five minutes ago; far behind that its own backups stand still.
 *
 * Source: RDS User Guide, "Restoring a DB instance to a specified time": uploaded every five minutes.
 */
const RESTORABLE_MINUTES = 30;

interface DatabaseRequest {
  readonly set: SetReference;
  /** Identifier of the instance or cluster; undefined where drydock.yaml names none. */
  readonly instance: string | undefined;
  /** Make a snapshot, as a set needs that has no dump. */
  readonly snapshot: boolean;
  readonly now: Date;
}

/** A look at a database, and the snapshot that is still being made. */
export interface DatabaseLook extends Looked {
  readonly making?: { readonly id: string; readonly arn: string; readonly percent: number };
}

/**
 * Marks the database: the point in time to which RDS can go back, and a snapshot named after the set.
 *
 * @param mayWrite asked before a snapshot is made: has somebody ended this run? Throws when so.
 */
export const markDatabase = async (
  request: DatabaseRequest,
  databases: Databases,
  mayWrite: () => Promise<void>,
  signal?: AbortSignal,
): Promise<DatabaseLook> => {
  const { instance, snapshot } = request;
  if (instance === undefined) {
    return problem('database-missing', THE_DATABASE, 'drydock.yaml names no database of this environment.');
  }
  const ask = async (): Promise<DatabaseLook> => {
    const state = await databases.describe(instance, signal);
    if (!state) return problem('database-missing', THE_DATABASE, `RDS has no database ${instance}.`);
    if (!snapshot) return describePoint(state, request.now);
    const made = await ensureSnapshot(state, request, databases, mayWrite, signal);
    return made.status === 'available' || made.status === 'creating'
      ? describeSnapshot(state, made, request.now)
      : problem('snapshot-failed', THE_DATABASE, `Snapshot ${made.id} is ${made.status}.`);
  };
  return lookAt(THE_DATABASE, codeOf, ask);
};

/** RDS refuses a snapshot whose name another has, and of a database that is being changed until that is over. */
const codeOf = (code: string) => (NO_SNAPSHOT.includes(code) ? 'snapshot-failed' : 'database-unknown');
const NO_SNAPSHOT: readonly string[] = ['rds.refused', 'rds.snapshot-taken', 'rds.busy'];

const ensureSnapshot = async (
  state: DatabaseState,
  { set }: DatabaseRequest,
  databases: Databases,
  mayWrite: () => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<DatabaseSnapshot> => {
  const id = nameSnapshot(set);
  const there = await databases.findSnapshot(state, id, signal);
  if (there) return there;
  await mayWrite();
  const { environment, policy } = set;
  const tags = { 'drydock:environment': environment, 'drydock:policy': policy, 'drydock:set': set.id };
  return databases.createSnapshot(state, id, tags, signal);
};

const describePoint = (state: DatabaseState, now: Date): Looked => {
  const told = judgePoint(state, now);
  const { latestRestorableTime } = state;
  if (told || latestRestorableTime === undefined) return told ?? marked();
  return marked({ ...describe(state), takenAt: latestRestorableTime, latestRestorableTime });
};

/** The snapshot is the moment that counts: it is there when points in time have ended. */
const describeSnapshot = (state: DatabaseState, snapshot: DatabaseSnapshot, now: Date): DatabaseLook => {
  const { id, arn, percent, status, takenAt } = snapshot;
  if (status !== 'available' || takenAt === undefined) {
    return { ...marked(), making: { id, arn, percent } };
  }
  const told = judgePoint(state, now);
  const { latestRestorableTime } = state;
  const part: BackupPart = {
    ...describe(state),
    takenAt,
    ...(latestRestorableTime === undefined ? {} : { latestRestorableTime }),
    snapshot: { arn, createdAt: takenAt },
  };
  return { parts: [part], problems: told?.problems ?? [] };
};

const describe = ({ identifier, allocatedGib }: DatabaseState) => ({
  kind: 'database' as const,
  instance: identifier,
  ...(allocatedGib === undefined ? {} : { allocatedGib }),
});

const judgePoint = (
  { identifier, retentionDays, latestRestorableTime }: DatabaseState,
  now: Date,
): Looked | undefined => {
  if (retentionDays === 0 || latestRestorableTime === undefined) {
    const message = `RDS makes no backups of ${identifier} by itself, so it can go back to no point in time.`;
    return problem('restorable-time-none', THE_DATABASE, message);
  }
  const minutes = Math.floor((now.getTime() - Date.parse(latestRestorableTime)) / 60_000);
  if (minutes <= RESTORABLE_MINUTES) return undefined;
  const message = `RDS can take ${identifier} back to ${latestRestorableTime} at the latest, ${minutes} minutes ago.`;
  return problem('restorable-time-old', THE_DATABASE, message);
};
