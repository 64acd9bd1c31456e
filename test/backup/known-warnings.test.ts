import { describe, expect, it } from 'vitest';
import { preflightRecordKind } from '../../functions/backup/preflight/preflight-record.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { createPreflightWorld } from './preflight/preflight-world.ts';

/** Warnings of a preflight that stood in the message of the run before. */

const UNKNOWN = {
  state: 'unknown',
  version: 1,
  readAt: '2026-11-21T03:00:06.000Z',
  problem: 'There is no Helm release gitlab/gitlab.',
} as const;

/** A night on which the release is not known, after one so many runs before that gave warnings of these rules; of all. */
const nightAfter = async (days: number, results: readonly string[]) => {
  const world = await createPreflightWorld({ release: UNKNOWN });
  const first = await world.check();
  const record = await world.record();
  if (!record) throw new Error('It was written down.');
  const sets = await world.sets.list('production', 'daily');
  const past = sets.toSorted((a, b) => (a.id > b.id ? -1 : 1))[days];
  if (!past) throw new Error('There is such a run.');
  const key = backupRunKey({ environment: 'production', id: past.id }, 'preflight');
  const kept = record.results.filter(({ code }) => results.length === 0 || results.includes(code));
  await world.ledger.claim(preflightRecordKind, key, { ...record, results: kept });
  return { first: first.warnings, second: (await world.check()).warnings };
};

describe('a warning', () => {
  it('that stood in the message of the last run is counted in this one', async () => {
    const { first, second } = await nightAfter(1, []);
    expect(first.length).toBeGreaterThan(0);
    expect(second).toEqual([
      expect.stringMatching(
        new RegExp(`^${first.length} warnings? as last time, in the record of the run: [a-z, -]+\\.$`),
      ),
    ]);
  });

  it('that stood in the message of an earlier run only is said again', async () => {
    const { first, second } = await nightAfter(2, []);
    expect(second).toEqual(first);
  });

  it('that the last run did not give is said', async () => {
    const { first, second } = await nightAfter(1, ['no-such-rule']);
    expect(second).toEqual(first);
  });
});
