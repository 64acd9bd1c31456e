import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { walkArchive } from '../../../functions/backup/archive/archive-walk.ts';
import type { ByteSource } from '../../../functions/backup/archive/byte-source.ts';
import { END_MARKER, headerBlock, wholeMember } from './crafted-blocks.ts';
import { measureReads } from './measured-reads.ts';
import { digest, everyMember } from './member-folds.ts';
import { type VirtualMember, virtualArchive } from './virtual-archive.ts';

const many = (count: number, size: number, tile?: Uint8Array): VirtualMember[] =>
  Array.from({ length: count }, (_, index) => ({ name: `m/${index}`, size, ...(tile && { tile }) }));

/** What a member may hold that looks like the archive around it. */
const INSIDES = {
  'archives of small members': Buffer.concat([
    ...Array.from({ length: 40 }, (_, index) => wholeMember({ name: `inside/${index}` }, 'x'.repeat(9_000))),
    END_MARKER,
  ]),
  'headers without an end': wholeMember({ name: 'inside' }, 'x'.repeat(700)),
  'headers of members that reach far': Buffer.concat([
    wholeMember({ name: 'inside' }, 'x'),
    headerBlock({ name: 'inside/far', size: 3_000_000_000 }),
    Buffer.alloc(7_168, 'y'),
  ]),
  'headers that lead to nothing': Buffer.concat([
    headerBlock({ name: 'inside', size: 5_120 }),
    Buffer.alloc(9_216, 'z'),
  ]),
};

describe('a walk over members that hold', () => {
  it.each(Object.entries(INSIDES))('%s finds the members around them, and no other', async (_, tile) => {
    const members = [
      ...many(400, 400_000),
      { name: 'large.tar', size: 4_000_000_000, tile },
      ...many(600, 700_000, tile),
      { name: 'last.tar', size: 900_000_000, tile },
    ];
    const { source, atOnce } = measureReads(virtualArchive(members));
    const result = await walkArchive(source, everyMember);
    expect(result).toMatchObject({ state: 'done', end: { kind: 'whole' } });
    expect(result.state === 'done' && result.value.map(({ name }) => name)).toEqual(
      members.map(({ name }) => name),
    );
    // Segments were looked for, so what lies within content was there to be believed.
    expect(atOnce()).toBeGreaterThan(1);
  });

  it('any of these, in any order, finds what one segment finds', async () => {
    const kind = fc.constantFrom(undefined, ...Object.values(INSIDES));
    const group = fc.record({
      count: fc.integer({ min: 1, max: 400 }),
      size: fc.constantFrom(0, 700, 20_000, 300_000, 9_000_000),
      tile: kind,
    });
    const property = fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 6 }), async (groups) => {
      const archive = virtualArchive(groups.flatMap(({ count, size, tile }) => many(count, size, tile)));
      const [several, one] = await Promise.all([
        walkArchive(measureReads(archive).source, digest),
        walkArchive(archive, digest, { segments: 1 }),
      ]);
      expect({ ...several, reads: 0 }).toEqual({ ...one, reads: 0 });
      expect(one).toMatchObject({ value: { members: groups.reduce((sum, { count }) => sum + count, 0) } });
    });
    await fc.assert(property, { numRuns: 15 });
  });
});

/** An archive with junk in the place of the header of one member. */
const damageAt = (archive: ByteSource, offset: number): ByteSource => ({
  size: archive.size,
  read: async (start, length, signal) => {
    const bytes = await archive.read(start, length, signal);
    if (start <= offset && offset < start + bytes.length) bytes.fill(7, offset - start, offset - start + 512);
    return bytes;
  },
});

describe('a walk in several segments over a damaged archive', () => {
  it.each([80, 700, 1_499])(
    'says that member %i is, counts nothing behind it, and ends there',
    async (index) => {
      const size = 1_000_448;
      const offset = index * (size + 512);
      const measured = measureReads(damageAt(virtualArchive(many(6_000, size)), offset));
      expect(await walkArchive(measured.source, digest)).toMatchObject({
        end: { kind: 'damaged', reason: 'invalid-header', at: offset },
        value: { members: index },
      });
      expect(measured.atOnce()).toBeGreaterThan(8);
      // What was under way beyond it is not waited for.
      expect(measured.depth()).toBeLessThan(index + 10);
    },
  );
});
