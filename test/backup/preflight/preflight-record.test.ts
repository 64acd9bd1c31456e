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

  const warn = (message: string, changes: object = {}) =>
    result(message, { outcome: 'warn', stops: false, ...changes });
  const last = {
    results: [warn('The disk of 40 GB is small.'), warn('gl-lfs has no replica.', { code: 'b' })],
  };

  it.each([
    [
      'what is new, and counts the others',
      [...last.results, warn('It is slow.')],
      ['It is slow. Mend it.', '2 warnings as last time, in the record of the run: a-rule, b.'],
    ],
    [
      'nothing anew of which only numbers changed',
      [warn('The disk of 39.5 GB is small.')],
      ['1 warning as last time, in the record of the run: a-rule. No longer: b.'],
    ],
    [
      'what is of another bucket',
      [warn('gl-pages has no replica.', { code: 'b' })],
      ['gl-pages has no replica. Mend it.', 'No longer: a-rule, b.'],
    ],
    [
      'what got worse',
      [warn('gl-lfs has no replica.', { code: 'b', outcome: 'not-checked' }), last.results[0] ?? warn('')],
      [
        'gl-lfs has no replica. Mend it.',
        '1 warning as last time, in the record of the run: a-rule. No longer: b.',
      ],
    ],
    ['what is mended', [], ['No longer: a-rule, b.']],
  ])('says %s', (_, results, warnings) => {
    expect(sayPreflight({ results }, 20, last)).toEqual({ reasons: [], warnings });
  });

  it('says of one that stops the run every time why', () => {
    const results = [result('It is full.')];
    expect(sayPreflight({ results }, 20, { results })).toEqual({
      reasons: ['It is full. Mend it.'],
      warnings: [],
    });
  });

  it('keeps to its number with those that it counts', () => {
    const results = [
      ...last.results,
      ...Array.from({ length: 9 }, (_, index) => warn(`New ${'x'.repeat(index)}.`)),
    ];
    const { warnings } = sayPreflight({ results }, 4, last);
    expect(warnings).toEqual([
      'New . Mend it.',
      'New x. Mend it.',
      'And 7 more, in the record of the run.',
      '2 warnings as last time, in the record of the run: a-rule, b.',
    ]);
  });

  it('is cut where it is too long', () => {
    const [reason = ''] = sayPreflight({ results: [result('x'.repeat(700))] }, 20).reasons;
    expect(reason).toHaveLength(600);
    expect(reason.endsWith('x…')).toBe(true);
  });
});
