import { describe, expect, it } from 'vitest';
import { sayPreflight } from '../../../functions/backup/preflight/preflight-record.ts';

const result = (message: string, changes: object = {}) => ({
  code: 'a-rule',
  outcome: 'refuse' as const,
  stops: true,
  message,
  remedy: 'Mend it.',
  ...changes,
});

const say = (count: number, most: number) =>
  sayPreflight({ results: Array.from({ length: count }, (_, index) => result(`${index}.`)) }, most).reasons;

describe('what a run says of its preflight', () => {
  it('is why it stops, and what else to mend, each with what to do', () => {
    const results = [
      result('It is full.'),
      result('It is not known.', { outcome: 'not-checked' }),
      result('It may be slow.', { outcome: 'warn', stops: false }),
      result('All is well.', { outcome: 'pass', stops: false, remedy: undefined }),
    ];
    expect(sayPreflight({ results }, 20)).toEqual({
      reasons: ['It is full. Mend it.', 'It is not known. Mend it.'],
      warnings: ['It may be slow. Mend it.'],
    });
  });

  it.each([
    [3, 3, ['0. Mend it.', '1. Mend it.', '2. Mend it.']],
    [4, 3, ['0. Mend it.', '1. Mend it.', 'And 2 more, in the record of the run.']],
  ])('of %d reasons, at most %d, are these', (count, most, expected) => {
    expect(say(count, most)).toEqual(expected);
  });

  it('is cut where it is too long', () => {
    const [reason = ''] = sayPreflight({ results: [result('x'.repeat(700))] }, 20).reasons;
    expect(reason).toHaveLength(600);
    expect(reason.endsWith('x…')).toBe(true);
  });
});
