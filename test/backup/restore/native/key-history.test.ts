import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  changeKey,
  groupPage,
  type KeyVersion,
  seeVersion,
} from '../../../../functions/backup/restore/native/key-history.ts';
import { createVersionedBucket, type VersionedBucket } from './versioned-bucket.ts';

const at = (second: number): string => new Date(1_764_000_000_000 + second * 1_000).toISOString();
const put = (second: number, etag: string, isLatest = false): KeyVersion => ({
  key: 'a',
  versionId: `v${second}${etag}`,
  at: at(second),
  isLatest,
  object: { size: 1, etag, storageClass: 'STANDARD' },
});
const gone = (second: number, isLatest = false): KeyVersion => ({
  key: 'a',
  versionId: `m${second}`,
  at: at(second),
  isLatest,
});
const judge = (...versions: readonly KeyVersion[]) =>
  changeKey(versions.reduce((seen, one) => seeVersion(seen, one, Date.parse(at(10))), { key: 'a' }));

describe('a key that is to be as it was', () => {
  test.each<[string, KeyVersion[], object]>([
    ['stays when its version of then is still current', [put(5, 'x', true)], { deed: 'none' }],
    [
      'gets its version of then back',
      [put(20, 'y', true), put(5, 'x')],
      { deed: 'copy', version: put(5, 'x') },
    ],
    [
      'comes back when it was deleted since',
      [gone(20, true), put(5, 'x')],
      { deed: 'copy', version: put(5, 'x') },
    ],
    ['gets a marker when it was made since', [put(20, 'y', true)], { deed: 'mark' }],
    ['gets a marker when it had one then', [put(20, 'y', true), gone(5), put(1, 'x')], { deed: 'mark' }],
    ['stays deleted', [gone(20, true), put(15, 'x')], { deed: 'none' }],
    ['stays when it was replaced by the same', [put(20, 'x', true), put(5, 'x')], { deed: 'none' }],
    [
      'counts as there at the very second',
      [put(20, 'y', true), put(10, 'x')],
      { deed: 'copy', version: put(10, 'x') },
    ],
    [
      'keeps the object of a second in which it was written and deleted',
      [put(20, 'y', true), put(5, 'x'), gone(5)],
      { deed: 'copy', version: put(5, 'x') },
    ],
    [
      'takes the newer of two objects of one second',
      [put(20, 'z', true), put(5, 'y'), put(5, 'x')],
      { deed: 'copy', version: put(5, 'y') },
    ],
  ])('%s', (_, versions, expected) => {
    expect(judge(...versions)).toEqual(expected);
  });
});

interface Deed {
  readonly key: string;
  /** Undefined: it is deleted. */
  readonly content: string | undefined;
  /** Seconds since the deed before. */
  readonly pause: number;
}

const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.record({
    key: fc.constantFrom('a', 'b', 'ä/x', 'z'),
    content: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
    pause: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 25 },
);

const play = (bucket: VersionedBucket, all: readonly Deed[]): void => {
  for (const { key, content, pause } of all) {
    bucket.wait(pause);
    if (content === undefined) bucket.remove(key);
    else bucket.put(key, content);
  }
};

/** Goes back by pages of so many versions, as the Lambda does. */
const goBack = (bucket: VersionedBucket, moment: number, size: number): number => {
  let changes = 0;
  let open: Parameters<typeof groupPage>[0];
  let after = 0;
  for (let isLast = false; !isLast; ) {
    const page = bucket.page(after, size);
    isLast = page.isLast;
    after += size;
    const grouped = groupPage(open, page.versions, moment, isLast);
    open = grouped.open;
    for (const seen of grouped.whole) {
      const change = changeKey(seen);
      if (change.deed !== 'none') changes += 1;
      if (change.deed === 'mark') bucket.remove(seen.key, 'later');
      if (change.deed === 'copy') bucket.copy(seen.key, change.version.versionId, 'later');
    }
  }
  bucket.settle();
  return changes;
};

describe('a bucket that goes back', () => {
  it('holds exactly what it held, whatever happened since and however its list is cut into pages', () => {
    fc.assert(
      fc.property(deeds, deeds, fc.integer({ min: 1, max: 7 }), (before, since, size) => {
        const bucket = createVersionedBucket();
        play(bucket, before);
        const then = bucket.state();
        const moment = bucket.now();
        bucket.wait(1);
        play(bucket, since);
        goBack(bucket, moment, size);
        expect(bucket.state()).toEqual(then);
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(deeds, deeds, (before, since) => {
        const bucket = createVersionedBucket();
        play(bucket, before);
        const moment = bucket.now();
        bucket.wait(1);
        play(bucket, since);
        goBack(bucket, moment, 3);
        bucket.wait(1);
        expect(goBack(bucket, moment, 3)).toBe(0);
      }),
    );
  });

  it('is as it was before when that is undone, and no version is ever gone', () => {
    fc.assert(
      fc.property(deeds, deeds, (before, since) => {
        const bucket = createVersionedBucket();
        play(bucket, before);
        const moment = bucket.now();
        bucket.wait(1);
        play(bucket, since);
        const closed = bucket.now();
        const stood = bucket.state();
        const versions = bucket.count();
        bucket.wait(1);
        goBack(bucket, moment, 3);
        bucket.wait(1);
        goBack(bucket, closed, 2);
        expect(bucket.state()).toEqual(stood);
        expect(bucket.count()).toBeGreaterThanOrEqual(versions);
      }),
    );
  });
});
