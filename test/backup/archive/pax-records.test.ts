import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPaxRecords, readPaxSize } from '../../../functions/backup/archive/pax-records.ts';
import { counterexample } from '../../support/counterexample.ts';
import { BLOCK, paxHeader } from './crafted-blocks.ts';

const records = (text: string): unknown => {
  const read = readPaxRecords(Buffer.from(text));
  return read && Object.fromEntries(read);
};

describe('pax records', () => {
  it.each<[string, string, unknown]>([
    ['one is read', '12 path=a/b\n', { path: 'a/b' }],
    ['two are read', '12 path=a/b\n10 size=3\n', { path: 'a/b', size: '3' }],
    ['the last of two with one key counts', '10 size=3\n10 size=4\n', { size: '4' }],
    ['a value may hold a newline', '12 path=a\nb\n', { path: 'a\nb' }],
    ['a value may hold an equals sign', '12 path=a=b\n', { path: 'a=b' }],
    ['a value may be empty', '8 path=\n', { path: '' }],
    ['a length counts bytes, not characters', '12 path=éb\n', { path: 'éb' }],
    ['none are none', '', {}],
    ['a length that is too short is a fault', '11 path=a/b\n', undefined],
    ['a length that is too long is a fault', '13 path=a/b\n', undefined],
    ['a length of 0 is a fault, and no endless loop', '0 path=a\n', undefined],
    ['a length that is no number is a fault', 'xx path=a\n', undefined],
    ['a length as long as the file is a fault', '99999999999999999999 a=b\n', undefined],
    ['a record without an equals sign is a fault', '7 path\n', undefined],
    ["an equals sign of the next record is not this one's", '7 path\n10 size=3\n', undefined],
  ])('%s', (_, text, expected) => {
    expect(records(text)).toEqual(expected);
  });

  it('are read as they were written', () => {
    const written = fc.dictionary(fc.stringMatching(/^[A-Za-z.]{1,20}$/), fc.string({ unit: 'grapheme' }));
    const property = fc.property(written, (written) => {
      const block = paxHeader(written);
      const size = Number.parseInt(block.toString('latin1', 124, 135), 8);
      const read = readPaxRecords(block.subarray(BLOCK, BLOCK + size));
      return JSON.stringify(Object.entries(written)) === JSON.stringify([...(read ?? [])]);
    });
    expect(counterexample(property)).toBeUndefined();
  });

  it('never throw, whatever the bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const read = readPaxRecords(bytes);
      return read === undefined || read.size >= 0;
    });
    expect(counterexample(property, 2_000)).toBeUndefined();
  });
});

describe('a pax size', () => {
  it.each<[string, number | undefined]>([
    ['2000000000000', 2_000_000_000_000],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['99999999999999999999', undefined],
    ['-1', undefined],
    ['1e3', undefined],
    ['0x10', undefined],
  ])('of %s is %s', (text, expected) => {
    expect(readPaxSize(text)).toBe(expected);
  });
});
