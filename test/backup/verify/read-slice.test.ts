import { describe, expect, it } from 'vitest';
import { readProgress, readSlice } from '../../../functions/backup/verify/read-slice.ts';
import {
  type VerificationRun,
  verificationRunKind,
} from '../../../functions/backup/verify/verification-run.ts';
import { verifyArchive } from '../../../functions/backup/verify/verify-archive.ts';
import { backupRunKey } from '../../../functions/records/backup/run.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { ARCHIVE_NAME, BACKUP_ID, gitlabFiles, noise, packTar } from './gitlab-archive.ts';
import { memoryStore } from './memory-store.ts';
import { EXPECTED } from './verify-run.ts';

/** Two who read one archive at once: what the other has kept meanwhile is gone on with, and never written over. */

const START = '2025-11-21T03:00:00.000Z';
const SET = { environment: 'production', id: BACKUP_ID };
const KEY = backupRunKey(SET, 'verification');
const EXECUTION = { arn: 'arn:a', name: 'a', startedAt: START };
const ARCHIVE = { bucket: 'backups', key: ARCHIVE_NAME, expectation: EXPECTED };
const after = (seconds: number): Date => new Date(Date.parse(START) + seconds * 1_000);

const bigArchive = async () =>
  packTar({
    ...(await gitlabFiles()),
    ...Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`repositories/${index}.bundle`, noise(60_000, index + 1)]),
    ),
  });

/** How far somebody came who had so many seconds, of which each read takes one. */
const readFor = async (
  archive: Uint8Array,
  seconds: number,
): Promise<VerificationRun & { state: 'reading' }> => {
  const clock = createFixedClock(START);
  const store = memoryStore(archive, { onRead: () => clock.advance(1_000) });
  const outcome = await verifyArchive({ ...ARCHIVE, until: after(seconds) }, { store, clock });
  if (outcome.state === 'done') throw new Error('It had too much time.');
  return { state: 'reading', version: 1, startedAt: START, savedAt: START, checkpoint: outcome.checkpoint };
};

describe('whoever reads an archive', () => {
  it.each([
    ['for the first time', false],
    ['and goes on with his own', true],
  ])('%s leaves the dump that another one had no time for to a Lambda of its own', async (_, isKnown) => {
    const archive = await bigArchive();
    const own = await readFor(archive, 5);
    const other: VerificationRun = {
      ...own,
      checkpoint: { ...own.checkpoint, interrupted: 'db/database.sql.gz' },
    };
    const ledger = createMemoryLedger();
    if (isKnown) await ledger.claim(verificationRunKind, KEY, own);
    const clock = createFixedClock(START);
    let reads = 0;
    const onRead = async (): Promise<void> => {
      clock.advance(1_000);
      reads += 1;
      if (reads !== 3) return;
      await ledger.remove(KEY);
      await ledger.claim(verificationRunKind, KEY, other);
    };
    const slice = await readSlice(
      {
        set: SET,
        execution: EXECUTION,
        archive: ARCHIVE,
        until: after(100_000),
        signal: new AbortController().signal,
      },
      { ledger, clock, store: memoryStore(archive, { onRead: () => void onRead() }) },
    );
    expect(slice).toEqual({ state: 'unfinished', checkpoint: other.checkpoint });
    expect((await readProgress(SET, { ledger }))?.value).toEqual(other);
  });
});
