import type { Input } from '../../functions/backup/copy-set.contract.ts';
import { run } from '../../functions/backup/copy-set.ts';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import {
  type CopyAddress,
  openArchiveCopier,
  readUploadedParts,
} from '../../functions/clients/archive-copy.ts';
import { type ArchiveAddress, openArchiveStore } from '../../functions/clients/archive-store.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import type { ArchiveObject } from '../../functions/records/backup/verification.ts';
import { Backup } from '../../functions/records/configuration/backup.ts';
import type { LargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { writeBackupSection } from '../../infra/local/world/backup-configuration.ts';
import { buildSet } from '../support/backup-sets.ts';
import { connectS3 } from '../support/connect-s3.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';
import { ARCHIVE_NAME, BACKUP_ID } from './verify/gitlab-archive.ts';

/** A verified set whose archive lies in the stand-in of S3, and the Lambdas that copy it to another bucket of it. */

export const SET = { environment: 'production', policy: 'daily', id: BACKUP_ID };
export const COPY = { region: 'eu-west-1', bucket: 'copies' };

export interface CopyWorldOptions {
  readonly stand: LargeObjects;
  readonly bytes?: number;
  /** Headers of the archive, its checksum among them. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly set?: Partial<BackupSet>;
  readonly copy?: typeof COPY | undefined;
}

export const CRC = { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=', 'x-amz-checksum-type': 'FULL_OBJECT' };

export const createCopyWorld = async ({
  stand,
  bytes = 9e9,
  headers = CRC,
  set,
  ...options
}: CopyWorldOptions) => {
  const clock = createFixedClock('2025-11-21T05:00:00.000Z');
  const ledger = createMemoryLedger();
  const sets = openSetStore({ ledger, clock, policiesOf: () => ['daily'] });
  const client = connectS3(stand.url);
  const patience = { attempts: 6, attemptMs: 10_000, pauseMs: 1 };
  stand.put('archives', ARCHIVE_NAME, { seed: 'a', bytes, members: 40 }, headers);
  const store = (address: ArchiveAddress) => openArchiveStore({ ...address, client, patience });
  const object = await store({ bucket: 'archives', key: ARCHIVE_NAME }).describe();
  const part = { kind: 'archive' as const, takenAt: '2025-11-21T03:00:00.000Z', object, contents: [] };
  await sets.open(buildSet({ id: BACKUP_ID, parts: [part], ...set }));
  const copy = 'copy' in options ? options.copy : COPY;
  const settings = Backup.parse({
    environments: {
      production: writeBackupSection('111122223333', {
        destination: { bucket: 'archives' },
        ...(copy ? { copy } : {}),
      }),
    },
  }).environments['production'];
  if (!settings) throw new Error('There is no environment.');
  /** Copies of parts that were asked for. */
  let copied = 0;
  let beforePart: (number: number) => void = () => {};
  const deps = {
    ledger,
    sets,
    clock,
    subjectOf: () => ({ settings, region: 'eu-central-1' }),
    openStore: store,
    openCopier: (address: CopyAddress) => {
      const copier = openArchiveCopier({ ...address, client, patience });
      const copyPart: typeof copier.copyPart = async (source, asked, signal) => {
        copied += 1;
        beforePart(asked.number);
        clock.advance(1_000);
        return copier.copyPart(source, asked, signal);
      };
      return { ...copier, copyPart };
    },
    readUploadedParts: (source: ArchiveObject, from: { region: string }, signal: AbortSignal) =>
      readUploadedParts(source, { ...from, client }, signal),
  };
  return {
    deps,
    clock,
    object,
    copier: openArchiveCopier({ ...COPY, key: ARCHIVE_NAME, client, patience }),
    get copied() {
      return copied;
    },
    /** Does this before each part. */
    onPart: (act: typeof beforePart): void => {
      beforePart = act;
    },
    set: async (): Promise<BackupSet> => {
      const current = await sets.read(SET);
      if (!current) throw new Error('The set is gone.');
      return current;
    },
    describeCopy: () => store({ bucket: COPY.bucket, key: ARCHIVE_NAME }).describe(),
    /** One Lambda that has so many seconds. */
    copySet: (input: Partial<ReturnType<(typeof Input)['parse']>> = {}, seconds = 900) =>
      run(
        {
          execution: { arn: 'arn:a', name: 'a', startedAt: clock.now().toISOString() },
          set: SET,
          slices: 0,
          ...input,
        },
        deps,
        { signal: new AbortController().signal, remainingMs: () => seconds * 1_000 },
      ),
  };
};
