import { describe, expect, it } from 'vitest';
import { readRetryAfter } from '../../functions/clients/retry-after.ts';

describe('readRetryAfter', () => {
  it.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '17' }, 17],
    [
      "a date counts from the answer's own date",
      { 'retry-after': 'Sat, 21 Nov 2026 08:01:30 GMT', date: 'Sat, 21 Nov 2026 08:00:00 GMT' },
      90,
    ],
    [
      'a date that has passed is now',
      { 'retry-after': 'Sat, 21 Nov 2026 07:00:00 GMT', date: 'Sat, 21 Nov 2026 08:00:00 GMT' },
      0,
    ],
    ['nothing', {}, undefined],
    ['rubbish', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-5x' }, undefined],
  ])('%s', (_, headers, expected) => {
    expect(readRetryAfter(new Headers(headers))).toBe(expected);
  });
});
