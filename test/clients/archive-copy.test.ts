import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planCopy } from '../../functions/backup/copy/copy-plan.ts';
import { openArchiveCopier, readUploadedParts } from '../../functions/clients/archive-copy.ts';
import { openArchiveStore } from '../../functions/clients/archive-store.ts';
import { type LargeObjects, startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { describeArchiveCopier } from './contracts/archive-copier.contract.ts';

let stand: LargeObjects;
beforeAll(async () => {
  stand = await startLargeObjects();
});
afterAll(() => stand.stop());

describeArchiveCopier('the stand-in', () => ({
  client: connectS3(stand.url),
  source: 'archives',
  target: 'copies',
  put: async (bucket, key, plan) => void stand.put(bucket, key, plan),
}));

describe('what S3 refuses to copy', () => {
  const describeArchive = async (bytes: number) => {
    stand.put('archives', 'large.tar', { seed: 'large', bytes, members: 30 });
    return openArchiveStore({
      bucket: 'archives',
      key: 'large.tar',
      client: connectS3(stand.url),
    }).describe();
  };
  const copier = () =>
    openArchiveCopier({
      region: 'eu-central-1',
      bucket: 'copies',
      key: 'large.tar',
      client: connectS3(stand.url),
    });

  it('is more than 5 GiB in one request, or in one part, and no plan asks for that', async () => {
    const source = await describeArchive(6e9);
    const plan = planCopy(source, undefined);
    expect(plan.how).toBe('parts');
    const refused = { name: 'RefusedError', code: 'archive.refused' };
    await expect(copier().copyWhole(source, plan)).rejects.toMatchObject(refused);
    const uploadId = await copier().begin(source, plan);
    const large = { uploadId, number: 1, start: 0, end: 5.5e9 };
    await expect(copier().copyPart(source, large)).rejects.toMatchObject(refused);
  });

  it('is told how an archive was uploaded', async () => {
    const source = await describeArchive(1e9);
    const parts = await readUploadedParts(source, { client: connectS3(stand.url) });
    expect(parts).toEqual({ count: Math.ceil(source.size / 2 ** 23), first: 2 ** 23 });
  });
});
