import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { verificationRecordKind } from '../../functions/backup/verify/verification-record.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import type { BackupSetEntry } from '../../functions/records/backup/set-index.ts';
import { verifiedBackupKey } from '../../functions/records/verified-backup.ts';
import { BACKUP_TIME, buildEntry } from '../support/backup-sets.ts';
import { manifestOf } from '../support/backup-upkeep.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { useUpkeepWorld } from '../support/upkeep-world.ts';
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
const [sound, overwritten, deleted, partial, large] = [5, 10, 15, 20, 25].map(unread) as [
  BackupSetEntry,
  BackupSetEntry,
  BackupSetEntry,
  BackupSetEntry,
  BackupSetEntry,
];
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
      ...[sound, overwritten, deleted].map((entry) => storedAs(entry, archive)),
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
