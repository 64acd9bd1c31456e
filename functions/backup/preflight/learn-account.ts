import type { BucketFacts } from '../../clients/bucket-facts.ts';
import type { DatabaseState, Databases } from '../../clients/databases.ts';
import type { RoleSimulation } from '../../clients/role-simulation.ts';
import type { ReleaseFacts } from '../../records/backup/release-facts.ts';
import type { BackupSubject } from '../backup-subject.ts';
import type { DatabaseFact, Known, PreflightFacts } from './facts.ts';
import { known, learn, unknown } from './learn.ts';
import { findSources } from './places.ts';
import { type BackupPlaces, requiredRights } from './required-rights.ts';

export interface AccountSources {
  readonly simulation: RoleSimulation;
  readonly databases: Databases;
  readonly buckets: BucketFacts;
}

type AccountFacts = Pick<PreflightFacts, 'places' | 'rights' | 'rawBytes' | 'database' | 'lock'>;

/** What AWS tells of the buckets, the role and the database of a backup. Nothing of it stops a backup by its absence. */
export const learnAccount = async (
  subject: BackupSubject,
  release: ReleaseFacts | undefined,
  sources: AccountSources,
  { now, signal }: { readonly now: Date; readonly signal: AbortSignal },
): Promise<AccountFacts> => {
  const { settings } = subject;
  const { buckets } = sources;
  const [{ places, rights }, rawBytes, database, lock] = await Promise.all([
    learnPlaces(subject, release, buckets, signal).then(async (found) => ({
      places: found,
      rights: await learnRights(settings.role, found, release, sources, signal),
    })),
    learnRawBytes(subject, release, buckets, signal),
    learnDatabase(subject, sources.databases, now, signal),
    learn(() => buckets.readLock(settings.destination.bucket, signal), signal),
  ]);
  return { places, rights, rawBytes, database, lock };
};

/** Names of a KMS key that a policy can allow as they stand. */
const KEY_ARN = /^arn:[^:]+:kms:[^:]*:\d{12}:key\//;

const learnPlaces = async (
  subject: BackupSubject,
  release: ReleaseFacts | undefined,
  buckets: BucketFacts,
  signal: AbortSignal,
): Promise<BackupPlaces> => {
  const { destination, tmpBucket, role } = subject.settings;
  const sources = findSources(subject, release);
  const keyOf = (bucket: string): Promise<Known<string | undefined>> =>
    learn(async () => (await buckets.readEncryption(bucket, signal)).kmsKey, signal);
  const named = destination.kmsKey !== undefined && KEY_ARN.test(destination.kmsKey);
  const [backupKey, ...keys] = await Promise.all([
    named ? known(destination.kmsKey) : keyOf(destination.bucket),
    ...sources.buckets.map(keyOf),
  ]);
  const found = keys.flatMap((key) => (key.known && key.value !== undefined ? [key.value] : []));
  const unknownKeys = [backupKey, ...keys].flatMap((key) => (key.known ? [] : [key.why]));
  const partition = role.split(':')[1];
  return {
    sources: sources.buckets,
    backup: destination.bucket,
    tmp: tmpBucket,
    sourceKeys: [...new Set(found)],
    ...(backupKey.known && backupKey.value !== undefined && { backupKey: backupKey.value }),
    ...(sources.unknown !== undefined && { unknownSources: sources.unknown }),
    ...(unknownKeys.length > 0 && { unknownKeys: [...new Set(unknownKeys)] }),
    ...(partition && { partition }),
  };
};

/** Keys in a Secret are those of a user of IAM: what the role may do is of no account then. */
const learnRights = async (
  role: string,
  places: BackupPlaces,
  release: ReleaseFacts | undefined,
  { simulation }: AccountSources,
  signal: AbortSignal,
): Promise<PreflightFacts['rights']> => {
  if (release?.state === 'read' && release.store?.credentials === 'keys') {
    return unknown('GitLab reaches its buckets by the keys of a user, and not by a role');
  }
  return learn(() => simulation.simulate(role, requiredRights(places), signal), signal);
};

const learnRawBytes = async (
  subject: BackupSubject,
  release: ReleaseFacts | undefined,
  buckets: BucketFacts,
  signal: AbortSignal,
): Promise<Known<number>> => {
  const sources = findSources(subject, release);
  if (sources.unknown !== undefined) return unknown(sources.unknown);
  const sizes = await Promise.all(
    sources.buckets.map((bucket) => learn(() => buckets.readSize(bucket, signal), signal)),
  );
  let bytes = 0;
  for (const found of sizes) {
    if (!found.known) return found;
    // S3 counts no empty bucket. One of yesterday has no count either, and hardly much in it.
    bytes += found.value?.bytes ?? 0;
  }
  return known(bytes);
};

const learnDatabase = async (
  { settings, region }: BackupSubject,
  databases: Databases,
  now: Date,
  signal: AbortSignal,
): Promise<Known<DatabaseFact | undefined>> => {
  if (!settings.database) return known(undefined);
  const { instance } = settings.database;
  const found = await learn(() => databases.describe(instance, signal), signal);
  if (!found.known) return found;
  if (!found.value) return unknown(`RDS has no database ${instance} in ${region}`);
  const end = now.getTime() + settings.job.deadlineHours * 3_600_000;
  return known(describeDatabase(found.value, end));
};

/** @param end of the longest run that begins now: what RDS applies later is for later. */
const describeDatabase = (state: DatabaseState, end: number): DatabaseFact => ({
  identifier: state.identifier,
  status: state.status,
  ...(state.engineVersion && { version: state.engineVersion }),
  ...(state.backupWindow !== undefined && { backupWindow: state.backupWindow }),
  ...(state.maintenanceWindow !== undefined && { maintenanceWindow: state.maintenanceWindow }),
  pendingMaintenance: state.pending
    .filter(({ appliesAt }) => appliesAt === undefined || Date.parse(appliesAt) <= end)
    .map(({ action }) => action),
});
