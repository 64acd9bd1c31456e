import type { BucketFacts } from '../../../clients/bucket-facts.ts';
import type { DatabaseRestore } from '../../../clients/database-restore.ts';
import type { Databases } from '../../../clients/databases.ts';
import type { ObjectKeys } from '../../../clients/object-keys.ts';
import type { ObjectVersions } from '../../../clients/object-versions.ts';
import type { BackupSet } from '../../../records/backup/set.ts';
import { MANIFEST_PREFIX } from '../../marks/gitaly-count.ts';
import { nameSnapshot } from '../../marks/snapshot-name.ts';
import { learn } from '../../preflight/learn.ts';
import { type NativeParts, type NativePlace, type NativeView, partsOf } from './native-view.ts';
import { nameInstances } from './run-instances.ts';

/** Where a native set and its place are looked at before it is restored. All of it reads. */
export interface NativeSources {
  readonly databases: Pick<Databases, 'findSnapshot'>;
  readonly databaseRestore: Pick<DatabaseRestore, 'find'>;
  readonly buckets: Pick<BucketFacts, 'readVersions'>;
  readonly versions: Pick<ObjectVersions, 'list'>;
  readonly keys: ObjectKeys;
  readonly key: (
    arn: string,
    signal: AbortSignal,
  ) => Promise<{ readonly usable: boolean; readonly reason: string }>;
}

interface NativeTask {
  readonly set: Pick<BackupSet, 'environment' | 'id' | 'parts'>;
  readonly place: NativePlace;
  readonly sourceBuckets: readonly string[];
  /** Id of the run that would restore it. */
  readonly run: string;
}

/** Gathers it, all at once. What can not be learned says why. */
export const viewNative = async (
  { set, place, sourceBuckets, run }: NativeTask,
  sources: NativeSources,
  signal: AbortSignal,
): Promise<NativeView> => {
  const parts = partsOf(set.parts);
  const origin = parts.database?.instance ?? '';
  const instance = place.isOther ? (place.instance ?? '') : origin;
  const names = nameInstances(instance, run);
  const [database, snapshot, buckets, manifests] = await Promise.all([
    learn(() => findInstances({ origin, instance, ...names }, sources, signal), signal),
    learn(async () => findSnapshot(set, parts, sources, signal), signal),
    Promise.all(parts.buckets.map((part) => viewBucket(part, sources, signal))),
    learn(() => findManifests(parts, sources, signal), signal),
  ]);
  const arn = snapshot.known ? snapshot.value?.kmsKey : undefined;
  const key = await learn(
    async () => (arn === undefined ? undefined : await sources.key(arn, signal)),
    signal,
  );
  return {
    parts,
    place,
    sourceBuckets,
    names,
    database,
    snapshot,
    key,
    buckets,
    manifests,
  };
};

const findInstances = async (
  {
    origin,
    instance,
    interim,
    kept,
  }: NativeView['names'] & { readonly origin: string; readonly instance: string },
  { databaseRestore }: NativeSources,
  signal: AbortSignal,
) => {
  if (instance === '' || origin === '') {
    return { origin: undefined, main: undefined, interim: undefined, kept: undefined };
  }
  const [main, second, third, first] = await Promise.all(
    [instance, interim, kept, ...(origin === instance ? [] : [origin])].map((one) =>
      databaseRestore.find(one, signal),
    ),
  );
  return { origin: origin === instance ? main : first, main, interim: second, kept: third };
};

const findSnapshot = async (
  set: NativeTask['set'],
  { database }: NativeParts,
  { databases }: NativeSources,
  signal: AbortSignal,
) => {
  if (!database?.snapshot) return undefined;
  const reference = { kind: 'instance' as const, identifier: database.instance };
  const found = await databases.findSnapshot(reference, nameSnapshot(set), signal);
  return found?.arn === database.snapshot.arn ? found : undefined;
};

/** From these S3 copies nothing before somebody has had it restored. Source: Amazon S3 User Guide, "Storage classes". */
const ARCHIVED: readonly string[] = ['GLACIER', 'DEEP_ARCHIVE'];

const viewBucket = async (
  { component, bucket }: NativeParts['buckets'][number],
  { buckets, versions }: NativeSources,
  signal: AbortSignal,
): Promise<NativeView['buckets'][number]> => {
  const [how, archived] = await Promise.all([
    learn(() => buckets.readVersions(bucket, signal), signal),
    learn(async () => {
      const page = await versions.list(bucket, undefined, signal);
      return page.versions.filter(({ object }) => ARCHIVED.includes(object?.storageClass ?? '')).length;
    }, signal),
  ]);
  return { component, bucket, versions: how, archived };
};

/** Pages of a thousand names; a bucket holds every backup of every repository. */
const MANIFEST_PAGES = 5;

const findManifests = async (
  { gitaly }: NativeParts,
  { keys }: NativeSources,
  signal: AbortSignal,
): Promise<Extract<NativeView['manifests'], { known: true }>['value']> => {
  if (!gitaly) return { found: 0, isAll: true, storages: [] };
  let found = 0;
  const storages = new Set<string>();
  let after: string | undefined;
  for (let pages = 0; pages < MANIFEST_PAGES; pages++) {
    const page = await keys.list(gitaly.bucket, MANIFEST_PREFIX, after, signal);
    const ours = page.keys.filter((key) => key.endsWith(`/${gitaly.id}.toml`));
    found += ours.length;
    for (const key of ours) storages.add(key.slice(MANIFEST_PREFIX.length).split('/')[0] ?? '');
    if (!page.more) return { found, isAll: true, storages: [...storages] };
    after = page.keys.at(-1);
  }
  return { found, isAll: false, storages: [...storages] };
};
