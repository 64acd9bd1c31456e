import { nameSnapshot } from '../../functions/backup/marks/snapshot-name.ts';
import { nameInstances } from '../../functions/backup/restore/native/run-instances.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import { Configuration } from '../../functions/records/configuration.ts';
import { createRestoreSite, SITE_CONFIGURATION } from './restore-site.ts';

/** A GitLab in memory whose newest set is a native one: a snapshot, versions of a bucket, and what Gitaly wrote. */

export const INSTANCE = 'gitlab-db';
export const UPLOADS = 'acme-uploads';

const production = SITE_CONFIGURATION.backup?.environments['production'];
export const NATIVE_CONFIGURATION = Configuration.parse({
  ...SITE_CONFIGURATION,
  backup: {
    environments: {
      production: {
        ...production,
        database: { instance: INSTANCE },
        gitaly: { bucket: 'acme-gitaly' },
        sourceBuckets: ['acme-*'],
        policies: { daily: { kind: 'native', schedule: 'cron(0 3 * * ? *)' } },
      },
    },
  },
});

/** @param changes of the set. */
export const createNativeSite = async (changes: Partial<BackupSet> = {}) => {
  const base = await createRestoreSite();
  const { clock, store, databases, databaseRestore } = base;
  const set: BackupSet = { ...base.set, kind: 'native', ...changes };
  databases.put({ identifier: INSTANCE });
  databaseRestore.put(INSTANCE);
  const snapshot = await databases.createSnapshot(
    { kind: 'instance', identifier: INSTANCE },
    nameSnapshot(set),
    {},
  );
  const bucket = store.bucket(UPLOADS);
  for (const key of ['a', 'b', 'c/d']) bucket.put(key, 'of the set');
  const at = clock.now().toISOString();
  const then = bucket.state();
  store.manifests.push(`manifests/default/@hashed/aa/bb.git/${set.id}.toml`);
  const native: BackupSet = {
    ...set,
    takenAt: at,
    parts: [
      {
        kind: 'database',
        takenAt: at,
        instance: INSTANCE,
        latestRestorableTime: at,
        snapshot: { arn: snapshot.arn, createdAt: at },
      },
      {
        kind: 'bucket',
        takenAt: at,
        component: 'uploads',
        bucket: UPLOADS,
        at,
        versioning: 'enabled',
        replication: { status: 'complete' },
      },
      { kind: 'gitaly', takenAt: at, id: set.id, bucket: 'acme-gitaly', projects: 1 },
    ],
    ...changes,
  };
  // Its secrets lie in the vault under its id.
  await base.deps.sets.change(native, () => native);
  // What people did since, and what a restore takes away again.
  clock.advance(3_600_000);
  bucket.put('a', 'later');
  bucket.remove('b');
  bucket.put('new', 'later');
  clock.advance(3_600_000);
  const deps = { ...base.deps, configuration: NATIVE_CONFIGURATION };
  return {
    ...base,
    deps,
    native,
    bucket,
    /** What the bucket held at the moment of the set, and right before the restore. */
    atSet: then,
    before: bucket.state(),
    names: nameInstances(INSTANCE, 'restore-1'),
  };
};
export type NativeSite = Awaited<ReturnType<typeof createNativeSite>>;
