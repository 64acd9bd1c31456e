import { describe, expect, test } from 'vitest';
import { watchPolicy } from '../../../functions/backup/freshness/policy-watch.ts';
import { DefectError, TransientError } from '../../../functions/runtime/errors.ts';
import { BACKUP_TIME, hoursAgo } from '../../support/backup-sets.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';

/** Since when a policy is watched, and what of its sets can be told. */

const watch = (ledger: Parameters<typeof watchPolicy>[2], now = BACKUP_TIME) =>
  watchPolicy('production', 'daily', ledger, now);
const failing = (error: Error) => ({
  ...createMemoryLedger(),
  read: async () => {
    throw error;
  },
});

describe('a policy', () => {
  test('that nobody has noted is watched from now on, and not from later on', async () => {
    const ledger = createMemoryLedger();
    const since = hoursAgo(5);
    expect(await watch(ledger, since)).toMatchObject({ since: since.toISOString() });
    expect(await watch(ledger)).toMatchObject({ since: since.toISOString() });
  });

  test('whose index can not be understood says why', async () => {
    const unread = failing(new DefectError('ledger.unreadable', 'It is no index.'));
    expect(await watch(unread)).toEqual({ unread: 'It is no index.' });
  });

  test('is asked for again while the ledger is away, and is not said to be unreadable', async () => {
    const away = failing(new TransientError('ledger.unavailable', 'S3 did not answer.'));
    await expect(watch(away)).rejects.toThrow('S3 did not answer.');
  });
});
