import { expectParts, listOff } from '../expected-parts.ts';
import { joinLooks, type Looked, marked, problem } from '../looked.ts';
import { markBuckets } from '../mark-buckets.ts';
import { type DatabaseLook, markDatabase } from '../mark-database.ts';
import { isOver, isPatient, SNAPSHOT_HOURS, waitForMark } from '../mark-pace.ts';
import { markRecoveryPoints } from '../mark-recovery-points.ts';
import { THE_DATABASE } from '../subjects.ts';
import { type StageRule, type StageSources, type StageView, waitForAnswer } from './stage.ts';

/**
 * Marks the database first, and the buckets once its snapshot is there: what the database points to was written before it
 * was pointed to, so that buckets of a later moment hold all of it.
 */
export const markBeforeJob: StageRule = async (view, sources) => {
  const { progress, now, release } = view;
  const since = new Date(progress.startedAt);
  const database = await lookAtDatabase(view, sources);
  const { making } = database;
  if (making && !isOver(since, now, SNAPSHOT_HOURS * 60)) {
    const { silentSince: _over, ...answered } = progress;
    const message = `RDS has made ${making.percent} % of snapshot ${making.id}.`;
    const waitSeconds = waitForMark(since, now);
    return { state: 'waiting', message, waitSeconds, progress: { ...answered, snapshot: making } };
  }
  const isWaiting = isPatient(progress, now);
  if (database.mayPass && isWaiting) return waitForAnswer(view, progress, database.problems);
  const look = joinLooks([making ? giveUp(making) : database, await lookAtOthers(view, sources, database)]);
  if (look.mayPass && isWaiting) return waitForAnswer(view, progress, look.problems);
  return { state: 'done', parts: look.parts, problems: look.problems, off: listOff(release) };
};

const lookAtDatabase = async (
  { reference, policy, now, mayWrite, signal }: StageView,
  { databases }: StageSources,
): Promise<DatabaseLook> => {
  const { database } = expectParts(policy);
  if (database === 'none') return marked();
  const instance = policy.settings.database?.instance;
  const request = { set: reference, instance, snapshot: database === 'required', now };
  return markDatabase(request, databases, mayWrite, signal);
};

/** A snapshot that takes longer is no part of this set: what the set holds must be of about one time. */
const giveUp = ({ id, percent }: NonNullable<DatabaseLook['making']>): Looked =>
  problem(
    'snapshot-unfinished',
    THE_DATABASE,
    `Snapshot ${id} was at ${percent} % after ${SNAPSHOT_HOURS} hours.`,
  );

const lookAtOthers = async (
  { policy, release, now, signal }: StageView,
  { buckets, recoveryPoints }: StageSources,
  { parts }: Looked,
): Promise<Looked> => {
  const expected = expectParts(policy);
  // A snapshot may have been taken since this look began, and RDS has a clock of its own.
  const moment = new Date(Math.max(now.getTime(), ...parts.map(({ takenAt }) => Date.parse(takenAt))));
  return joinLooks([
    await markBuckets(expected.buckets, release, moment, buckets, signal),
    await markRecoveryPoints(expected.recoveryPoints, recoveryPoints, signal),
  ]);
};
