import { mapBounded } from '../../clients/bounded.ts';
import type { BucketFacts } from '../../clients/bucket-facts.ts';
import type { ReleaseFacts } from '../../records/backup/release-facts.ts';
import type { BackupPart } from '../../records/backup/set-parts.ts';
import type { BucketComponent } from './expected-parts.ts';
import { joinLooks, type Looked, lookAt, marked, problem } from './looked.ts';
import { bucketSubject } from './subjects.ts';

/** Buckets asked at once; S3 answers each in some calls. */
const WIDTH = 4;

/**
 * Marks the buckets whose versions protect a component: the moment to go back to, and what leads there. One of a
 * component that is switched off is not looked at: it may not be there.
 *
 * @param components that the set leaves to versions.
 */
export const markBuckets = async (
  components: readonly BucketComponent[],
  release: ReleaseFacts | undefined,
  at: Date,
  facts: BucketFacts,
  signal?: AbortSignal,
): Promise<Looked> =>
  joinLooks(
    await mapBounded(components, WIDTH, async (component) => {
      const subject = bucketSubject(component);
      if (release?.state !== 'read') {
        const why = release?.problem ?? 'Nobody read the release.';
        return problem('release-unknown', subject, why);
      }
      const found = release.components.find((one) => one.component === component);
      if (found?.on !== true) return marked();
      const { bucket, path } = found;
      return bucket === undefined
        ? problem('bucket-unnamed', subject, `${path} holds no name of a bucket.`)
        : markBucket(component, bucket, at, facts, signal);
    }),
  );

/** Marks one bucket as it is now. @param at the moment that the mark leads back to. */
export const markBucket = (
  component: string,
  bucket: string,
  at: Date,
  facts: BucketFacts,
  signal?: AbortSignal,
): Promise<Looked> =>
  lookAt(bucketSubject(component), codeOf, async () => {
    const [versions, replica] = await Promise.all([
      facts.readVersions(bucket, signal),
      readReplica(bucket, facts, signal),
    ]);
    const part: BackupPart = {
      kind: 'bucket',
      takenAt: at.toISOString(),
      component,
      bucket,
      at: at.toISOString(),
      ...versions,
      replication: replica.state,
    };
    return { ...marked(part), mayPass: replica.mayPass };
  });

const codeOf = (code: string) => (code === 'bucket.missing' ? 'bucket-missing' : 'bucket-unknown');

type Replication = Extract<BackupPart, { kind: 'bucket' }>['replication'];

/** Versions alone make a mark; what could not be learned of the replica is part of it. */
const readReplica = async (
  bucket: string,
  facts: BucketFacts,
  signal: AbortSignal | undefined,
): Promise<{ readonly state: Replication; readonly mayPass: boolean }> => {
  let state: Replication = { status: 'unknown' };
  const { mayPass = false } = await lookAt(bucket, 'bucket-unknown', async () => {
    const { status, to, pending } = await facts.readReplication(bucket, signal);
    state = { status, ...(to === undefined ? {} : { to }), ...(pending === undefined ? {} : { pending }) };
    return marked();
  });
  return { state, mayPass };
};
