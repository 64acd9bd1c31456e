import { describe, expect, it } from 'vitest';
import { SEGMENTS, walkArchive } from '../../../functions/backup/archive/archive-walk.ts';
import { measureReads } from './measured-reads.ts';
import { digest } from './member-folds.ts';
import { realisticBackup } from './realistic-backup.ts';
import { type VirtualMember, virtualArchive } from './virtual-archive.ts';

/** Reads that may follow one upon another in a minute, at 20 ms each and 4 ms for all that is no waiting. */
const MINUTE = 60_000 / 24;
const MB = 1_000_000;

const uniform = (count: number, size: number): VirtualMember[] =>
  Array.from({ length: count }, (_, index) => ({ name: `m/${index}`, size }));

describe('reads of an archive', () => {
  it.each<[string, readonly VirtualMember[], { depth: number; bytes: number }]>([
    ['100 GB in 200 members: 5 s, 1 MB', uniform(200, 500 * MB), { depth: 250, bytes: MB }],
    ['100 GB in 5,000 members: 60 s, 50 MB', uniform(5_000, 20 * MB), { depth: MINUTE, bytes: 50 * MB }],
    [
      'the same where searches have bad luck: 60 s, 50 MB',
      uniform(5_000, 20 * MB + 123),
      { depth: MINUTE, bytes: 50 * MB },
    ],
    ['100 GB in 50,000 members: 60 s, 100 MB', uniform(50_000, 2 * MB), { depth: MINUTE, bytes: 100 * MB }],
    [
      'many members behind a large one, in which searches found nothing: 45 s, 50 MB',
      [...uniform(270, 5 * MB), { name: 'registry.tar.gz', size: 50_000 * MB }, ...uniform(2_700, 5 * MB)],
      { depth: 1_875, bytes: 50 * MB },
    ],
    [
      '20 MB in 10,000 tiny members: 2 s, each byte once',
      uniform(10_000, 700),
      { depth: 100, bytes: 21 * MB },
    ],
    [
      '5,000 members, repositories first, then 98 GB in four: 60 s, 50 MB',
      realisticBackup('repositories first'),
      { depth: MINUTE, bytes: 50 * MB },
    ],
    [
      '5,000 members, 98 GB in four, then repositories: 60 s, 50 MB',
      realisticBackup('repositories last'),
      { depth: MINUTE, bytes: 50 * MB },
    ],
    [
      '5,000 members, repositories among 98 GB in four: 60 s, 50 MB',
      realisticBackup('repositories between'),
      { depth: MINUTE, bytes: 50 * MB },
    ],
  ])('%s', async (_, members, budget) => {
    const measured = measureReads(virtualArchive(members));
    const result = await walkArchive(measured.source, digest);
    const reads = { requests: measured.requests(), bytes: measured.bytes() };
    expect(result).toMatchObject({ end: { kind: 'whole' }, value: { members: members.length }, reads });
    expect(measured.depth()).toBeLessThan(budget.depth);
    expect(measured.bytes()).toBeLessThan(budget.bytes);
  });

  it('2 TB in one member of 1.9 TB and 1,000 others are counted to the byte', async () => {
    const members = [
      ...uniform(500, 50 * MB),
      { name: 'registry.tar.gz', size: 1_900_000_000_001 },
      ...uniform(500, 150 * MB),
    ];
    const result = await walkArchive(virtualArchive(members), digest);
    expect(result).toMatchObject({
      end: { kind: 'whole' },
      value: { members: 1_001, bytes: 2_000_000_000_001 },
    });
  });

  it('one header of a few bytes costs no more than a block, wherever it stands alone', async () => {
    const { source, bytes, requests } = measureReads(virtualArchive(uniform(100, 80_000)));
    await walkArchive(source, digest);
    expect(requests()).toBeLessThan(110);
    // The first two reads do not know yet that headers stand alone.
    expect(bytes()).toBeLessThan(100 * 512 + 4 * 4_096);
  });

  it.each([1, 3, SEGMENTS])(
    'in %i segments are no more than that at once, and of a MiB each',
    async (segments) => {
      const measured = measureReads(virtualArchive(uniform(3_000, 300_000)));
      await walkArchive(measured.source, digest, { segments });
      expect(measured.atOnce()).toBeLessThanOrEqual(segments);
      expect(measured.atOnce()).toBeGreaterThanOrEqual(Math.min(segments, 8));
      // With what 32 windows hold beside it, this bounds the memory of a walk at 48 MiB.
      expect(measured.largest()).toBeLessThanOrEqual(1024 * 1024);
    },
  );
});
