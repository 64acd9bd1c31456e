import { describe, expect, it } from 'vitest';
import { compilePattern, patternLimits } from '../../../functions/deployment/policies/pattern.ts';
import { expandTemplate, parseTemplate } from '../../../functions/deployment/policies/template.ts';

const compile = (source: string) => {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new Error(`${source}: ${compiled.reason}`);
  return compiled.pattern;
};

describe('compilePattern', () => {
  it.each([
    ['ver', 'my-ver1', true],
    ['^ver', 'my-ver1', false],
    ['^ver[0-9]+$', 'ver12', true],
    [String.raw`\d+\.\d+`, 'a1.2', true],
    ['(?i)^MAIN$', 'main', true],
    ['a|b', 'xb', true],
  ])('%s on %s is %s', (source, text, expected) => {
    expect(compile(source).matches(text)).toBe(expected);
    expect(compile(source).find(text) !== undefined).toBe(expected);
  });

  it.each(['^(?P<sha>[a-f]+)-(x)?', '^(?<sha>[a-f]+)-(x)?'])('names the groups of %s', (source) => {
    const pattern = compile(source);
    expect(pattern.groups.toSorted()).toEqual(['0', '1', '2', 'sha']);
    const group = pattern.find('abc-1');
    expect(['0', '1', 'sha', '2', '3', 'nobody'].map((name) => group?.(name))).toEqual([
      'abc-',
      'abc',
      'abc',
      '',
      '',
      '',
    ]);
  });

  it.each([
    ['', 'it is empty'],
    ['[', 'missing closing ]'],
    ['a**', 'invalid nested repetition operator'],
    ['(?=a)', 'invalid or unsupported Perl syntax'],
    ['(?<!a)b', 'invalid named capture'],
    [String.raw`(a)\1`, 'invalid escape sequence'],
    ['a{1001}', 'invalid repeat count'],
    ['(a{0,50}){0,19}', 'too large'],
    ['a'.repeat(patternLimits.length + 1), 'longer than 512 characters'],
  ])('refuses %s: %s', (source, reason) => {
    const compiled = compilePattern(source);
    expect(compiled.ok ? '' : compiled.reason).toContain(reason);
  });

  // Steps are bounded by program size times text length, whatever the pattern; a backtracking engine needs 2^n for these.
  it.each(['(a+)+$', '(a|aa)+$', '(a*)*b', '(.*)*(.*)*(.*)*x$', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'gives the hostile %s a small program, and an answer',
    (source) => {
      const pattern = compile(source);
      expect(pattern.matches(`${'a'.repeat(127)}!`)).toBe(false);
      expect(pattern.find(`${'a'.repeat(127)}!`)).toBeUndefined();
    },
  );
});

describe('expandTemplate', () => {
  const groups: Record<string, string> = { 0: 'whole', 1: 'one', 2: 'two', name: 'N', '1x': 'odd' };

  it.each([
    ['$1', 'one'],
    ['v$1-$2', 'vone-two'],
    ['$name', 'N'],
    ['${name}', 'N'],
    ['${1}x', 'onex'],
    ['$1x', 'odd'],
    ['$2x', ''],
    ['$name_', ''],
    ['$10', ''],
    ['$0', 'whole'],
    ['$$1', '$1'],
    ['$$$1', '$one'],
    ['a$', 'a$'],
    ['$-$1', '$-one'],
    ['${1', '${1'],
    ['${a-b}', '${a-b}'],
    ['plain', 'plain'],
    ['', ''],
  ])('%s becomes %j', (template, expected) => {
    expect(expandTemplate(parseTemplate(template), (group) => groups[group] ?? '')).toBe(expected);
  });
});
