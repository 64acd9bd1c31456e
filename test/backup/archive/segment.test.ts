import { describe, expect, it } from 'vitest';
import { openHeaderWindow } from '../../../functions/backup/archive/header-window.ts';
import { findOwner, openSegment, type Segment, settle } from '../../../functions/backup/archive/segment.ts';
import { memorySource } from './member-folds.ts';

const text = { merge: (before: string, after: string) => before + after };
const window = openHeaderWindow(memorySource(new Uint8Array()));

/** Segments by where they begin and where they are; what each counted is a letter. */
const open = (
  ...places: readonly [start: number, at: number, state?: 'stalled' | 'ended'][]
): Segment<string>[] =>
  places.map(([start, at, state], index) => {
    const end = state === 'ended' ? ({ kind: 'whole', at } as const) : undefined;
    const segment = openSegment({ start, at, end }, 'abcd'[index] ?? '?', window);
    segment.isStalled = state === 'stalled';
    return segment;
  });

const tell = (segments: readonly Segment<string>[]): string =>
  segments
    .map(({ start, at, value, isStalled }) => `${value} ${start}-${at}${isStalled ? ' stalled' : ''}`)
    .join(', ');

describe('a segment that got on', () => {
  it.each<[string, Segment<string>[], number, string, string]>([
    ['short of the next one goes on', open([0, 5], [9, 12]), 0, 'goes on', 'a 0-5, b 9-12'],
    ['alone goes on', open([0, 5]), 0, 'goes on', 'a 0-5'],
    [
      'exactly to the next one becomes one with it',
      open([0, 9], [9, 12], [20, 25]),
      0,
      'ends',
      'ab 0-12, c 20-25',
    ],
    ['first over the next one drops it', open([0, 10], [9, 12], [20, 25]), 0, 'goes on', 'a 0-10, c 20-25'],
    [
      'first over several drops them and joins the one it meets',
      open([0, 20], [9, 12], [15, 16], [20, 25]),
      0,
      'ends',
      'ad 0-25',
    ],
    [
      'over the next one, and not first, waits',
      open([0, 5], [9, 21], [20, 25]),
      1,
      'ends',
      'a 0-5, b 9-21 stalled, c 20-25',
    ],
    [
      'exactly to a next one that waits goes on there, and drops',
      open([0, 9], [9, 21, 'stalled'], [20, 25]),
      0,
      'resumes',
      'ab 0-21',
    ],
    [
      'not first, to a next one that waits, leaves it waiting',
      open([0, 1], [5, 9], [9, 21, 'stalled'], [20, 25]),
      1,
      'ends',
      'a 0-1, bc 5-21 stalled, d 20-25',
    ],
    ['to its end goes on no more', open([0, 9, 'ended'], [9, 12]), 0, 'ends', 'a 0-9, b 9-12'],
  ])('%s', (_, segments, which, outcome, left) => {
    const segment = segments[which];
    if (!segment) throw new Error('no such segment');
    const { goesOn, resumed } = settle(segments, segment, text);
    expect(goesOn ? 'goes on' : resumed ? 'resumes' : 'ends').toBe(outcome);
    expect(tell(segments)).toBe(left);
  });
});

describe('the owner of an offset', () => {
  const segments = open([0, 5], [9, 12, 'ended'], [20, 25]);

  it.each<[number, string | undefined]>([
    [3, undefined],
    [5, undefined],
    [7, 'a'],
    [15, undefined],
    [20, undefined],
    [24, undefined],
    [99, 'c'],
  ])('%i is %s', (offset, value) => {
    expect(findOwner(segments, offset)?.value).toBe(value);
  });
});
