import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EXTENSION_BYTES,
  EXTENSIONS,
  NAME_BYTES,
  readMemberHeaders,
  SPARSE_BLOCKS,
} from '../../../functions/backup/archive/member-headers.ts';
import { counterexample } from '../../support/counterexample.ts';
import { BLOCK, base256, headerBlock, longName, paxHeader, wholeMember } from './crafted-blocks.ts';

const START = 1_024;
const read = (...blocks: readonly Uint8Array[]) => readMemberHeaders(Buffer.concat(blocks), START);

describe('the headers of a member', () => {
  it.each<[string, readonly Buffer[], object]>([
    [
      'a plain file',
      [headerBlock({ name: 'db/a', size: 513 })],
      { name: 'db/a', start: START, body: START + BLOCK, size: 513, next: START + 3 * BLOCK, type: 'file' },
    ],
    ['a leading ./ is no part of the name', [headerBlock({ name: './db/a' })], { name: 'db/a' }],
    ['the directory itself keeps its dot', [headerBlock({ name: './', flag: '5' })], { name: './' }],
    ['.. stays as it was written', [headerBlock({ name: './../etc/passwd' })], { name: '../etc/passwd' }],
    ['a newline stays as it was written', [headerBlock({ name: 'a\nb' })], { name: 'a\nb' }],
    [
      'a file of old tars with a slash is a directory',
      [headerBlock({ name: 'd/', flag: '\0' })],
      { type: 'directory' },
    ],
    ['a contiguous file is a file', [headerBlock({ name: 'a', flag: '7' })], { type: 'file' }],
    ['a symbolic link is a link', [headerBlock({ name: 'a', flag: '2' })], { type: 'link' }],
    ['a device is something else', [headerBlock({ name: 'a', flag: '3' })], { type: 'other' }],
    [
      'a type nobody knows has content',
      [headerBlock({ name: 'a', flag: 'Z', size: 1 })],
      { type: 'other', size: 1 },
    ],
    [
      'a hard link has no content whatever its size',
      [headerBlock({ name: 'a', flag: '1', size: 99 })],
      { type: 'link', size: 0, next: START + BLOCK },
    ],
    ['a directory has no content', [headerBlock({ name: 'd/', flag: '5', size: 99 })], { size: 0 }],
    [
      'a long name of GNU is the name',
      [longName(`./${'n/'.repeat(200)}`), headerBlock({ name: 'cut' })],
      { name: 'n/'.repeat(200), start: START, body: START + 3 * BLOCK },
    ],
    [
      'a long link is passed',
      [longName('x'.repeat(200), 'K'), longName('y'.repeat(200)), headerBlock({ name: 'a', flag: '2' })],
      { name: 'y'.repeat(200), type: 'link' },
    ],
    ['a pax path is the name', [paxHeader({ path: './é/b' }), headerBlock({ name: 'x' })], { name: 'é/b' }],
    [
      'a pax path wins over a long name',
      [longName('l'), paxHeader({ path: 'p' }), headerBlock({ name: 'x' })],
      { name: 'p' },
    ],
    [
      'a pax path keeps its NUL, so it is no other name',
      [paxHeader({ path: 'a\0b' }), headerBlock({ name: 'x' })],
      { name: 'a\0b' },
    ],
    [
      'a pax size of 2 TB wins over the field',
      [paxHeader({ size: '2000000000000' }), headerBlock({ name: 'a' })],
      { size: 2_000_000_000_000, next: START + 3 * BLOCK + 2_000_000_000_000 },
    ],
    [
      "Solaris' extended header is one of pax",
      [paxHeader({ size: '7' }, 'X'), headerBlock({ name: 'a' })],
      { size: 7 },
    ],
    [
      'a global comment changes nothing',
      [paxHeader({ comment: 'c' }, 'g'), headerBlock({ name: 'a' })],
      { name: 'a' },
    ],
    [
      'base-256 of 3 TB is the size',
      [headerBlock({ name: 'a', sizeField: base256(3_000_000_000_001n) })],
      { size: 3_000_000_000_001, next: START + BLOCK + 3_000_000_000_512 },
    ],
    [
      'the map of a sparse file stands before its content',
      [headerBlock({ name: 'a', flag: 'S', size: 1, set: { 482: 1 } }), sparseBlock(1), sparseBlock(0)],
      { body: START + 3 * BLOCK, next: START + 4 * BLOCK, type: 'other' },
    ],
    [
      'a sparse file with a short map has none',
      [headerBlock({ name: 'a', flag: 'S' })],
      { body: START + BLOCK },
    ],
    [
      'a sparse file of pax has its own name, and no plain content',
      [
        paxHeader({ 'GNU.sparse.major': '1', 'GNU.sparse.name': 'a' }),
        headerBlock({ name: 'GNUSparseFile.1/a' }),
      ],
      { name: 'a', type: 'other' },
    ],
  ])('%s', (_, blocks, member) => {
    expect(read(...blocks)).toMatchObject({ kind: 'member', member });
  });

  it.each<[string, readonly Buffer[], object]>([
    [
      'a name of absurd length',
      [headerBlock({ name: 'l', flag: 'L', size: NAME_BYTES + 1 })],
      { reason: 'name-too-long' },
    ],
    [
      'a pax path of absurd length',
      [paxHeader({ path: 'n'.repeat(NAME_BYTES + 1) }), headerBlock({ name: 'a' })],
      { reason: 'name-too-long' },
    ],
    [
      'an extended header of absurd length',
      [headerBlock({ name: 'x', flag: 'x', size: EXTENSION_BYTES + 1 })],
      { kind: 'unreadable' },
    ],
    [
      'extended headers without end',
      Array.from({ length: EXTENSIONS + 1 }, () => paxHeader({ a: 'b' })),
      { kind: 'unreadable' },
    ],
    ['a global size', [paxHeader({ size: '7' }, 'g')], { kind: 'unreadable', reason: 'global-override' }],
    [
      'records that can not be told apart',
      [wholeMember({ name: 'x', flag: 'x' }, '99 a=b\n')],
      { reason: 'invalid-extension' },
    ],
    [
      'an extended header before the end marker',
      [longName('a'), Buffer.alloc(BLOCK)],
      { at: START + 2 * BLOCK },
    ],
    [
      'a header that is none',
      [longName('a'), Buffer.alloc(BLOCK, 7)],
      { reason: 'invalid-header', at: START + 2 * BLOCK },
    ],
    [
      'a pax size beyond counting',
      [paxHeader({ size: '9007199254740992' }), headerBlock({ name: 'a' })],
      { reason: 'invalid-size' },
    ],
    [
      'a member that would end beyond counting',
      [headerBlock({ name: 'a', sizeField: base256(BigInt(Number.MAX_SAFE_INTEGER)) })],
      { reason: 'invalid-size' },
    ],
    [
      'a map of a sparse file without end',
      [headerBlock({ name: 'a', flag: 'S', set: { 482: 1 } }), Buffer.alloc(SPARSE_BLOCKS * BLOCK, 1)],
      { reason: 'sparse-map-too-large' },
    ],
  ])('%s is a fault', (_, blocks, fault) => {
    expect(read(...blocks)).toMatchObject({ kind: 'fault', fault });
  });

  it('ask for no more than they need, and read the same once they have it', () => {
    const name = fc.string({ minLength: 1, maxLength: 3_000, unit: fc.constantFrom('a', 'é', '/', '.') });
    const property = fc.property(name, fc.boolean(), (name, isPax) => {
      const before = isPax ? paxHeader({ path: name }) : longName(name);
      const bytes = Buffer.concat([before, wholeMember({ name: 'cut' }, 'content')]);
      for (let length = 0; ; ) {
        const reading = readMemberHeaders(bytes.subarray(0, length), 0);
        if (reading.kind !== 'needs')
          return reading.kind === 'member' && reading.member.next === bytes.length;
        if (reading.length <= length || reading.length > bytes.length) return false;
        length = reading.length;
      }
    });
    expect(counterexample(property)).toBeUndefined();
  });

  it('never throw, whatever the bytes', () => {
    const blocks = fc.array(
      fc.oneof(
        fc.uint8Array({ minLength: BLOCK, maxLength: BLOCK }),
        fc
          .record({
            flag: fc.constantFrom('0', 'L', 'K', 'x', 'X', 'g', 'S', '5'),
            size: fc.nat(3_000),
            set: fc.dictionary(fc.constantFrom('482', '200'), fc.nat(255)),
          })
          .map(({ flag, size, set }) => headerBlock({ name: 'a', flag, size, set })),
      ),
      { maxLength: 12 },
    );
    const property = fc.property(blocks, (blocks) => {
      const reading = readMemberHeaders(Buffer.concat(blocks), 0);
      return reading.kind !== 'member' || reading.member.next >= reading.member.body;
    });
    expect(counterexample(property, 1_000)).toBeUndefined();
  });
});

/** A block of the map of a sparse file; the last byte that means something says whether one more follows. */
function sparseBlock(hasMore: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  block[504] = hasMore;
  return block;
}
