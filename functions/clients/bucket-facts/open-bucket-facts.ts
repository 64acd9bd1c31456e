import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { BucketFacts } from '../bucket-facts.ts';
import { type BucketPlace, findBucket } from './bucket-call.ts';
import { readEncryption } from './read-encryption.ts';
import { readLock } from './read-lock.ts';
import { readReplicas } from './read-replicas.ts';
import { readReplication } from './read-replication.ts';
import { readSize } from './read-size.ts';
import { readVersions } from './read-versions.ts';

/** Buckets of any region, under the credentials of this process. @param home region that is asked first. */
export const openBucketFacts = (home: string, clock: Clock = systemClock): BucketFacts => {
  const inPlace =
    <T>(read: (place: BucketPlace, signal: AbortSignal | undefined) => Promise<T>) =>
    async (bucket: string, signal?: AbortSignal): Promise<T> =>
      read(await findBucket(home, bucket, signal), signal);
  return {
    readVersions: inPlace(readVersions),
    readReplicas: inPlace(readReplicas),
    readReplication: inPlace((place, signal) => readReplication(place, { home, now: clock.now() }, signal)),
    readSize: inPlace((place, signal) => readSize(place, clock.now(), signal)),
    readEncryption: inPlace(readEncryption),
    readLock: inPlace(readLock),
  };
};
