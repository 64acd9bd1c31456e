import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectArchive,
  expectMinutes,
  expectScratch,
  type PastArchive,
} from '../../../functions/backup/preflight/expected-size.ts';
import { scratchSpace } from '../../../functions/backup/preflight/rules/scratch-space.ts';
import { uploadCeiling } from '../../../functions/backup/preflight/rules/upload-ceiling.ts';
import { GB, HOUR_MS, known, NOW, outcomesOf } from './preflight-facts.ts';

const TB = 1e12;

/** Archives of a day each, the last one a day ago. */
const daily = (...sizes: readonly number[]): PastArchive[] =>
  sizes.map((bytes, index) => ({
    bytes,
    takenAt: new Date(NOW.getTime() - (sizes.length - index) * 24 * HOUR_MS),
  }));

describe('the next archive', () => {
  it.each([
    ['is a tenth more than steady ones', [100, 100, 100], 110],
    ['grows on by the usual day, and a tenth', [100, 110, 120], 143],
    ['is not moved by one odd archive', [100, 100, 900, 100, 100, 100], 110],
    ['does not count on going on to shrink', [300, 200, 100], 330],
    ['is a quarter more than the only one', [100], 125],
    ['of nothing is nothing', [0, 0], 0],
    ['is exact beyond 2^32', [5_000_000_000_010, 5_000_000_000_010], 5_500_000_000_011],
    [
      'is exact near 2^53, which a product with 1.1 is not',
      [8_000_000_000_000_010, 8_000_000_000_000_010],
      8_800_000_000_000_011,
    ],
  ])('%s', (_title, sizes, bytes) => {
    expect(expectArchive(daily(...sizes), NOW)?.bytes).toBe(bytes);
  });

  it('is not known without history, and not from the future', () => {
    const future = { takenAt: new Date(NOW.getTime() + 1), bytes: 1 };
    expect([expectArchive([], NOW), expectArchive([future], NOW)]).toEqual([undefined, undefined]);
  });

  it('says what it rests on', () => {
    expect(expectArchive(daily(100 * GB, 110 * GB), NOW)?.assumptions.join(' ')).toMatch(
      /grew by 10 GB a day.*tenth/,
    );
  });

  it('of archives that shrink is said to rest on no growth', () => {
    expect(expectArchive(daily(110 * GB, 100 * GB), NOW)?.assumptions[0]).toContain('grew by 0 B a day');
  });

  it('is never below the last one, whatever the history, and its order does not matter', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 2 ** 45 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, (bytes) => {
        const history = daily(...bytes);
        const expected = expectArchive(history, NOW)?.bytes ?? -1;
        expect(expected).toBeGreaterThanOrEqual(bytes.at(-1) ?? 0);
        expect(Number.isSafeInteger(expected)).toBe(true);
        expect(expectArchive(history.toReversed(), NOW)?.bytes).toBe(expected);
      }),
    );
  });
});

it('the disk holds the buckets and twice the archive, exactly', () => {
  const archive = { bytes: 5_500_000_000_011, assumptions: [] };
  expect(expectScratch(archive, 7_000_000_000_001).bytes).toBe(18_000_000_000_023);
  expect(expectScratch(archive, undefined)).toMatchObject({
    bytes: 16_500_000_000_033,
    assumptions: [expect.stringContaining('Nobody counted'), expect.anything()],
  });
});

it('a run takes as long as the longest of the last ones, and a quarter', () => {
  const history = daily(1, 1, 1).map((one, index) => ({ ...one, minutes: [40, 100, 60][index] ?? 0 }));
  expect([expectMinutes(history), expectMinutes(daily(1))]).toEqual([125, undefined]);
});

describe('a disk for 110 GB and buckets of 80 GB, which take 300 GB,', () => {
  it.each([
    ['of 299 GB', { kind: 'generic-ephemeral', bytes: 299 * GB }, 'refuse'],
    ['of 301 GB', { kind: 'generic-ephemeral', bytes: 301 * GB }, 'warn'],
    ['of 340 GB', { kind: 'persistent', bytes: 340 * GB }, 'pass'],
    ['of a node, which others fill too', { kind: 'node-disk', bytes: 900 * GB }, 'warn'],
  ] as const)('%s', (_title, scratch, outcome) => {
    expect(outcomesOf(scratchSpace, { scratch: known(scratch) })).toBe(outcome);
  });

  it('is not checked before the first archive', () => {
    expect(outcomesOf(scratchSpace, { history: known([]) })).toBe('not-checked');
  });
});

describe('10,000 parts', () => {
  it.each([
    ['of 15 MiB carry 110 GB', { tool: 's3cmd' }, 100 * GB, 'pass'],
    ['of 15 MiB carry 132 GB, and it gets close', { tool: 's3cmd' }, 120 * GB, 'warn'],
    ['of 15 MiB do not carry 165 GB', { tool: 's3cmd' }, 150 * GB, 'refuse'],
    ['of 128 MiB carry 1 TB', { tool: 's3cmd', partBytes: 128 * 1024 ** 2 }, 0.9 * TB, 'pass'],
    ['of 128 MiB do not carry 2.2 TB', { tool: 's3cmd', partBytes: 128 * 1024 ** 2 }, 2 * TB, 'refuse'],
    ['of awscli carry 2.2 TB', { tool: 'awscli' }, 2 * TB, 'pass'],
    ['of awscli do not carry 55 TB', { tool: 'awscli' }, 50 * TB, 'refuse'],
  ] as const)('%s', (_title, upload, bytes, outcome) => {
    expect(outcomesOf(uploadCeiling, { upload: known(upload), history: known(daily(bytes, bytes)) })).toBe(
      outcome,
    );
  });
});
