import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import { type LargeObjects, startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { describeArchiveStore, type WritableS3 } from './contracts/archive-store.contract.ts';

/** The archive store on the stand-in for large objects: what it promises on any S3, and sizes that no other holds. */

let stand: LargeObjects;
let s3: WritableS3;
beforeAll(async () => {
  stand = await startLargeObjects({ plainBuckets: ['plain'] });
  s3 = {
    client: connectS3(stand.url),
    versioned: 'versioned',
    plain: 'plain',
    put: async (bucket, key, plan) => void stand.put(bucket, key, plan),
    delete: async (bucket, key) => stand.delete(bucket, key),
  };
});
afterAll(() => stand.stop());

describeArchiveStore('the stand-in', () => s3);

describe('an archive of terabytes', () => {
  const plan = { seed: 'large', bytes: 4e12, members: 40, databaseBytes: 1e6 };

  it('has its exact size, and the bytes at its end are read', async () => {
    const { archive } = stand.put('versioned', 'large.tar', plan);
    const store = openArchiveStore({ bucket: 'versioned', key: 'large.tar', client: s3.client });
    const described = await store.describe();
    expect(described.size).toBe(archive.size);
    const last = archive.startOf(archive.members - 1);
    const header = await store.open(described).read(last, 512);
    expect(Buffer.from(header).toString()).toMatch(/^\.\/backup_information\.yml\0/);
  });

  it('is described with its checksum, key, class and lock', async () => {
    stand.put('versioned', 'locked.tar', plan, {
      'x-amz-checksum-crc64nvme': 'Z2FyZ2xlIQA=',
      'x-amz-checksum-type': 'FULL_OBJECT',
      'x-amz-storage-class': 'STANDARD_IA',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:111122223333:key/k',
      'x-amz-object-lock-mode': 'GOVERNANCE',
      'x-amz-object-lock-retain-until-date': '2027-01-01T00:00:00Z',
    });
    const store = openArchiveStore({ bucket: 'versioned', key: 'locked.tar', client: s3.client });
    expect(await store.describe()).toMatchObject({
      checksum: { algorithm: 'CRC64NVME', value: 'Z2FyZ2xlIQA=', type: 'full-object' },
      storageClass: 'STANDARD_IA',
      kmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/k',
      lockMode: 'GOVERNANCE',
      lockedUntil: '2027-01-01T00:00:00.000Z',
    });
  });
});
