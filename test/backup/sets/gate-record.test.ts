import { describe, expect, it } from 'vitest';
import { writeGateRecord } from '../../../functions/backup/sets/gate-record.ts';
import type { BackupSetEntry } from '../../../functions/records/backup/set-index.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../../functions/records/verified-backup.ts';
import { buildEntry, hoursAgo } from '../../support/backup-sets.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';

const corrupt = buildEntry(2, { state: 'corrupt' });
const verified = buildEntry(1);

/** What gates go by after a set turned out bad, when the sets were read as these, one time after the other. */
const gateAfter = async (...reads: readonly (readonly BackupSetEntry[])[]) => {
  const ledger = createMemoryLedger();
  const parts = { ledger, clock: createFixedClock() };
  await writeGateRecord('production', async () => [buildEntry(2)], parts);
  let read = 0;
  await writeGateRecord('production', async () => reads[Math.min(read++, reads.length - 1)] ?? [], parts);
  return (await ledger.read(verifiedBackupKind, verifiedBackupKey('production')))?.value;
};

describe('what gates go by, when the last set that counted does not any more,', () => {
  it('is gone', async () => {
    expect(await gateAfter([corrupt])).toBeUndefined();
  });

  it('is the set that somebody verified while it was taken away', async () => {
    expect(await gateAfter([corrupt], [corrupt, verified])).toMatchObject({ set: verified.id });
  });
});

describe('what gates go by, when the set that counts is read again,', () => {
  it('says when that was', async () => {
    const again = buildEntry(2, { verifiedAt: hoursAgo(0).toISOString() });
    expect(await gateAfter([again])).toMatchObject({ set: again.id, verifiedAt: again.verifiedAt });
  });
});
