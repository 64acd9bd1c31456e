import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSetStore } from '../../functions/backup/sets/set-store.ts';
import { openLocks } from '../../functions/clients/locks.ts';
import { runBackupSets } from '../../functions/commands/backup-sets.ts';
import { freshnessKey, freshnessKind } from '../../functions/records/backup/freshness.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import {
  type BackupSetEntry,
  backupSetIndexKey,
  backupSetIndexKind,
} from '../../functions/records/backup/set-index.ts';
import { TransientError } from '../../functions/runtime/errors.ts';
import { BACKUP_TIME, buildEntry, hoursAgo } from '../support/backup-sets.ts';
import { buildBackupSettings, manifestOf } from '../support/backup-upkeep.ts';
import { createFixedClock } from '../support/fixed-clock.ts';
import { createMemoryLedger } from '../support/memory-ledger.ts';

const DAY = 24;
const POLICY = { daily: { retention: { days: 14, count: 1 } } };
const CONFIGURATION = {
  version: 1,
  sites: {
    main: { account: '111122223333', region: 'eu-central-1' },
    other: { account: '111122223333', region: 'eu-west-1' },
  },
  environments: {
    production: { cluster: { name: 'one' }, site: 'main' },
    staging: { cluster: { name: 'two' }, site: 'other' },
  },
  backup: {
    environments: {
      production: buildBackupSettings('production', POLICY),
      staging: buildBackupSettings('staging', POLICY),
    },
  },
};

let file = '';
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-sets-'));
  file = join(folder, 'drydock.yaml');
  await writeFile(file, JSON.stringify(CONFIGURATION));
});
afterAll(() => rm(join(file, '..'), { recursive: true }));

const fresh = buildEntry(1, { size: 104e9 });
const old = buildEntry(40 * DAY);
const older = buildEntry(50 * DAY, { skip: ['repositories'] });

/** Two sites with a ledger each, known by its bucket. */
const createSites = () => {
  const clock = createFixedClock(BACKUP_TIME.toISOString());
  const ledgers = new Map(
    ['ledger-main', 'ledger-other', 'mine'].map((name) => [name, createMemoryLedger()]),
  );
  const ledgerOf = (bucket: string) => ledgers.get(bucket) ?? createMemoryLedger();
  const stores = { production: 'ledger-main', staging: 'ledger-other' };
  const setsOf = (environment: keyof typeof stores) =>
    openSetStore({ ledger: ledgerOf(stores[environment]), clock, policiesOf: () => ['daily'] });
  const world = {
    clock,
    ledger: ledgerOf('ledger-main'),
    add: async (
      entry: BackupSetEntry,
      changes: Partial<BackupSet> = {},
      environment: keyof typeof stores = 'production',
    ) => {
      await setsOf(environment).open(manifestOf(entry, { environment, ...changes }));
    },
    watch: async (days: number) => {
      const key = backupSetIndexKey('production', 'daily');
      const stored = await world.ledger.read(backupSetIndexKind, key);
      const since = hoursAgo(days * DAY).toISOString();
      if (stored) await world.ledger.change(backupSetIndexKind, key, stored.etag, { ...stored.value, since });
    },
    read: (id: string) => setsOf('production').read({ environment: 'production', id }),
    failing: undefined as Error | undefined,
    run: (...args: string[]) =>
      runBackupSets([...args, '--file', file], {
        openLedger: ({ bucket }) => {
          if (world.failing) throw world.failing;
          return ledgerOf(bucket);
        },
        readOutputs: async (stack) => ({
          LedgerBucketName: stack.includes('other') ? 'ledger-other' : 'ledger-main',
        }),
        clock,
        bucket: undefined,
        user: 'ada',
        width: 200,
      }),
  };
  return world;
};

describe('backup-sets list', () => {
  it('prints the sets of every site, newest first, with what is to be known of each', async () => {
    const world = createSites();
    await world.add(fresh);
    await world.add({ ...old, state: 'corrupt', lockedUntil: hoursAgo(-48).toISOString() });
    await world.add({ ...older, legalHold: true });
    await world.add(buildEntry(5), {}, 'staging');
    const at = BACKUP_TIME.toISOString();
    await world.ledger.claim(freshnessKind, freshnessKey('production'), {
      version: 1,
      environment: 'production',
      judgedAt: at,
      judged: [{ state: 'ok', alarming: false, since: at, limitHours: 26, text: 'It is young.' }],
    });
    const { output, exitCode } = await world.run('list');
    expect(exitCode).toBe(0);
    expect(output).toBe(`production
  as a whole: ok. It is young.
ID                                POLICY  STATE     AS OF              READ               SIZE    NOTE
${fresh.id}  daily   verified  2026-11-21 11:00Z  2026-11-21 12:00Z  104 GB
${old.id}  daily   corrupt   2026-10-12 12:00Z  2026-10-12 13:00Z  -       locked until 2026-11-23 12:00Z
${older.id}  daily   verified  2026-10-02 12:00Z  2026-10-02 13:00Z  -       without repositories, on hold

staging
ID                                POLICY  STATE     AS OF              READ               SIZE  NOTE
${buildEntry(5).id}  daily   verified  2026-11-21 07:00Z  2026-11-21 08:00Z  -`);
  });

  it('narrows to one environment, and knows no other', async () => {
    const world = createSites();
    expect((await world.run('list', '--environment', 'staging')).output).toBe(
      'staging\n  There is no set yet.',
    );
    expect(await world.run('list', '--environment', 'prod')).toEqual({
      output: 'drydock.yaml has no backup of prod; it has: production, staging.',
      exitCode: 2,
    });
  });

  it('shows sets of a policy that is gone from drydock.yaml', async () => {
    const world = createSites();
    await world.add({ ...old, policy: 'monthly' });
    expect((await world.run('list')).output).toContain(`${old.id}  monthly`);
  });

  it('prints JSON', async () => {
    const world = createSites();
    await world.add(fresh);
    expect(JSON.parse((await world.run('list', '--json')).output)).toMatchObject([
      { environment: 'production', sets: [{ id: fresh.id }] },
      { environment: 'staging', sets: [] },
    ]);
  });
});

describe('backup-sets show', () => {
  it('prints what a set holds and what becomes of it, found by the beginning of its id', async () => {
    const world = createSites();
    await world.add(fresh);
    await world.add(old);
    await world.watch(366);
    const { output, exitCode } = await world.run('show', old.id.slice(0, 10));
    expect(exitCode).toBe(0);
    expect(output).toContain(`set        ${old.id} of production, policy daily, tar`);
    expect(output).toContain(`Archive: s3://production-backups/${old.id}_gitlab_backup.tar`);
    expect(output).toContain('retention  delete: It is older than 14 days');
  });

  it('shows a deleted one by its whole id', async () => {
    const world = createSites();
    await world.add(fresh);
    await world.add({ ...old, state: 'deleted' });
    expect((await world.run('show', old.id)).output).toContain('deletion');
    expect(await world.run('show', old.id.slice(0, 12))).toEqual({
      output: `There is no set ${old.id.slice(0, 12)}; see list.`,
      exitCode: 1,
    });
  });

  it('asks for more when several begin so', async () => {
    const world = createSites();
    await world.add(fresh);
    await world.add(old);
    const { output, exitCode } = await world.run('show', '179');
    expect(exitCode).toBe(1);
    expect(output).toContain('write more of it');
  });
});

describe('backup-sets hold and release', () => {
  it('a set that is held says by whom and why, and is released again', async () => {
    const world = createSites();
    await world.add(fresh);
    await world.add(old);
    await world.watch(366);
    expect((await world.run('hold', old.id, '--why', 'lawsuit 7')).exitCode).toBe(0);
    expect((await world.read(old.id))?.legalHold).toEqual({
      by: 'ada',
      why: 'lawsuit 7',
      since: BACKUP_TIME.toISOString(),
    });
    expect((await world.run('prune', '--dry-run')).output).toMatch(
      /keep +\S+ +daily +It is under a legal hold\./,
    );
    expect((await world.run('release', old.id)).output).toContain('held by ada');
    expect((await world.read(old.id))?.legalHold).toBeUndefined();
    expect((await world.run('release', old.id)).output).toContain('was not on hold');
  });

  const deletion = {
    startedAt: hoursAgo(1).toISOString(),
    why: 'It is old.',
    execution: { arn: 'arn:upkeep', name: 'night-1', startedAt: hoursAgo(1).toISOString() },
  };

  it('comes too late for a set that is being deleted right now, and says so', async () => {
    const world = createSites();
    await world.add(old, { deletion });
    await openLocks(world.ledger, world.clock).acquire('backup/production', 'arn:upkeep');
    const { output, exitCode } = await world.run('hold', old.id, '--why', 'x');
    expect(exitCode).toBe(1);
    expect(output).toContain('is being deleted right now, by night-1');
    expect((await world.read(old.id))?.legalHold).toBeUndefined();
  });

  it('takes a set whose deletion broke off, or was refused', async () => {
    const world = createSites();
    await world.add(old, { deletion });
    expect((await world.run('hold', old.id, '--why', 'x', '--by', 'lin')).exitCode).toBe(0);
    expect((await world.read(old.id))?.legalHold?.by).toBe('lin');
    await world.add(older, { deletion: { ...deletion, refused: 'locked' } });
    await openLocks(world.ledger, world.clock).acquire('backup/production', 'arn:upkeep');
    expect((await world.run('hold', older.id, '--why', 'x')).exitCode).toBe(0);
  });

  it('holds nothing that is gone', async () => {
    const world = createSites();
    await world.add({ ...old, state: 'deleted' });
    expect(await world.run('hold', old.id, '--why', 'x')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('was deleted at'),
    });
  });
});

describe('backup-sets prune --dry-run', () => {
  it('says what would go and why the others stay, and changes nothing', async () => {
    const world = createSites();
    await world.add(fresh);
    await world.add(old);
    await world.watch(10);
    const before = [...world.ledger.objects];
    const { output, exitCode } = await world.run('prune', '--dry-run', '--environment', 'production');
    expect(exitCode).toBe(0);
    expect(output.split('\n').map((line) => line.trim())).toEqual([
      'production: 1 of 2 sets would go',
      expect.stringMatching(/^ACTION +ID +POLICY +REASON$/),
      expect.stringMatching(new RegExp(`^keep +${fresh.id} `)),
      expect.stringMatching(new RegExp(`^would-delete +${old.id} `)),
      expect.stringMatching(/^2026-12-11T12:00:00.000Z, the first 30 days/),
    ]);
    expect([...world.ledger.objects]).toEqual(before);
  });
});

describe('backup-sets without sense', () => {
  it.each([
    ['nothing', []],
    ['an unknown verb', ['delete', old.id]],
    ['a prune that means it', ['prune']],
    ['a hold without why', ['hold', old.id]],
    ['a hold with an empty why', ['hold', old.id, '--why', ' ']],
    ['a why for another verb', ['show', old.id, '--why', 'x']],
    ['two ids', ['show', old.id, fresh.id]],
    ['a name for list', ['list', 'production']],
    ['an unknown option', ['list', '--all']],
  ])('%s ends with 2 and how it is used', async (_, args) => {
    const { output, exitCode } = await createSites().run(...args);
    expect([exitCode, output.includes('npm run backup-sets -- list')]).toEqual([2, true]);
  });

  it('prints its help', async () => {
    expect(await createSites().run('--help')).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/^Shows the backups/),
    });
  });

  it('says that the ledger could not be read', async () => {
    const world = createSites();
    world.failing = new TransientError('ledger.unavailable', 'S3 did not answer.', {
      cause: new Error('no route'),
    });
    expect(await world.run('list')).toEqual({ output: 'S3 did not answer. (no route)', exitCode: 3 });
  });
});
