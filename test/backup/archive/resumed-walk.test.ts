import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEGMENTS, walkArchive } from '../../../functions/backup/archive/archive-walk.ts';
import type { ByteSource } from '../../../functions/backup/archive/byte-source.ts';
import type { WalkOptions } from '../../../functions/backup/archive/walk-result.ts';
import { walkStateOf } from '../../../functions/backup/archive/walk-state.ts';
import { createFixedClock } from '../../support/fixed-clock.ts';
import { measureReads } from './measured-reads.ts';
import { type Digest, digest } from './member-folds.ts';
import { realisticBackup } from './realistic-backup.ts';
import { virtualArchive } from './virtual-archive.ts';

const uniform = virtualArchive(
  Array.from({ length: 900 }, (_, index) => ({ name: `m/${index}`, size: 90_000 })),
);
const backup = virtualArchive(realisticBackup('repositories between').slice(0, 3_000));

/** Walks with a stop after so many reads, each time from what JSON kept of the checkpoint before. */
const walkInParts = async (
  source: ByteSource,
  stops: readonly number[],
  options: WalkOptions<Digest> = {},
) => {
  let from: WalkOptions<Digest>['from'];
  const states: string[] = [];
  for (let turn = 0; turn < 10_000; turn += 1) {
    const maxReads = stops[turn % stops.length] ?? 1;
    const result = await walkArchive(measureReads(source).source, digest, {
      ...options,
      maxReads,
      ...(from && { from }),
    });
    if (result.state === 'done') return { result, states };
    const state = JSON.stringify(result.checkpoint);
    states.push(state);
    from = walkStateOf(digest.schema).parse(JSON.parse(state));
  }
  throw new Error('it does not get on');
};

describe('a walk that is stopped and resumed', () => {
  it('after any number of reads ends as one that was not', async () => {
    const whole = await walkArchive(measureReads(uniform).source, digest);
    const stops = fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 13, max: 400 })), {
      minLength: 1,
      maxLength: 5,
    });
    const property = fc.asyncProperty(stops, async (stops) => {
      const { result } = await walkInParts(uniform, stops);
      expect({ ...result, reads: 0 }).toEqual({ ...whole, reads: 0 });
    });
    await fc.assert(property, { numRuns: 12 });
  });

  it('counts its reads over all parts, and keeps a state that does not grow with the members', async () => {
    const { result, states } = await walkInParts(backup, [40, 300]);
    expect(result).toMatchObject({ state: 'done', value: { members: 3_000 } });
    expect(result.reads.requests).toBeGreaterThan(800);
    expect(states.length).toBeGreaterThan(5);
    const largest = Math.max(...states.map((state) => state.length));
    // A segment takes what its fold takes and four numbers more.
    expect(largest).toBeLessThan(2 * SEGMENTS * 250);
    expect(states.some((state) => state.split('"start"').length > 4)).toBe(true);
  });

  it('spends on searches what one that was not may spend, however often it is stopped', async () => {
    const members = Array.from({ length: 3_000 }, (_, index) => ({ name: `m/${index}`, size: 33_000_000 }));
    const { result, states } = await walkInParts(virtualArchive(members), [150]);
    expect(states.length).toBeGreaterThan(15);
    expect(result).toMatchObject({ state: 'done', value: { members: 3_000 } });
    expect(result.reads.bytes).toBeLessThan(50_000_000);
  });

  it('has nothing to go on with when the object has another size', async () => {
    const first = await walkArchive(uniform, digest, { maxReads: 3 });
    const from = first.state === 'unfinished' ? first.checkpoint : undefined;
    expect(from).toBeDefined();
    await expect(walkArchive(backup, digest, from && { from })).rejects.toMatchObject({
      code: 'archive.changed',
    });
  });
});

describe('a walk that is stopped', () => {
  it('at its deadline keeps what it has; past it, still gets on by a member', async () => {
    const clock = createFixedClock();
    const slow: ByteSource = {
      size: uniform.size,
      read: async (start, length, signal) => {
        clock.advance(20);
        return await uniform.read(start, length, signal);
      },
    };
    const until = new Date(clock.now().getTime() + 200);
    const first = await walkArchive(slow, digest, { segments: 1, deadline: { clock, until } });
    expect(first).toMatchObject({ state: 'unfinished', reads: { requests: 10 } });
    const from = first.state === 'unfinished' ? first.checkpoint : undefined;
    const second = await walkArchive(slow, digest, {
      segments: 1,
      deadline: { clock, until },
      ...(from && { from }),
    });
    expect(second).toMatchObject({ state: 'unfinished', reads: { requests: 11 } });
  });

  it('by a signal keeps what it has at once, though its reads fail for it', async () => {
    const controller = new AbortController();
    let reads = 0;
    const aborted: ByteSource = {
      size: uniform.size,
      read: async (start, length, signal) => {
        reads += 1;
        if (reads === 7) controller.abort();
        signal?.throwIfAborted();
        return await uniform.read(start, length, signal);
      },
    };
    const first = await walkArchive(aborted, digest, { signal: controller.signal });
    expect(first).toMatchObject({
      state: 'unfinished',
      checkpoint: { segments: [{ value: { members: 6 } }] },
    });
    const from = first.state === 'unfinished' ? first.checkpoint : undefined;
    const whole = await walkArchive(uniform, digest, from && { from });
    expect(whole).toMatchObject({ state: 'done', value: { members: 900 } });
  });

  it('by a signal that came before it reads nothing', async () => {
    const { source, requests } = measureReads(uniform);
    const result = await walkArchive(source, digest, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ state: 'unfinished', checkpoint: { segments: [{ start: 0, at: 0 }] } });
    expect(requests()).toBe(0);
  });
});
