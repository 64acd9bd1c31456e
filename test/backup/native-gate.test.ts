import { expect, test } from 'vitest';
import { markProgressKind } from '../../functions/records/backup/mark-progress.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import type { BackupPart } from '../../functions/records/backup/set-parts.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../functions/records/verified-backup.ts';
import { nativeSet, OFF } from './marks/part-builders.ts';
import { createVerifyWorld, SET, unreadSet } from './verify-set-world.ts';

/** From the verification of a native set to what upgrades go by. */
const gateAfter = async (parts: readonly BackupPart[]) => {
  const { secrets } = nativeSet();
  const set = unreadSet({ kind: 'native', parts: [...parts], ...(secrets ? { secrets } : {}) });
  const world = await createVerifyWorld({ set });
  const startedAt = world.clock.now().toISOString();
  const marks = { version: 1 as const, startedAt, stage: 'after-job', off: OFF, problems: [] };
  await world.ledger.claim(markProgressKind, backupRunKey(SET, 'marks'), marks);
  const { outcome } = await world.verify();
  const gate = await world.ledger.read(verifiedBackupKind, verifiedBackupKey(SET.environment));
  return { outcome, gate: gate?.value.set };
};

test('a native set that lacks nothing is the one that gates go by', async () => {
  expect(await gateAfter(nativeSet().parts)).toEqual({ outcome: 'verified', gate: SET.id });
});

test.each(['database', 'gitaly'] as const)('one without its %s is none', async (kind) => {
  const parts = nativeSet().parts.filter((part) => part.kind !== kind);
  expect(await gateAfter(parts)).toEqual({ outcome: 'incomplete', gate: undefined });
});
