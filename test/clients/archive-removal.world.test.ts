import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ArchiveRemoval, openArchiveRemoval } from '../../functions/clients/archive-removal.ts';
import { DefectError, RefusedError } from '../../functions/runtime/errors.ts';
import { openRoleSession } from '../support/role-session.ts';
import { useAws } from '../support/world/use-aws.ts';

/** Deletions on real S3 calls, with rights and object locks that are enforced. */

const local = useAws();
beforeAll(async () => {
  await local().s3.send(new CreateBucketCommand({ Bucket: 'plain' }));
  await local().s3.send(new CreateBucketCommand({ Bucket: 'versioned' }));
  const versioning = { Bucket: 'versioned', VersioningConfiguration: { Status: 'Enabled' as const } };
  await local().s3.send(new PutBucketVersioningCommand(versioning));
  await local().s3.send(new CreateBucketCommand({ Bucket: 'locked', ObjectLockEnabledForBucket: true }));
});

const put = async (Bucket: string, Key: string, until?: Date): Promise<string> => {
  const lock = until ? { ObjectLockMode: 'GOVERNANCE' as const, ObjectLockRetainUntilDate: until } : {};
  const { VersionId } = await local().s3.send(
    new PutObjectCommand({ Bucket, Key, Body: 'archive', ...lock }),
  );
  return VersionId ?? 'null';
};
const removalOf = (bucket: string): ArchiveRemoval => openArchiveRemoval({ bucket, client: local().s3 });
const inDays = (days: number): Date => new Date(Math.floor(Date.now() / 1000) * 1000 + days * 86_400_000);

/** The rights of the role that deletes. */
const RIGHTS = ['s3:ListBucketVersions', 's3:DeleteObjectVersion', 's3:GetObjectRetention'];
const removalAs = async (
  role: string,
  actions: readonly string[],
  bucket: string,
): Promise<ArchiveRemoval> => {
  const { environment } = await openRoleSession(local().aws, role, actions);
  const client = new S3Client({
    endpoint: local().aws.url,
    region: local().aws.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: {
      accessKeyId: environment['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: environment['AWS_SECRET_ACCESS_KEY'] ?? '',
      sessionToken: environment['AWS_SESSION_TOKEN'] ?? '',
    },
  });
  return openArchiveRemoval({ bucket, client });
};
const refusal = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the versions of an archive', () => {
  it('are all of its key, markers included, and none of a key that only begins like it', async () => {
    const versions = [await put('versioned', 'a.tar'), await put('versioned', 'a.tar')];
    await put('versioned', 'a.tar.more');
    await local().s3.send(new DeleteObjectCommand({ Bucket: 'versioned', Key: 'a.tar' }));
    const removal = removalOf('versioned');
    const found = await removal.listVersions('a.tar');
    expect(
      found
        .filter(({ isMarker }) => !isMarker)
        .map(({ versionId }) => versionId)
        .toSorted(),
    ).toEqual(versions.toSorted());
    expect(found.filter(({ isMarker }) => isMarker)).toHaveLength(1);
    for (const version of found) expect(await removal.remove(version)).toEqual({ ok: true });
    expect(await removal.listVersions('a.tar')).toEqual([]);
    expect(await removal.listVersions('a.tar.more')).toHaveLength(1);
  });

  it('is one named null in a bucket without versions', async () => {
    await put('plain', 'b.tar');
    const removal = removalOf('plain');
    const [only, ...others] = await removal.listVersions('b.tar');
    expect([only?.versionId, others]).toEqual(['null', []]);
    if (only) await removal.remove(only);
    const look = local().s3.send(new HeadObjectCommand({ Bucket: 'plain', Key: 'b.tar' }));
    await expect(look).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('that are gone are as good as deleted, and a deletion that names none is our defect', async () => {
    const removal = removalOf('versioned');
    const versionId = await put('versioned', 'c.tar');
    const version = { key: 'c.tar', versionId, isMarker: false };
    expect(await removal.remove(version)).toEqual({ ok: true });
    expect(await removal.remove(version)).toEqual({ ok: true });
    await expect(removal.remove({ ...version, versionId: '' })).rejects.toThrow(DefectError);
  });

  it('of a bucket that is not there are refused', async () => {
    await expect(removalOf('nowhere').listVersions('a')).rejects.toMatchObject({ code: 'archive.no-bucket' });
  });
});

describe('an object lock', () => {
  it('refuses the deletion to the role that deletes, which learns until when', async () => {
    const until = inDays(3);
    const versionId = await put('locked', 'd.tar', until);
    const removal = await removalAs('deleting', RIGHTS, 'locked');
    const [version] = await removal.listVersions('d.tar');
    expect(version).toEqual({ key: 'd.tar', versionId, isMarker: false });
    if (!version) return;
    expect(await removal.lockedUntil(version)).toBe(until.toISOString());
    expect(await removal.remove(version)).toEqual({ ok: false, reason: 'locked' });
    expect(await removal.listVersions('d.tar')).toHaveLength(1);
  });

  it('is told from a right that is missing', async () => {
    await put('versioned', 'e.tar');
    const removal = await removalAs('looking', ['s3:ListBucketVersions'], 'versioned');
    const [version] = await removal.listVersions('e.tar');
    const error = version && (await refusal(removal.remove(version)));
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ code: 'archive.forbidden', permission: 's3:DeleteObjectVersion' });
  });

  it('that this role may not ask for is unknown, and holds all the same', async () => {
    const versionId = await put('locked', 'f.tar', inDays(3));
    const removal = await removalAs('blind', RIGHTS.slice(0, 2), 'locked');
    const version = { key: 'f.tar', versionId, isMarker: false };
    expect(await removal.lockedUntil(version)).toBeUndefined();
    expect(await removal.remove(version)).toEqual({ ok: false, reason: 'locked' });
  });

  it('is none where none was set, and none on a marker', async () => {
    const versionId = await put('versioned', 'g.tar');
    const removal = removalOf('versioned');
    expect(await removal.lockedUntil({ key: 'g.tar', versionId, isMarker: false })).toBeUndefined();
    expect(await removal.lockedUntil({ key: 'g.tar', versionId: 'x', isMarker: true })).toBeUndefined();
  });
});
