import type {
  BucketEncryption,
  BucketFacts,
  BucketLock,
  BucketReplica,
  BucketSize,
  BucketVersions,
  ReplicationState,
} from '../../functions/clients/bucket-facts.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';

/** One bucket; what is not said of it is as in a bucket that somebody made with care. */
export interface FakeBucket {
  readonly versions: BucketVersions;
  readonly replicas: readonly BucketReplica[];
  readonly replication: ReplicationState;
  readonly size: BucketSize | undefined;
  readonly encryption: BucketEncryption;
  readonly lock: BucketLock;
}

const ORDINARY: FakeBucket = {
  versions: { versioning: 'enabled' },
  replicas: [],
  replication: { status: 'none' },
  size: { bytes: 10e9, objects: 1_000, countedAt: '2026-11-20T00:00:00.000Z' },
  encryption: { algorithm: 'AES256' },
  lock: { enabled: false },
};

export interface FakeBucketFacts extends BucketFacts {
  put(bucket: string, facts?: Partial<FakeBucket>): void;
  /** Methods that fail from now on, and how. */
  fail(method: keyof BucketFacts, error: Error): void;
}

/** Buckets in memory. */
export const createFakeBucketFacts = (): FakeBucketFacts => {
  const buckets = new Map<string, FakeBucket>();
  const failures = new Map<keyof BucketFacts, Error>();
  const read =
    <Key extends keyof FakeBucket>(method: keyof BucketFacts, key: Key) =>
    async (bucket: string): Promise<FakeBucket[Key]> => {
      const failure = failures.get(method);
      if (failure) throw failure;
      const found = buckets.get(bucket);
      if (!found) throw new RefusedError('bucket.missing', `There is no bucket ${bucket}.`);
      return found[key];
    };
  return {
    put: (bucket, facts = {}) => void buckets.set(bucket, { ...ORDINARY, ...facts }),
    fail: (method, error) => void failures.set(method, error),
    readVersions: read('readVersions', 'versions'),
    readReplicas: read('readReplicas', 'replicas'),
    readReplication: read('readReplication', 'replication'),
    readSize: read('readSize', 'size'),
    readEncryption: read('readEncryption', 'encryption'),
    readLock: read('readLock', 'lock'),
  };
};
