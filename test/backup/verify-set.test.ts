import { describe, expect, it } from 'vitest';
import { verificationRecordKind } from '../../functions/backup/verify/verification-record.ts';
import { verificationRunKind } from '../../functions/backup/verify/verification-run.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { MAX_VERIFY_SLICES } from '../../functions/records/backup/slices.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { gitlabFiles, noise, packTar } from './verify/gitlab-archive.ts';
import {
  codesOf,
  createVerifyWorld,
  jobFact,
  releaseFacts,
  SET,
  unreadSet,
  verifyToEnd,
} from './verify-set-world.ts';

const bigFiles = async () => ({
  ...(await gitlabFiles()),
  ...Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`repositories/${index}.bundle`, noise(60_000, index + 1)]),
  ),
});

describe('a set of which everything is there', () => {
  it('is verified, and its manifest names the version that was read and what is in it', async () => {
    const world = await createVerifyWorld({
      job: jobFact(),
      release: releaseFacts(),
      ways: { object: { versionId: 'v1' } },
    });
    const answer = await world.verify();
    expect(answer).toMatchObject({ outcome: 'verified', slices: 1, found: 0 });
    const set = await world.set();
    expect(set).toMatchObject({ state: 'verified', takenAt: '2025-11-21T02:00:05.000Z' });
    expect(set.size).toBeGreaterThan(1_000);
    const [part] = set.parts;
    expect(part).toMatchObject({
      kind: 'archive',
      takenAt: '2025-11-21T02:00:05.000Z',
      object: { bucket: 'backups', versionId: 'v1' },
      dumps: [{ name: 'db/database.sql.gz', tables: 3 }],
    });
    const stored = await world.ledger.read(verificationRecordKind, answer.record ?? '');
    expect(stored?.value).toMatchObject({
      id: SET.id,
      verdict: 'verified',
      archive: { members: expect.any(Number) },
      known: { sources: { uploads: 'holds-objects' }, databases: ['main'] },
    });
    expect(set.verification?.record).toBe(answer.record);
    expect((await world.sets.list('production', 'daily'))[0]).toMatchObject({ state: 'verified' });
  });

  it('is asked for by its name, then for good by the version that was read', async () => {
    const world = await createVerifyWorld({ ways: { object: { versionId: 'v1' } } });
    await world.verify();
    expect(world.addresses.map(({ versionId }) => versionId)).toEqual([undefined, undefined]);
    world.clock.advance(86_400_000);
    await world.verify();
    expect(world.addresses.map(({ versionId }) => versionId)).toEqual([
      undefined,
      undefined,
      'v1',
      undefined,
    ]);
  });

  it('is verified once for an execution: a repeat of its last call reads nothing', async () => {
    const world = await createVerifyWorld();
    const execution = { arn: 'a', name: 'a', startedAt: world.clock.now().toISOString() };
    const first = await world.verify({ execution });
    const reads = world.reads;
    expect(await world.verify({ execution, slices: 1 })).toEqual({ ...first, slices: 2 });
    expect(world.reads).toBe(reads);
    world.clock.advance(1_000);
    await world.verify();
    expect(world.reads).toBe(2 * reads);
  });
});

describe('a verification in slices', () => {
  it('comes to the same verdict, whatever time each Lambda has', async () => {
    const files = await bigFiles();
    const whole = await createVerifyWorld({ files });
    expect(await verifyToEnd(whole, 900)).toMatchObject({ outcome: 'verified', slices: 1 });
    const sliced = await createVerifyWorld({ files });
    const end = await verifyToEnd(sliced, 50);
    expect(end.outcome).toBe('verified');
    expect(end.slices).toBeGreaterThan(2);
    expect((await sliced.set()).parts).toEqual((await whole.set()).parts);
  });

  it('keeps how far it came, so that a Lambda that is killed loses a minute', async () => {
    const world = await createVerifyWorld({ files: await bigFiles() });
    const single = await createVerifyWorld({ files: await bigFiles() });
    await verifyToEnd(single, 900);
    let left = 70;
    world.change({
      ways: {
        onRead: () => {
          left -= 1;
          if (left < 0) throw new TransientError('archive.unavailable', 'S3 is away.');
        },
      },
    });
    await expect(world.verify()).rejects.toThrow('S3 is away.');
    const stored = await world.ledger.read(verificationRunKind, backupRunKey(SET, 'verification'));
    expect(stored?.value).toMatchObject({ state: 'reading' });
    world.change({ ways: {} });
    expect(await world.verify()).toMatchObject({ outcome: 'verified' });
    expect(world.reads).toBeLessThan(single.reads + 70);
  });

  it('does not go on with what somebody began yesterday', async () => {
    const world = await createVerifyWorld({ files: await bigFiles() });
    expect(await world.verify({}, { seconds: 50 })).toMatchObject({ outcome: 'unfinished', found: 0 });
    const reads = world.reads;
    world.clock.advance(86_400_000);
    const single = await createVerifyWorld({ files: await bigFiles() });
    await single.verify();
    await world.verify();
    expect(world.reads - reads).toBe(single.reads);
  });

  it('is handed on between two that read at once', async () => {
    const world = await createVerifyWorld({ files: await bigFiles() });
    // They share one clock, so each has half of the time.
    const ends = await Promise.all([verifyToEnd(world, 80), verifyToEnd(world, 80)]);
    expect(ends.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
    expect(await world.set()).toMatchObject({ state: 'verified' });
  });

  it(`says after ${MAX_VERIFY_SLICES} Lambdas what was not read`, async () => {
    const world = await createVerifyWorld({ files: await bigFiles() });
    const last = await world.verify({ slices: MAX_VERIFY_SLICES - 1 }, { seconds: 50 });
    expect(last).toMatchObject({ outcome: 'not-checked', slices: MAX_VERIFY_SLICES });
    expect(codesOf(await world.set())).toContain('not-walked the archive');
  });
});

describe('an archive', () => {
  it('that is overwritten while it is verified is incomplete by its name, read as it was', async () => {
    const world = await createVerifyWorld({ ways: { object: { versionId: 'v1' } } });
    const { openStore } = world.deps;
    let opened = 0;
    world.deps.openStore = (address) => {
      opened += 1;
      if (opened === 2) world.change({ ways: { object: { versionId: 'v2' } } });
      return openStore(address);
    };
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete', found: 1 });
    const set = await world.set();
    expect(codesOf(set)).toEqual(['not-current the archive']);
    expect(set.parts).toMatchObject([{ object: { versionId: 'v1' } }]);
  });

  it.each([
    ['gone', 'archive.gone', 'incomplete', 'object-absent the archive'],
    ['encrypted by a key that is disabled', 'archive.forbidden', 'not-checked', 'not-readable the archive'],
    [
      'overwritten in a bucket without versions',
      'archive.changed',
      'not-checked',
      'changed-while-read the archive',
    ],
  ])('that is %s in the middle has a verdict: %s is %s', async (_, code, outcome, reason) => {
    let reads = 0;
    const onRead = (): void => {
      reads += 1;
      if (reads > 3) throw new RefusedError(code, 'No.');
    };
    const world = await createVerifyWorld({ files: await bigFiles(), ways: { onRead } });
    expect(await world.verify()).toMatchObject({ outcome });
    expect(codesOf(await world.set())[0]).toBe(reason);
  });

  it('that nobody can describe is no part of the set', async () => {
    const onDescribe = async (): Promise<never> => {
      throw new RefusedError('archive.gone', 'There is none.');
    };
    const world = await createVerifyWorld({ ways: { onDescribe } });
    expect(await world.verify()).toMatchObject({ outcome: 'incomplete' });
    expect((await world.set()).parts).toEqual([]);
  });
});

describe('an S3 that does not answer', () => {
  const failure = {
    Error: 'TransientError',
    Cause: '{"errorType":"TransientError","errorMessage":"S3 did not give it (SlowDown, 503)."}',
  };

  it('leaves a new set not checked, with what was said', async () => {
    const world = await createVerifyWorld();
    const answer = await world.verify({ failure });
    expect(answer).toMatchObject({
      outcome: 'not-checked',
      message: expect.stringContaining('SlowDown, 503'),
    });
    expect(world.reads).toBe(0);
    expect(await world.set()).toMatchObject({ state: 'not-checked' });
  });

  it('takes nothing from a set that was verified before; that it was tried is on record', async () => {
    const world = await createVerifyWorld();
    await world.verify();
    const before = await world.set();
    world.clock.advance(86_400_000);
    const answer = await world.verify({ failure });
    expect(answer.outcome).toBe('not-checked');
    expect(await world.set()).toEqual(before);
    expect((await world.ledger.read(verificationRecordKind, answer.record ?? ''))?.value.verdict).toBe(
      'not-checked',
    );
  });
});

describe('nothing is verified of', () => {
  it.each([
    ['a set that is not there', undefined, { id: '1763690406_2025_11_21_18.10.0-ee' }, 'backup.no-set'],
    ['a set of another policy', undefined, { policy: 'hourly' }, 'backup.other-policy'],
    ['a set that is being made', unreadSet({ state: 'running' }), {}, 'backup.not-verifiable'],
    ['a set that failed', unreadSet({ state: 'failed' }), {}, 'backup.not-verifiable'],
    [
      'a set that is being deleted',
      unreadSet({ deletion: { startedAt: '2025-11-21T02:05:00.000Z', why: 'age' } }),
      {},
      'backup.not-verifiable',
    ],
  ])('%s', async (_, set, named, code) => {
    const world = await createVerifyWorld(set ? { set } : {});
    await expect(world.verify({ set: { ...SET, ...named } })).rejects.toMatchObject({ code });
    expect(world.reads).toBe(0);
  });

  it('a set that is deleted in the middle', async () => {
    const world = await createVerifyWorld({ release: releaseFacts() });
    const at = '2025-11-21T02:11:00.000Z';
    world.deps.readSourceBucket = async () => {
      const deletion = { startedAt: at, endedAt: at, why: 'a person' };
      await world.sets.change(SET, (set) => ({ ...set, state: 'deleted', deletion }));
      return 'empty';
    };
    await expect(world.verify()).rejects.toMatchObject({ code: 'backup.not-verifiable' });
    expect(await world.set()).toMatchObject({ state: 'deleted' });
  });
});

describe('a set without policy in the input', () => {
  it('is found by its id, for a person in the console', async () => {
    const world = await createVerifyWorld();
    const { policy: _, ...set } = SET;
    expect(await world.verify({ set })).toMatchObject({ outcome: 'verified' });
  });
});

describe('a damaged archive', () => {
  it('that was cut is corrupt', async () => {
    const world = await createVerifyWorld();
    world.change({ archive: (await packTar(await gitlabFiles())).slice(0, 4_000) });
    expect(await world.verify()).toMatchObject({ outcome: 'corrupt' });
  });
});
