import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_VALUES_BYTES, readValues } from '../../../functions/backup/values/values-file.ts';
import { counterexample } from '../../support/counterexample.ts';

const laughs = [
  `a0: &a0 [${Array(10).fill('x').join(',')}]`,
  ...Array.from(
    { length: 9 },
    (_, index) => `a${index + 1}: &a${index + 1} [${Array(10).fill(`*a${index}`).join(',')}]`,
  ),
].join('\n');

describe('a file of values', () => {
  it.each<[string, string, unknown]>([
    ['an anchor and a merge key', 'a: &x { b: 1 }\nc: { <<: *x, d: 2 }', { a: { b: 1 }, c: { b: 1, d: 2 } }],
    [
      'one anchor used 500 times',
      `a: &x 1\nb: [${Array(500).fill('*x').join(',')}]`,
      { a: 1, b: Array(500).fill(1) },
    ],
    ['yes, on and no as Go reads them', 'a: yes\nb: on\nc: no', { a: true, b: true, c: false }],
    ['a day as a text', 'a: 2026-01-31', { a: '2026-01-31' }],
    ['a time as a text', 'a: 1:30:00', { a: '1:30:00' }],
    ['a null, which deletes', 'a: ~\nb: null\nc:', { a: null, b: null, c: null }],
    ['what helm get values prints of no values', 'null\n', {}],
    [
      'what it prints above them without -o yaml',
      'USER-SUPPLIED VALUES:\nglobal: {}',
      { 'USER-SUPPLIED VALUES': null, global: {} },
    ],
    ['a tag of somebody', 'a: !vault b', { a: 'b' }],
    ['numbers as keys', '1: x', { 1: 'x' }],
    ['JSON', '{"a": [1, "b", null]}', { a: [1, 'b', null] }],
  ])('takes %s', (_, text, expected) => {
    expect(readValues(text)).toEqual({ ok: true, values: expected });
  });

  it('takes a key called __proto__ for a key', () => {
    const read = readValues('__proto__: { polluted: true }');
    expect(read.ok && Object.keys(read.values)).toEqual(['__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it.each<[string, string, number, string]>([
    ['a key that is there twice', 'a: 1\nb: 2\na: 3', 3, 'twice'],
    ['a tab', 'a:\n\tb: 1', 2, 'tab'],
    ['a quote that is not closed', 'a: 1\nb: "x', 2, 'missing'],
    ['several documents', 'a: 1\n---\nb: 2', 2, 'several documents'],
    ['an alias to nowhere', 'a: *x', 1, 'leads nowhere'],
    ['a merge of no map', 'a: &x 1\nb: { <<: *x }', 1, 'leads nowhere'],
    ['an alias in itself', 'a: &x [*x]', 1, 'more than a chart has'],
    ['aliases that grow', laughs, 1, 'grows too large'],
    ['ten thousand brackets', '['.repeat(10_000), 1, ''],
    ['a list', '- a', 1, 'no map'],
    ['one word', 'hello', 1, 'no map'],
    ['the words of an error', 'Error: release: not found', 1, 'colon'],
    ['nothing', '', 1, 'is empty'],
    ['blanks', ' \n', 1, 'is empty'],
    ['more than a release can hold', `a: ${'x'.repeat(MAX_VALUES_BYTES)}`, 1, 'more than 1 MiB'],
    ['more members than a chart has', `a: [${'1,'.repeat(50_001)}1]`, 1, 'more than a chart has'],
  ])('says of %s where it is and what it is', (_, text, line, words) => {
    const read = readValues(text);
    expect(read).toMatchObject({ ok: false });
    if (read.ok) return;
    expect(read.faults[0]?.line).toBe(line);
    expect(read.faults[0]?.message).toContain(words);
    expect(read.faults.length).toBeLessThanOrEqual(5);
  });

  it('never repeats what stands in it', () => {
    const SECRET = 'hunter2hunter2';
    for (const text of [
      `a: "${SECRET}`,
      `a: *${SECRET}`,
      `a: 1\n  ${SECRET}: 2`,
      `${SECRET}: 1\n${SECRET}: 2`,
      `!<${SECRET}> a: [`,
    ]) {
      expect(JSON.stringify(readValues(text))).not.toContain(SECRET);
    }
  });

  it('is read or refused, whatever it holds', () => {
    const lines = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('a:', '  b: 1', '- x', '<<: *a', '&a', '{', '? ', '---', '\t')),
      { maxLength: 12 },
    );
    expect(
      counterexample(
        fc.property(lines, (some) => {
          expect(typeof readValues(some.join('\n')).ok).toBe('boolean');
        }),
        300,
      ),
    ).toBeUndefined();
  });
});
