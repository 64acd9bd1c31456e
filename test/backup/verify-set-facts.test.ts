import { describe, expect, it } from 'vitest';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import {
  codesOf,
  createVerifyWorld,
  DAY_MS,
  jobFact,
  releaseFacts,
  SET,
  unreadSet,
  type WorldOptions,
} from './verify-set-world.ts';

/** What a verification goes by besides the archive. */

describe('a set is judged too by', () => {
  it('the databases of its release', async () => {
    const release = releaseFacts({ databases: [{ name: 'main' }, { name: 'ci' }] });
    const world = await createVerifyWorld({ release });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(['dump-missing db/ci_database.sql.gz']);
  });

  it('the log of its Job, also once that has expired', async () => {
    const { log } = jobFact();
    const findings = [{ kind: 'failure' as const, excerpt: 'pg_dump: error: it died' }];
    const job = jobFact({ log: { ...log, evidence: { ...log.evidence, findings } } });
    const world = await createVerifyWorld({ job });
    await world.verify();
    await world.ledger.remove(backupRunKey(SET, 'job'));
    world.clock.advance(DAY_MS);
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect(codesOf(await world.set())).toEqual(["log-failure the backup's log"]);
  });

  it('the version that its manifest names, the time at which it began, and the checksum of before', async () => {
    const other = await createVerifyWorld({ set: unreadSet({ gitlabVersion: '18.9.0-ee' }) });
    await other.verify();
    expect(codesOf(await other.set())).toEqual(['version-differs the archive']);
    const late = await createVerifyWorld({ set: unreadSet({ startedAt: '2025-11-21T09:00:00.000Z' }) });
    await late.verify();
    expect(codesOf(await late.set())).toEqual(['older-than-run the archive']);
    const rotten = await createVerifyWorld();
    await rotten.verify();
    const checksum = { algorithm: 'CRC64NVME', value: 'BBBB', type: 'full-object' as const };
    rotten.change({ ways: { object: { checksum } } });
    rotten.clock.advance(DAY_MS);
    await rotten.verify();
    expect(codesOf(await rotten.set())).toEqual(['checksum-differs the archive']);
  });

  describe('whether its policy accepts a dump that is too large to be read', () => {
    const large = { dumpReadLimit: 10 };
    const accepting = { ...large, policy: { acceptUnreadDumps: true } };

    it.each<readonly [string, WorldOptions, string, readonly string[]]>([
      ['it says nothing', large, 'not-checked', ['dump-not-read db/database.sql.gz']],
      ['it does', accepting, 'verified', []],
      [
        'it is gone, and another one does',
        { ...accepting, subject: 'weekly' },
        'not-checked',
        ['dump-not-read db/database.sql.gz'],
      ],
    ])('%s', async (_, options, outcome, reasons) => {
      const world = await createVerifyWorld(options);
      expect(await world.verify()).toMatchObject({ outcome });
      expect(codesOf(await world.set())).toEqual(reasons);
    });

    it('as it did once, when it does not any more', async () => {
      const world = await createVerifyWorld(accepting);
      await world.verify();
      const subject = world.deps.subjectOf();
      const { policySettings } = subject;
      const stricter = { ...subject, policySettings: { ...policySettings, acceptUnreadDumps: false } };
      world.deps.subjectOf = () => stricter;
      for (let day = 0; day < 2; day++) {
        world.clock.advance(DAY_MS);
        expect(await world.verify()).toMatchObject({ outcome: 'verified' });
      }
    });
  });

  it('the archives before it, of those that leave out the same', async () => {
    const world = await createVerifyWorld();
    const contents = [{ part: 'uploads.tar.gz', members: 1, bytes: 9_000_000 }];
    for (const [second, skip] of [
      [1, []],
      [2, ['uploads']],
      [3, ['uploads']],
    ] as const) {
      const id = `176369040${second}_2025_11_21_18.10.0-ee`;
      const object = { ...(await world.deps.openStore({ bucket: 'b', key: 'k' }).describe()) };
      const size = skip.length === 0 ? object.size * 9 : object.size;
      const part = {
        kind: 'archive' as const,
        takenAt: '2025-11-21T02:00:00.000Z',
        object: { ...object, size },
        contents,
      };
      await world.sets.open(
        unreadSet({
          id,
          skip: [...skip],
          parts: [part],
          state: 'incomplete',
          verification: {
            verdict: 'incomplete',
            at: '2025-11-21T02:00:00.000Z',
            record: 'x',
            reasons: [],
            found: 1,
          },
        }),
      );
    }
    expect(await world.verify()).toMatchObject({ outcome: 'not-checked' });
    expect(codesOf(await world.set())).toEqual(['size-shrank the archive', 'size-shrank uploads.tar.gz']);
  });
});
