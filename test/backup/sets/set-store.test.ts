import { expect, test } from 'vitest';
import { openSetStore } from '../../../functions/backup/sets/set-store.ts';
import type { Ledger } from '../../../functions/clients/ledger.ts';
import type { BackupSet } from '../../../functions/records/backup/set.ts';
import { backupSetIndexKey, backupSetIndexKind } from '../../../functions/records/backup/set-index.ts';
import { verifiedBackupKey, verifiedBackupKind } from '../../../functions/records/verified-backup.ts';
import { buildSet } from '../../support/backup-sets.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';

const openStore = (ledger: Ledger = createMemoryLedger()) => ({
  ledger,
  store: openSetStore({ ledger, clock: createFixedClock(), policiesOf: () => ['daily', 'hourly'] }),
});

const withoutVerification = (set: BackupSet): BackupSet => {
  const { verification, ...rest } = set;
  expect(verification).toBeDefined();
  return rest;
};
const running = (changes: Partial<BackupSet> = {}): BackupSet => ({
  ...withoutVerification(buildSet()),
  state: 'running',
  ...changes,
});
const whole = buildSet();
const older = buildSet({ id: '1795143600_2026_11_20_18.10.0-ee', takenAt: '2026-11-20T03:02:00.000Z' });

const readGate = async (ledger: Ledger) =>
  (await ledger.read(verifiedBackupKind, verifiedBackupKey('production')))?.value;
const readIndex = async (ledger: Ledger, policy = 'daily') =>
  (await ledger.read(backupSetIndexKind, backupSetIndexKey('production', policy)))?.value;

test('a new set stands in its manifest and in the index of its policy', async () => {
  const { ledger, store } = openStore();
  await store.open(running());
  expect(await store.read(whole)).toEqual(running());
  expect((await readIndex(ledger))?.sets).toMatchObject([{ id: whole.id, state: 'running' }]);
  expect(await readIndex(ledger, 'hourly')).toBeUndefined();
});

test('a set that was opened already is given as it is', async () => {
  const { store } = openStore();
  await store.open(running({ gitlabVersion: '18.9.0-ee' }));
  const there = await store.open(running());
  expect(there.gitlabVersion).toBe('18.9.0-ee');
});

test('a set that nobody opened is refused, and nothing of it is written', async () => {
  const ledger = createMemoryLedger();
  const { store } = openStore(ledger);
  await expect(store.change(whole, (set) => set)).rejects.toMatchObject({ code: 'backup.no-set' });
  expect([...ledger.objects.keys()]).toEqual([]);
});

test('gates go by the newest verified set', async () => {
  const { ledger, store } = openStore();
  await store.open(older);
  await store.open(whole);
  expect(await readGate(ledger)).toMatchObject({ set: whole.id, by: 'drydock' });
});

test('a set that is found corrupt later gives way to the one before it', async () => {
  const { ledger, store } = openStore();
  await store.open(older);
  await store.open(whole);
  await store.change(whole, condemn);
  expect(await readGate(ledger)).toMatchObject({ set: older.id });
});

test('where no set is verified any more, gates find nothing', async () => {
  const { ledger, store } = openStore();
  await store.open(whole);
  await store.change(whole, condemn);
  expect(await readGate(ledger)).toBeUndefined();
});

test('sets of another policy count for gates as well', async () => {
  const { ledger, store } = openStore();
  await store.open(buildSet({ ...older, policy: 'hourly' }));
  await store.open(whole);
  await store.change(whole, condemn);
  expect(await readGate(ledger)).toMatchObject({ set: older.id });
});

const named = (takenAt: string) => ({
  version: 1 as const,
  environment: 'production',
  set: 'arn:aws:backup:recovery-point',
  takenAt,
  verifiedAt: takenAt,
  by: 'AWS Backup',
});

test.each([
  {
    title: 'a younger backup that a person named stays',
    takenAt: '2026-11-21T05:00:00.000Z',
    by: 'AWS Backup',
  },
  { title: 'an older one gives way', takenAt: '2026-11-19T05:00:00.000Z', by: 'drydock' },
])('$title', async ({ takenAt, by }) => {
  const { ledger, store } = openStore();
  await ledger.claim(verifiedBackupKind, verifiedBackupKey('production'), named(takenAt));
  await store.open(whole);
  expect(await readGate(ledger)).toMatchObject({ by });
});

test('what a person named is not taken away with our own sets', async () => {
  const { ledger, store } = openStore();
  const key = verifiedBackupKey('production');
  await ledger.claim(verifiedBackupKind, key, named('2026-11-19T05:00:00.000Z'));
  await store.open(running());
  expect(await readGate(ledger)).toMatchObject({ by: 'AWS Backup' });
});

test('a repeat brings an index up to date that a killed Lambda left behind', async () => {
  const ledger = createMemoryLedger();
  const { store } = openStore(ledger);
  const { store: killed } = openStore({
    ...ledger,
    claim: (kind, key, value) =>
      key.endsWith('sets.json') ? Promise.reject(new Error('killed')) : ledger.claim(kind, key, value),
  });
  await expect(killed.open(whole)).rejects.toThrow('killed');
  expect(await readIndex(ledger)).toBeUndefined();
  await store.change(whole, () => undefined);
  expect((await readIndex(ledger))?.sets).toMatchObject([{ id: whole.id }]);
  expect(await readGate(ledger)).toMatchObject({ set: whole.id });
});

test('of two changes at once the index has what the manifest has', async () => {
  const ledger = createMemoryLedger();
  const { store: other } = openStore(ledger);
  let isFirst = true;
  // The first change has read the manifest and is about to write the index when the whole second one comes.
  const { store: slow } = openStore({
    ...ledger,
    change: async (kind, key, etag, value) => {
      if (key.endsWith('sets.json') && isFirst) {
        isFirst = false;
        await other.change(whole, condemn);
      }
      return ledger.change(kind, key, etag, value);
    },
  });
  await other.open(running());
  await slow.change(whole, () => whole);
  expect((await readIndex(ledger))?.sets).toMatchObject([{ id: whole.id, state: 'corrupt' }]);
  expect(await readGate(ledger)).toBeUndefined();
});

const condemn = (set: BackupSet): BackupSet => ({
  ...set,
  state: 'corrupt',
  verification: {
    verdict: 'corrupt',
    at: '2026-11-22T04:51:00.000Z',
    record: 'backup/sets/production/verification.json',
    reasons: [],
    found: 1,
  },
});
