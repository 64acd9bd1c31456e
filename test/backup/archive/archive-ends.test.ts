import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkArchive } from '../../../functions/backup/archive/archive-walk.ts';
import { PADDING_BYTES } from '../../../functions/backup/archive/trailer.ts';
import { RefusedError, TransientError } from '../../../functions/runtime/errors.ts';
import { BLOCK, END_MARKER, headerBlock, wholeMember } from './crafted-blocks.ts';
import { digest, everyMember, memorySource } from './member-folds.ts';
import { virtualArchive } from './virtual-archive.ts';

const walk = async (...parts: readonly Uint8Array[]) => {
  const result = await walkArchive(memorySource(Buffer.concat(parts)), everyMember);
  if (result.state === 'unfinished') throw new Error('nothing told it to stop');
  return { ...result.end, names: result.value.map(({ name }) => name) };
};

const member = wholeMember({ name: './a' }, 'content');
const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);
const junk = Buffer.alloc(BLOCK, 'x');

describe('an archive', () => {
  it.each<[string, readonly Buffer[], object]>([
    [
      'with two blocks of zeros is whole',
      [member, END_MARKER],
      { kind: 'whole', at: 2 * BLOCK, names: ['a'] },
    ],
    ['padded to a record of 10,240 bytes is whole', [member, zeros(10_240 - 2 * BLOCK)], { kind: 'whole' }],
    ['padded to no multiple of a block is whole', [member, END_MARKER, zeros(7)], { kind: 'whole' }],
    [
      'of nothing but zeros, as tar writes it for no files, is whole',
      [zeros(10_240)],
      { kind: 'whole', at: 0 },
    ],
    [
      'that stops behind its last member is cut',
      [member],
      { kind: 'cut', reason: 'no-end-marker', at: 2 * BLOCK },
    ],
    [
      'that stops within the last padding is cut',
      [member.subarray(0, -1)],
      { reason: 'no-end-marker', names: ['a'] },
    ],
    [
      'with one block of zeros is cut',
      [member, zeros(BLOCK)],
      { kind: 'cut', reason: 'one-zero-block', names: ['a'] },
    ],
    [
      'that stops within the second block of zeros is cut',
      [member, zeros(BLOCK + 9)],
      { reason: 'one-zero-block' },
    ],
    [
      'that stops within a header is cut',
      [member, member.subarray(0, 100)],
      { reason: 'header-beyond-end', at: 2 * BLOCK },
    ],
    [
      'that stops within a member is cut, and has it not',
      [member, headerBlock({ name: 'b', size: 5_000 }), zeros(4_999)],
      { kind: 'cut', reason: 'member-beyond-end', at: 2 * BLOCK, names: ['a'] },
    ],
    [
      'that stops at the last byte of a member is cut, and has it',
      [headerBlock({ name: 'b', size: 5_000 }), zeros(5_000)],
      { reason: 'no-end-marker', names: ['b'] },
    ],
    [
      'with no header between members is damaged',
      [member, junk, member],
      { kind: 'damaged', reason: 'invalid-header', at: 2 * BLOCK, names: ['a'] },
    ],
    [
      'with a lone block of zeros is damaged',
      [member, zeros(BLOCK), member],
      { kind: 'damaged', reason: 'lone-zero-block' },
    ],
    [
      'followed by another archive is damaged',
      [member, END_MARKER, member],
      { reason: 'trailing-bytes', at: 4 * BLOCK },
    ],
    [
      'followed by one byte is damaged',
      [member, END_MARKER, zeros(99_999), Buffer.from('x')],
      { reason: 'trailing-bytes', at: 4 * BLOCK + 99_999 },
    ],
    ['of no bytes is none', [], { kind: 'no-tar', reason: 'empty' }],
    [
      'that is a page of an error is none',
      [Buffer.from('<Error>AccessDenied</Error>'.repeat(50))],
      { kind: 'no-tar', reason: 'not-a-header' },
    ],
    ['shorter than a header is none', [Buffer.from('tar')], { kind: 'no-tar', reason: 'not-a-header' }],
  ])('%s', async (_, parts, expected) => {
    expect(await walk(...parts)).toMatchObject(expected);
  });

  it('of the end marker and zeros without end is damaged, and they are not read', async () => {
    const read = async (endBytes: number) =>
      walkArchive(virtualArchive([{ name: 'a', size: 9 }], endBytes), digest);
    expect(await read(PADDING_BYTES + 2 * BLOCK)).toMatchObject({ end: { kind: 'whole' } });
    const tooMany = await read(PADDING_BYTES + 3 * BLOCK);
    expect(tooMany).toMatchObject({
      end: { kind: 'damaged', reason: 'trailing-bytes' },
      reads: { requests: 1 },
    });
  });

  it('cut anywhere is never whole', async () => {
    const archive = Buffer.concat([
      member,
      wholeMember({ name: 'b' }, Buffer.alloc(3_000, 1)),
      member,
      END_MARKER,
    ]);
    const property = fc.asyncProperty(fc.nat(archive.length - 1), async (length) => {
      const { kind } = await walk(archive.subarray(0, length));
      expect(kind).toBe(length < BLOCK ? 'no-tar' : 'cut');
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('of any bytes ends in a verdict, and throws nothing', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
      expect(await walk(member, bytes)).toMatchObject({ names: ['a'] });
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it.each([
    new RefusedError('archive.changed', 'overwritten'),
    new RefusedError('archive.gone', 'deleted'),
    new TransientError('archive.unavailable', '503'),
  ])('that can not be read ends in the error of its source: $code', async (error) => {
    const fail = async (): Promise<Uint8Array> => {
      throw error;
    };
    const source = { size: 10_000, read: fail };
    await expect(walkArchive(source, digest)).rejects.toBe(error);
  });

  it('whose source gives fewer bytes than there are is a defect of the source', async () => {
    const source = { size: 10_000, read: async () => new Uint8Array(3) };
    await expect(walkArchive(source, digest)).rejects.toMatchObject({ code: 'archive.short-read' });
  });
});
