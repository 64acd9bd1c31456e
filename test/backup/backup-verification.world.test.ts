import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { verificationRecordKind } from '../../functions/backup/verify/verification-record.ts';
import { type BackupSet, backupSetKey } from '../../functions/records/backup/set.ts';
import type { BackupSetEntry } from '../../functions/records/backup/set-index.ts';
import { verifiedBackupKey } from '../../functions/records/verified-backup.ts';
import { BACKUP_TIME, buildEntry } from '../support/backup-sets.ts';
import { manifestOf } from '../support/backup-upkeep.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { useUpkeepWorld } from '../support/upkeep-world.ts';
import { waitFor } from '../support/world/wait-for.ts';
import { gitlabFiles, noise, packTar, without } from './verify/gitlab-archive.ts';

/** Sets that are read and copied by real Lambdas, under the roles of the stack, from real buckets. */

const ARCHIVES = 'production-backups';
const COPY = { region: 'eu-west-1', bucket: 'production-copies' };
const HOUR_MS = 3_600_000;
/** Whole hours, since the id of a set has whole seconds. */
const OFFSET = Math.floor((Date.now() - BACKUP_TIME.getTime()) / HOUR_MS);
const SECRETS: BackupSet['secrets'] = {
  object: { bucket: 'production-secrets', key: 'production/1' },
  kmsKey: 'arn:aws:kms:eu-central-1:111122223333:key/1',
  fingerprints: {
    version: 1,
    environment: 'production',
    keyId: '0123456789abcdef',
    takenAt: '2026-11-21T03:00:00.000Z',
    secrets: [],
  },
};
const unread = (hours: number): BackupSetEntry =>
  buildEntry(hours - OFFSET, { state: 'unverified', verifiedAt: undefined });
const [sound, overwritten, deleted, partial, large] = [
  unread(5),
  unread(10),
  unread(15),
  unread(20),
  unread(25),
] as const;
/** Sets to which something happens while they are read or copied. */
const [busy, sealed, rewritten, vanished, forgotten, lost] = [
  unread(30),
  unread(35),
  unread(40),
  unread(45),
  unread(50),
  unread(55),
] as const;
const named = ({ id }: BackupSetEntry) => ({ environment: 'production', id });

const world = useUpkeepWorld({ versions: [] }, { copy: COPY });
const verify = async (entry: object) => {
  const { runMachine, machines } = world();
  const { status, output, cause } = await runMachine(machines.verification, entry);
  expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
  return JSON.parse(output ?? '{}') as Record<string, unknown>;
};
const codesOf = (set: BackupSet): string[] =>
  (set.verification?.reasons ?? []).flatMap(({ code, result }) => (result === 'note' ? [] : [code]));

beforeAll(async () => {
  const { store, aws } = world();
  const files = await gitlabFiles();
  const archive = await packTar(files);
  const bundles = Array.from({ length: 60 }, (_, index) => [
    `repositories/${index}.bundle`,
    noise(400_000, index + 1),
  ]);
  const storedAs = (entry: BackupSetEntry, bytes: Uint8Array) => ({
    set: manifestOf(entry, { secrets: SECRETS }),
    archive: bytes,
  });
  await store(
    [
      ...[sound, overwritten, deleted, busy, sealed, rewritten, vanished, forgotten, lost].map((entry) =>
        storedAs(entry, archive),
      ),
      storedAs(partial, await packTar(without(files, 'db'))),
      storedAs(large, await packTar({ ...files, ...Object.fromEntries(bundles) })),
    ],
    new Date().toISOString(),
  );
  const west = connectS3(aws.url, aws.credentials, COPY.region);
  await west.send(
    new CreateBucketCommand({
      Bucket: COPY.bucket,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
});

describe('the machine of a verification', () => {
  it('reads what lies there, and notes the verdict for gates, retention and people', async () => {
    const { read, readText } = world();
    const end = await verify(named(sound));
    expect(end).toMatchObject({ outcome: 'verified', policy: 'daily', found: 0 });
    const set = await read(sound.id);
    expect(set).toMatchObject({ state: 'verified', parts: [{ contents: expect.anything() }] });
    const record = verificationRecordKind.schema.parse(
      JSON.parse((await readText(String(end['record']))) ?? ''),
    );
    expect(record).toMatchObject({ id: sound.id, verdict: 'verified', kind: 'tar' });
    expect(JSON.parse((await readText(verifiedBackupKey('production'))) ?? '')).toMatchObject({
      set: sound.id,
    });
  });

  it('reads one set for two who ask at once', async () => {
    const ends = await Promise.all([verify(named(large)), verify({ ...named(large), policy: 'daily' })]);
    expect(ends.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
  });

  it('says of an archive without a database that it is incomplete', async () => {
    expect(await verify(named(partial))).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world().read(partial.id))).toContain('skipped-unasked');
  });

  it.each([
    [
      'was overwritten',
      overwritten,
      (Key: string) => world().s3.send(new PutObjectCommand({ Bucket: ARCHIVES, Key, Body: 'other' })),
    ],
    [
      'was deleted',
      deleted,
      (Key: string) => world().s3.send(new DeleteObjectCommand({ Bucket: ARCHIVES, Key })),
    ],
  ])(
    'reads the version of the set when its name %s, and says that a restore would not',
    async (_, entry, act) => {
      await act(`${entry.id}_gitlab_backup.tar`);
      expect(await verify(named(entry))).toMatchObject({ outcome: 'incomplete', found: 1 });
      const set = await world().read(entry.id);
      expect(codesOf(set)).toEqual(['not-current']);
      expect(set.parts).toMatchObject([{ contents: expect.arrayContaining([expect.anything()]) }]);
    },
  );

  it.each([
    ['no such set', { environment: 'production', id: '1763690405_2025_11_21_18.10.0-ee' }, 'no backup set'],
    ['no set at all', {}, 'write {"environment"'],
  ])('refuses %s, and wakes nobody', async (_, input, said) => {
    expect(await verify(input)).toMatchObject({
      outcome: 'refused',
      message: expect.stringContaining(said),
    });
  });
});

describe('the copy of a verified set', () => {
  it('is made in another region under its own role, compared, and noted', async () => {
    const { callFunction, read } = world();
    const startedAt = new Date().toISOString();
    const input = {
      execution: { arn: 'arn:aws:states:eu-central-1:111122223333:execution:x:y', name: 'y', startedAt },
      set: { ...named(sound), policy: 'daily' },
    };
    expect(await callFunction('CopySet', input)).toMatchObject({ outcome: 'verified', slices: 1 });
    const set = await read(sound.id);
    expect(set.copies).toMatchObject([{ ...COPY, state: 'verified' }]);
    const [part] = set.parts;
    expect(set.copies[0]?.object?.checksum).toEqual(part?.kind === 'archive' ? part.object.checksum : {});
  });

  it('of one that is not verified is not made', async () => {
    const { callFunction } = world();
    const startedAt = new Date().toISOString();
    const input = {
      execution: { arn: 'arn:aws:states:eu-central-1:111122223333:execution:x:z', name: 'z', startedAt },
      set: { ...named(partial), policy: 'daily' },
    };
    expect(await callFunction('CopySet', input)).toMatchObject({ outcome: 'none' });
  });
});

const keyOf = ({ id }: BackupSetEntry): string => `${id}_gitlab_backup.tar`;
const readsOf = (entry: BackupSetEntry) => ({ method: 'GET', path: keyOf(entry) });
const refusal = (status: number, code: string, message: string) => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

/** Deletes every version, as whoever may do that. */
const deleteArchive = async (entry: BackupSetEntry): Promise<void> => {
  const { s3 } = world();
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: ARCHIVES, Prefix: keyOf(entry) }),
  );
  for (const { Key, VersionId } of Versions) {
    await s3.send(new DeleteObjectCommand({ Bucket: ARCHIVES, Key, VersionId }));
  }
};

/** Verifies a set whose reads take long, and does something once some of it was read. */
const verifyMeanwhile = async (entry: BackupSetEntry, act: () => Promise<unknown>) => {
  const { proxy } = world();
  proxy.inject(readsOf(entry), { delayAnswerMs: 700 }, Number.POSITIVE_INFINITY);
  const ended = verify(named(entry));
  await waitFor('its reading has begun', async () => proxy.count(readsOf(entry)) > 1);
  await act();
  return ended;
};

describe.concurrent('a verification while S3', () => {
  it('is busy, slow and cuts bodies off is right', async () => {
    const { proxy } = world();
    proxy.inject(readsOf(busy), refusal(503, 'SlowDown', 'Please reduce your request rate.'), 3);
    proxy.inject(readsOf(busy), { cutAfterBytes: 100 }, 3);
    proxy.inject(readsOf(busy), { delayAnswerMs: 500 }, 3);
    expect(await verify(named(busy))).toMatchObject({ outcome: 'verified' });
    expect(proxy.count(readsOf(busy))).toBeGreaterThan(9);
  });

  it('can not decrypt, since the key of the archives is disabled, checks nothing, and is right once it can', async () => {
    const { proxy, read } = world();
    const disabled = refusal(400, 'KMS.DisabledException', 'The key is disabled.');
    // S3 keeps no key of its own here, so it says what it would.
    proxy.inject(readsOf(sealed), disabled, 1);
    expect(await verify(named(sealed))).toMatchObject({
      outcome: 'not-checked',
      message: expect.stringMatching(/The KMS key of .* can not be used .*enable it/),
    });
    expect(codesOf(await read(sealed.id))).toEqual(['not-readable']);
    expect(await verify(named(sealed))).toMatchObject({ outcome: 'verified' });
  });

  it('gets another archive under the name goes by the version of the set, and says that a restore would not', async () => {
    const end = await verifyMeanwhile(rewritten, () =>
      world().s3.send(new PutObjectCommand({ Bucket: ARCHIVES, Key: keyOf(rewritten), Body: 'other' })),
    );
    expect(end).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world().read(rewritten.id))).toEqual(['not-current']);
  });

  it('loses the archive says that it is gone', async () => {
    expect(await verifyMeanwhile(vanished, () => deleteArchive(vanished))).toMatchObject({
      outcome: 'incomplete',
      message: expect.stringContaining('it was deleted, or never written'),
    });
    expect(codesOf(await world().read(vanished.id))).toEqual(['object-absent']);
  });

  it('loses the manifest ends in words, and makes none of its own', async () => {
    const { s3, ledger, readText } = world();
    const Key = backupSetKey('production', forgotten.id);
    const end = await verifyMeanwhile(forgotten, () =>
      s3.send(new DeleteObjectCommand({ Bucket: ledger, Key })),
    );
    expect(end).toMatchObject({
      outcome: 'refused',
      message: `There is no backup set ${forgotten.id} of production.`,
    });
    await expect(readText(Key)).rejects.toThrow(/key does not exist/);
  });
});

describe('a copy whose archive is deleted in the middle', () => {
  it('is not made, and says which of the two is gone', async () => {
    const { callFunction, read, proxy } = world();
    await verify(named(lost));
    const puts = { method: 'PUT', path: `/${COPY.bucket}/${keyOf(lost)}` };
    proxy.inject(puts, { delayMs: 700 });
    const startedAt = new Date().toISOString();
    const copied = callFunction('CopySet', {
      execution: { arn: 'arn:aws:states:eu-central-1:111122223333:execution:x:l', name: 'l', startedAt },
      set: { ...named(lost), policy: 'daily' },
    });
    await waitFor('it is being copied', async () => proxy.count(puts) > 0);
    await deleteArchive(lost);
    expect(await copied).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining(`There is no s3://${ARCHIVES}/${keyOf(lost)} (version `),
    });
    expect((await read(lost.id)).copies).toMatchObject([{ ...COPY, state: 'failed' }]);
  });
});
