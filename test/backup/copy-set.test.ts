import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planCopy } from '../../functions/backup/copy/copy-plan.ts';
import { backupRunKey } from '../../functions/records/backup/run.ts';
import { MAX_COPY_SLICES } from '../../functions/records/backup/slices.ts';
import { type LargeObjects, startLargeObjects } from '../../infra/local/large-objects/start-large-objects.ts';
import { COPY, CRC, createCopyWorld, SET } from './copy-set-world.ts';
import { ARCHIVE_NAME } from './verify/gitlab-archive.ts';

let stand: LargeObjects;
beforeEach(async () => {
  stand = await startLargeObjects();
});
afterEach(() => stand.stop());

const GB = 1e9;
/** Seconds of a Lambda in which one round of 16 parts is begun: each takes one, and two minutes are kept back. */
const ONE_ROUND = 125;

describe('a copy', () => {
  it.each([
    ['of 1 GB is made whole', GB, 0],
    ['of 9 GB is made in parts', 9 * GB, 34],
  ])('%s, verified by its checksum, and noted', async (_, bytes, parts) => {
    const world = await createCopyWorld({ stand, bytes });
    const answer = await world.copySet();
    expect(answer).toEqual({ outcome: 'verified', slices: 1, message: 'The copy in eu-west-1 is verified.' });
    expect(world.copied).toBe(parts);
    const { size, checksum } = world.object;
    const [copy] = (await world.set()).copies;
    expect(copy).toMatchObject({ ...COPY, state: 'verified', object: { size, checksum } });
    expect(copy?.verifiedAt).toBeDefined();
    expect(copy?.object?.versionId).toBe((await world.describeCopy()).versionId);
    expect(await world.copier.listUploads()).toEqual([]);
  });

  it('of 300 GB keeps a list of more than a thousand parts at S3 alone', async () => {
    const world = await createCopyWorld({ stand, bytes: 300 * GB });
    world.onPart(() => world.clock.advance(-1_000));
    expect(await world.copySet()).toMatchObject({ outcome: 'verified' });
    expect(world.copied).toBe(Math.ceil(world.object.size / 2 ** 28));
    const fact = world.deps.ledger.objects.get(backupRunKey(SET, 'copy')) ?? '';
    expect(fact.length).toBeLessThan(1_000);
  });

  it('goes on where the Lambda before it stopped, and copies no part twice', async () => {
    const world = await createCopyWorld({ stand });
    const execution = { arn: 'a', name: 'a', startedAt: world.clock.now().toISOString() };
    const first = await world.copySet({ execution }, ONE_ROUND);
    expect(first).toMatchObject({
      outcome: 'unfinished',
      message: expect.stringMatching(/^\d+ of 34 parts/),
    });
    expect((await world.set()).copies).toMatchObject([{ state: 'copying' }]);
    let answer = first;
    for (let call = 0; answer.outcome === 'unfinished' && call < 20; call++) {
      answer = await world.copySet({ execution, slices: answer.slices }, ONE_ROUND);
    }
    expect(answer).toMatchObject({ outcome: 'verified' });
    expect(world.copied).toBe(34);
  });

  it('survives an S3 that refuses every third part', async () => {
    const world = await createCopyWorld({ stand });
    stand.trouble({ refuseCopiesEvery: 3 });
    expect(await world.copySet()).toMatchObject({ outcome: 'verified' });
  });

  it('that dies in the middle keeps its parts for the next', async () => {
    const world = await createCopyWorld({ stand });
    world.onPart((number) => {
      if (number === 20) throw new Error('killed');
    });
    await expect(world.copySet()).rejects.toThrow('killed');
    world.onPart(() => {});
    const before = world.copied;
    expect(await world.copySet()).toMatchObject({ outcome: 'verified' });
    expect(world.copied - before).toBeLessThan(34);
  });

  it('that two make at once is one', async () => {
    const world = await createCopyWorld({ stand });
    const answers = await Promise.all([world.copySet(), world.copySet()]);
    expect(answers.map(({ outcome }) => outcome)).toEqual(['verified', 'verified']);
    expect((await world.set()).copies).toHaveLength(1);
    expect(await world.copier.listUploads()).toEqual([]);
  });

  it('that was made, and not noted, is not made again', async () => {
    const world = await createCopyWorld({ stand });
    await world.copySet();
    const other = await createCopyWorld({ stand });
    // The archive of the new world is another version of the same bytes.
    expect(await other.copySet()).toMatchObject({ outcome: 'verified' });
    expect(other.copied).toBe(0);
  });

  it('is asked for once in an execution', async () => {
    const world = await createCopyWorld({ stand, headers: {} });
    const execution = { arn: 'a', name: 'a', startedAt: world.clock.now().toISOString() };
    const first = await world.copySet({ execution });
    const copied = world.copied;
    expect(await world.copySet({ execution, slices: 1 })).toEqual({ ...first, slices: 2 });
    expect(world.copied).toBe(copied);
  });
});

describe('the checksum of a copy', () => {
  it('over parts is compared by cutting it in the same places', async () => {
    const headers = { 'x-amz-checksum-sha256': 'BBBB-120', 'x-amz-checksum-type': 'COMPOSITE' };
    const world = await createCopyWorld({ stand, headers, bytes: GB });
    expect(await world.copySet({}, 90_000)).toMatchObject({ outcome: 'verified' });
    expect(world.copied).toBe(Math.ceil(world.object.size / (8 * 2 ** 20)));
  });

  it('that the archive has not leaves it not checked, and says so', async () => {
    const world = await createCopyWorld({ stand, headers: {} });
    expect(await world.copySet()).toMatchObject({
      outcome: 'not-checked',
      message: 'The copy in eu-west-1 is not-checked: S3 keeps no checksum of the archive.',
    });
    expect((await world.set()).copies).toMatchObject([
      { state: 'not-checked', object: { size: world.object.size } },
    ]);
  });

  it('that differs is said, and the set stays verified', async () => {
    const world = await createCopyWorld({ stand });
    // Rot on the way: the copy has another checksum than the archive.
    const { openStore } = world.deps;
    world.deps.openStore = (address) => {
      const store = openStore(address);
      return {
        ...store,
        describe: async (signal) => {
          const object = await store.describe(signal);
          const checksum = { algorithm: 'CRC64NVME', value: 'ROTTEN', type: 'full-object' as const };
          return address.bucket === COPY.bucket ? { ...object, checksum } : object;
        },
      };
    };
    expect(await world.copySet()).toMatchObject({ outcome: 'differs' });
    expect(await world.set()).toMatchObject({ state: 'verified', copies: [{ state: 'differs' }] });
  });
});

describe('a copy fails, with why, and leaves no parts behind', () => {
  const leftovers = async (world: Awaited<ReturnType<typeof createCopyWorld>>) =>
    (await world.copier.listUploads()).length;

  it('when the archive is overwritten in a bucket without versions', async () => {
    const world = await createCopyWorld({ stand });
    const [part] = (await world.set()).parts;
    if (part?.kind !== 'archive') throw new Error('There is no archive.');
    const object = { ...part.object };
    delete object.versionId;
    await world.deps.sets.change(SET, (set) => ({ ...set, parts: [{ ...part, object }] }));
    world.onPart((number) => {
      if (number === 5) stand.put('archives', ARCHIVE_NAME, { seed: 'b', bytes: 9 * GB, members: 40 }, CRC);
    });
    const answer = await world.copySet();
    expect(answer).toMatchObject({ outcome: 'failed', message: expect.stringContaining('overwritten') });
    expect((await world.set()).copies).toMatchObject([{ state: 'failed' }]);
    expect(await leftovers(world)).toBe(0);
  });

  it('when the archive is gone', async () => {
    const world = await createCopyWorld({ stand });
    const [part] = (await world.set()).parts;
    if (part?.kind !== 'archive') throw new Error('There is no archive.');
    const object = { ...part.object, versionId: 'f00' };
    await world.deps.sets.change(SET, (set) => ({ ...set, parts: [{ ...part, object }] }));
    expect(await world.copySet()).toMatchObject({
      outcome: 'failed',
      message: expect.stringMatching(/: There is no s3:\/\/archives\/\S+ \(version f00\): .*[^.]\.$/),
    });
    expect(await leftovers(world)).toBe(0);
  });

  it('when S3 was away for longer than it is tried', async () => {
    const world = await createCopyWorld({ stand });
    await world.copySet({}, ONE_ROUND);
    expect(await leftovers(world)).toBe(1);
    const failure = { Error: 'TransientError', Cause: '{"errorMessage":"S3 is away."}' };
    expect(await world.copySet({ failure })).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('S3 is away.'),
    });
    expect(await leftovers(world)).toBe(0);
  });

  it(`when ${MAX_COPY_SLICES} Lambdas were not enough`, async () => {
    const world = await createCopyWorld({ stand });
    const last = await world.copySet({ slices: MAX_COPY_SLICES - 1 }, ONE_ROUND);
    expect(last).toMatchObject({ outcome: 'failed', slices: MAX_COPY_SLICES });
    expect(await leftovers(world)).toBe(0);
  });

  it('and one that somebody else aborted is begun anew', async () => {
    const world = await createCopyWorld({ stand });
    await world.copySet({}, ONE_ROUND);
    const [upload] = await world.copier.listUploads();
    await world.copier.abort(upload?.uploadId ?? '');
    expect(await world.copySet()).toMatchObject({ outcome: 'verified' });
  });
});

describe('uploads that nobody knows of any more', () => {
  it.each([
    ['stay while a Lambda may be at them', 20, true],
    ['are aborted once none can be', 40, false],
  ])('%s', async (_, minutes, stays) => {
    const world = await createCopyWorld({ stand });
    const plan = planCopy(world.object, undefined);
    const lost = await world.copier.begin(world.object, plan);
    // The stand-in dates them by its own clock.
    world.clock.advance(Date.now() - world.clock.now().getTime() + minutes * 60_000);
    expect(await world.copySet({}, ONE_ROUND)).toMatchObject({ outcome: 'unfinished' });
    const left = (await world.copier.listUploads()).map(({ uploadId }) => uploadId);
    expect([left.includes(lost), left.length]).toEqual([stays, stays ? 2 : 1]);
  });
});

describe('nothing is copied', () => {
  it.each([
    ['of a set that is not verified', { state: 'incomplete' as const }, COPY, 'is incomplete'],
    ['where no place for copies is named', {}, undefined, 'names no place'],
    ['of a set without archive', { parts: [] }, COPY, 'has no archive'],
    [
      'of a set that is being deleted',
      { deletion: { startedAt: '2025-11-21T04:30:00.000Z', why: 'Its time is over.' } },
      COPY,
      'Only a verified archive is copied',
    ],
  ])('%s', async (_, changes, copy, said) => {
    const verification = {
      verdict: 'incomplete' as const,
      at: '2025-11-21T04:00:00.000Z',
      record: 'x',
      reasons: [],
      found: 1,
    };
    const set = 'state' in changes ? { ...changes, verification } : changes;
    const world = await createCopyWorld({ stand, set, copy });
    expect(await world.copySet()).toMatchObject({ outcome: 'none', message: expect.stringContaining(said) });
    expect((await world.set()).copies).toEqual([]);
  });

  it('of a set that is not there', async () => {
    const world = await createCopyWorld({ stand });
    const id = '1763690406_2025_11_21_18.10.0-ee';
    await expect(world.copySet({ set: { ...SET, id } })).rejects.toMatchObject({ code: 'backup.no-set' });
  });
});
