import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeaderNumber } from '../../../functions/backup/archive/header-number.ts';
import { counterexample } from '../../support/counterexample.ts';
import { base256 } from './crafted-blocks.ts';

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

describe('a number in a header', () => {
  it.each<[string, string | Buffer, number | undefined]>([
    ['octal with a NUL is read', '00000001750\0', 1_000],
    ['octal with a space and a NUL is read', '0000001750 \0', 1_000],
    ['octal behind spaces is read', '      1750 \0', 1_000],
    ['octal behind NULs is read', '\x00\x001750\x00', 1_000],
    ['octal that fills the field is read', '777777777777', 8 ** 12 - 1],
    ['what stands behind the NUL that ends it is ignored', '0000001750\x00!', 1_000],
    ['a field of NULs is 0', '\0'.repeat(12), 0],
    ['a field of spaces is 0', ' '.repeat(12), 0],
    ['a digit that is not octal is no number', '00000001758\0', undefined],
    ['a word is no number', 'hello', undefined],
    ['base-256 of 3 GB, beyond 31 bits, is read', base256(3_000_000_000n), 3_000_000_000],
    ['base-256 of 2 TB is read', base256(2_000_000_000_000n), 2_000_000_000_000],
    ['base-256 of the largest safe integer is read', base256(LARGEST), Number.MAX_SAFE_INTEGER],
    ['base-256 of one more is refused', base256(LARGEST + 1n), undefined],
    ['base-256 of 2^63 is refused', base256(2n ** 63n), undefined],
    ['base-256 of all bits is refused', base256(2n ** 88n - 1n), undefined],
    ['a negative base-256 is refused', Buffer.alloc(12, 0xff), undefined],
  ])('%s', (_, field, expected) => {
    expect(readHeaderNumber(Buffer.from(field))).toBe(expected);
  });

  it('is what was written, octal and base-256', () => {
    const anySize = fc.maxSafeNat();
    const property = fc.property(anySize, (size) => {
      const octal = Buffer.from(size.toString(8).padStart(20, ' '));
      return readHeaderNumber(octal) === size && readHeaderNumber(base256(BigInt(size))) === size;
    });
    expect(counterexample(property)).toBeUndefined();
  });

  it('is a safe integer or nothing, whatever the bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 24 }), (field) => {
      const value = readHeaderNumber(field);
      return value === undefined || (Number.isSafeInteger(value) && value >= 0);
    });
    expect(counterexample(property, 2_000)).toBeUndefined();
  });
});
