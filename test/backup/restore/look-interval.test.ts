import { expect, it } from 'vitest';
import { waitForLook } from '../../../functions/backup/restore/reading/look-interval.ts';

const SINCE = '2026-03-01T12:00:00.000Z';

it.each<[asked: number, since: string | undefined, lasted: number, seconds: number]>([
  [1, SINCE, 36_000, 1],
  [15, undefined, 36_000, 15],
  [15, SINCE, 60, 15],
  [15, SINCE, 3_600, 180],
  [15, SINCE, 36_000, 600],
  [60, SINCE, 600, 60],
])(
  'a step that asks for %i s, begun at %s and %i s old, is looked at again in %i s',
  (asked, since, lasted, seconds) => {
    expect(waitForLook(asked, since, new Date(Date.parse(SINCE) + lasted * 1_000))).toBe(seconds);
  },
);
