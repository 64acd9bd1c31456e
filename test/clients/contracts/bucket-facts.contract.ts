import { beforeAll, describe, expect, it } from 'vitest';
import type { BucketFacts } from '../../../functions/clients/bucket-facts.ts';

/** What every `BucketFacts` promises, the fake of the tests as the one of S3. */

interface Subject {
  readonly buckets: BucketFacts;
  /** As S3 makes one: no versions, no replica, no lock, not counted yet. */
  readonly bare: string;
  /** With versions that last for 90 days, and a rule that copies all of it to `replica`. */
  readonly versioned: string;
  readonly replica: string;
  /** With object lock, 14 days in governance mode, and a key of KMS. */
  readonly locked: string;
  readonly key: string;
  /** Counted by S3: 2.005 TB in 42 objects. */
  readonly counted: string;
}

const METHODS = [
  'readVersions',
  'readReplicas',
  'readReplication',
  'readSize',
  'readEncryption',
  'readLock',
] as const satisfies readonly (keyof BucketFacts)[];

export const describeBucketFacts = (name: string, open: () => Promise<Subject>): void => {
  describe(`facts of buckets: ${name}`, () => {
    let subject: Subject;
    beforeAll(async () => {
      subject = await open();
    });

    it('of a bucket as it was made are no versions, no replica and no lock', async () => {
      const { buckets, bare } = subject;
      expect(await buckets.readVersions(bare)).toEqual({ versioning: 'off' });
      expect(await buckets.readReplicas(bare)).toEqual([]);
      expect(await buckets.readReplication(bare)).toEqual({ status: 'none' });
      expect(await buckets.readLock(bare)).toEqual({ enabled: false });
      expect(await buckets.readEncryption(bare)).toEqual({ algorithm: 'AES256' });
      expect(await buckets.readSize(bare)).toBeUndefined();
    });

    it('are its versions, how long they last, and where they are copied to', async () => {
      const { buckets, versioned, replica } = subject;
      expect(await buckets.readVersions(versioned)).toEqual({ versioning: 'enabled', noncurrentDays: 90 });
      expect(await buckets.readReplicas(versioned)).toEqual([{ rule: 'all', to: replica, isWhole: true }]);
      expect(await buckets.readReplication(versioned)).toMatchObject({ status: 'unknown', to: replica });
    });

    it('are its lock and its key, by the own name of the key', async () => {
      const { buckets, locked, key } = subject;
      expect(await buckets.readLock(locked)).toEqual({
        enabled: true,
        default: { mode: 'GOVERNANCE', days: 14 },
      });
      expect(await buckets.readEncryption(locked)).toEqual({ algorithm: 'aws:kms', kmsKey: key });
    });

    it('are its size as it was counted last, and when that was', async () => {
      const { buckets, counted } = subject;
      const size = await buckets.readSize(counted);
      expect(size).toMatchObject({ bytes: 2.005e12, objects: 42 });
      expect(Date.parse(size?.countedAt ?? '')).not.toBeNaN();
    });

    it.each(METHODS)('are missing where there is no bucket, by %s', async (method) => {
      await expect(subject.buckets[method]('acme-gone')).rejects.toMatchObject({
        name: 'RefusedError',
        code: 'bucket.missing',
      });
    });
  });
};
