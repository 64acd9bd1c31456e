import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksLikeHeader, readHeaderBlock } from '../../../functions/backup/archive/header-block.ts';
import { counterexample } from '../../support/counterexample.ts';
import { BLOCK, headerBlock } from './crafted-blocks.ts';

const nameOf = (block: Buffer): string | undefined => {
  const read = readHeaderBlock(block);
  return read.kind === 'header' ? read.header.name : undefined;
};

describe('a header block', () => {
  it.each<[string, Buffer, string]>([
    ['of GNU tar has its name', headerBlock({ name: 'db/a', format: 'gnu' }), 'db/a'],
    ['from before ustar has its name', headerBlock({ name: 'db/a', format: 'v7' }), 'db/a'],
    ['with a sum of signed bytes is valid', headerBlock({ name: 'é', format: 'v7', signedSum: true }), 'é'],
    [
      'of POSIX puts its prefix before the name',
      headerBlock({ name: 'a', prefix: 'x/y', format: 'posix' }),
      'x/y/a',
    ],
    [
      'of GNU has times where the prefix would be',
      headerBlock({ name: 'a', prefix: '1467250', format: 'gnu' }),
      'a',
    ],
    ['has a name of 100 bytes without NUL', headerBlock({ name: 'n'.repeat(100) }), 'n'.repeat(100)],
    ['with bytes that are no UTF-8 is read', headerBlock({ name: 'a', set: { 0: 0xff } }), '\u{FFFD}'],
  ])('%s', (_, block, name) => {
    expect(nameOf(block)).toBe(name);
  });

  it('of zeros is no header, and no fault', () => {
    expect(readHeaderBlock(Buffer.alloc(BLOCK))).toEqual({ kind: 'zero' });
  });

  it('whose size is beyond counting says so', () => {
    const sizeField = Buffer.alloc(12, 0xff);
    expect(readHeaderBlock(headerBlock({ name: 'a', sizeField }))).toMatchObject({ reason: 'invalid-size' });
  });

  it('with any one byte changed is no header', () => {
    const property = fc.property(fc.nat(147), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const block = headerBlock({ name: 'repositories/default', size: 123_456 });
      block[at] = ((block[at] ?? 0) + by) % 256;
      return readHeaderBlock(block).kind === 'invalid';
    });
    expect(counterexample(property)).toBeUndefined();
  });

  it('is never seen in arbitrary content', () => {
    const content = fc.uint8Array({ minLength: BLOCK, maxLength: BLOCK });
    const property = fc.property(content, (block) => {
      block.set(Buffer.from('ustar  '), 257);
      return !looksLikeHeader(block);
    });
    expect(counterexample(property)).toBeUndefined();
  });

  it('begins a segment only with the magic, which blocks from before ustar lack', () => {
    expect(looksLikeHeader(headerBlock({ name: 'a', format: 'gnu' }))).toBe(true);
    expect(looksLikeHeader(headerBlock({ name: 'a', format: 'posix' }))).toBe(true);
    expect(looksLikeHeader(headerBlock({ name: 'a', format: 'v7' }))).toBe(false);
  });
});
