import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_PART,
  MAX_PARTS,
  MAX_WHOLE,
  MIN_PART,
  partRange,
  planCopy,
  USUAL_PART,
} from '../../functions/backup/copy/copy-plan.ts';
import { compareCopy } from '../../functions/backup/copy/copy-verdict.ts';
import type { ArchiveObject } from '../../functions/records/backup/verification.ts';

const GB = 1000 ** 3;
const TB = 1000 ** 4;
const MIB = 1024 ** 2;
/** Source: S3 user guide, "Amazon S3 multipart upload limits", as of December 2025. */
const LARGEST_OBJECT = 50 * 1000 ** 4;

const checksum = (algorithm: string, type: 'full-object' | 'composite' = 'full-object', value = 'AAAA') => ({
  algorithm,
  type,
  value,
});

describe('a copy', () => {
  it.each([
    ['4 GB', 'whole', 4 * GB, 1],
    ['5 GB', 'whole', 5 * GB, 1],
    ['a byte more', 'parts', 5 * GB + 1, Math.ceil((5 * GB + 1) / USUAL_PART)],
    ['100 GB', 'parts', 100 * GB, 373],
    ['2 TB', 'parts', 2 * TB, 7_451],
    ['3 TB', 'parts', 3 * TB, 9_969],
    ['nothing', 'whole', 0, 1],
  ])('of %s is made %s', (_, how, size, parts) => {
    expect(planCopy({ size, checksum: checksum('CRC64NVME') }, undefined)).toMatchObject({
      how,
      parts,
      algorithm: 'CRC64NVME',
      type: 'full-object',
    });
  });

  it.each([
    ['none', undefined, 9 * GB, 'CRC64NVME', 'full-object'],
    ['a CRC32 of the whole', checksum('CRC32'), 9 * GB, 'CRC32', 'full-object'],
    ['a SHA256 of the whole', checksum('SHA256'), 4 * GB, 'SHA256', 'full-object'],
    ['a SHA256 that can not be joined', checksum('SHA256'), 9 * GB, 'CRC64NVME', 'full-object'],
    ['one that S3 does not compute', checksum('XXHASH3'), 4 * GB, 'CRC64NVME', 'full-object'],
  ])('of an archive whose checksum is %s', (_, given, size, algorithm, type) => {
    expect(planCopy({ size, checksum: given }, undefined)).toMatchObject({ algorithm, type });
  });

  it.each([
    ['is cut in the same places', { count: 1_193, first: 8 * MIB }, 1_193, 8 * MIB, 'composite'],
    [
      'is cut as usual when its parts were uneven',
      { count: 1_000, first: 8 * MIB },
      38,
      USUAL_PART,
      'full-object',
    ],
    ['is cut as usual when nobody knows its parts', undefined, 38, USUAL_PART, 'full-object'],
  ])('of an archive with a checksum over parts %s', (_, uploaded, parts, partBytes, type) => {
    const size = 1_193 * 8 * MIB - 17;
    const plan = planCopy({ size, checksum: checksum('SHA256', 'composite') }, uploaded);
    expect(plan).toMatchObject({ how: 'parts', parts, partBytes, type });
  });

  it('keeps to every limit of S3 and leaves no byte out, whatever the size', () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 6 * GB }), fc.integer({ min: 0, max: LARGEST_OBJECT }));
    fc.assert(
      fc.property(size, (bytes) => {
        const plan = planCopy({ size: bytes, checksum: undefined }, undefined);
        expect(plan.how).toBe(bytes <= MAX_WHOLE ? 'whole' : 'parts');
        expect(plan.parts).toBeLessThanOrEqual(MAX_PARTS);
        expect(plan.partBytes).toBeLessThanOrEqual(MAX_PART);
        expect(plan.parts === 1 || plan.partBytes >= MIN_PART).toBe(true);
        const last = partRange(plan, bytes, plan.parts);
        expect(last.end).toBe(bytes - 1);
        expect(last.start).toBeLessThanOrEqual(Math.max(0, last.end));
        expect(partRange(plan, bytes, 1).start).toBe(0);
        const middle = Math.ceil(plan.parts / 2);
        expect(partRange(plan, bytes, middle).end + 1).toBe(
          middle === plan.parts ? bytes : partRange(plan, bytes, middle + 1).start,
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('counts in more than 32 bits', () => {
    const plan = planCopy({ size: 2 * TB, checksum: undefined }, undefined);
    expect(partRange(plan, 2 * TB, 7_451)).toEqual({ start: 1_999_844_147_200, end: 1_999_999_999_999 });
  });
});

describe('a copy compared with its archive', () => {
  const archive = { size: 10, checksum: checksum('CRC64NVME') };
  it.each<[string, Partial<ArchiveObject>, Partial<ArchiveObject>, string, string | undefined]>([
    ['is verified by the same checksum of the whole', {}, {}, 'verified', undefined],
    [
      'differs by its checksum',
      {},
      { checksum: checksum('CRC64NVME', 'full-object', 'BBBB') },
      'differs',
      'BBBB',
    ],
    ['differs by its size, whatever the checksum', {}, { size: 9 }, 'differs', '9 bytes'],
    [
      'is not checked without a checksum of the archive',
      { checksum: undefined },
      {},
      'not-checked',
      'no checksum',
    ],
    [
      'is not checked without one of its own',
      {},
      { checksum: undefined },
      'not-checked',
      'tells no CRC64NVME',
    ],
    [
      'is not checked by another algorithm',
      {},
      { checksum: checksum('CRC32') },
      'not-checked',
      'CRC32 of the whole',
    ],
    [
      'is not checked by the same one over parts',
      { checksum: checksum('CRC32') },
      { checksum: checksum('CRC32', 'composite', 'AAAA-3') },
      'not-checked',
      'over 3 parts',
    ],
    [
      'is verified by the same checksum over the same parts',
      { checksum: checksum('SHA256', 'composite', 'AAAA-3') },
      { checksum: checksum('SHA256', 'composite', 'AAAA-3') },
      'verified',
      undefined,
    ],
    [
      'is not checked over other parts',
      { checksum: checksum('SHA256', 'composite', 'AAAA-3') },
      { checksum: checksum('SHA256', 'composite', 'CCCC-4') },
      'not-checked',
      'over 4 parts',
    ],
  ])('%s', (_, ours, theirs, state, said) => {
    const verdict = compareCopy({ ...archive, ...ours }, { ...archive, ...theirs });
    expect(verdict.state).toBe(state);
    expect(verdict.reason ?? '').toContain(said ?? '');
    expect(verdict.reason === undefined).toBe(state === 'verified');
  });
});
