import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesSubject } from '../../../functions/upgrade/report/subject-pattern.ts';

describe('a pattern of the ignore list', () => {
  it.each([
    ['*', 'Deployment shop/web', true],
    ['*', '', true],
    ['Deployment shop/*', 'Deployment shop/web', true],
    ['Deployment shop/*', 'Deployment shop/', true],
    ['Deployment shop/*', 'Deployment shop2/web', false],
    ['Deployment shop/web', 'Deployment shop/web', true],
    ['Deployment shop/web', 'Deployment shop/web2', false],
    ['deployment shop/web', 'Deployment shop/web', false],
    ['*/web', 'Deployment shop/web', true],
    ['* shop/*-canary', 'Deployment shop/web-canary', true],
    ['* shop/*-canary', 'Deployment shop/canary', false],
    ['a*a', 'a', false],
    ['a*a', 'aa', true],
    ['ab*ba', 'aba', false],
    ['*ab*ab*', 'ab', false],
    ['**', 'anything', true],
    ['insight [a-z]+', 'insight abc', false],
    ['node.group', 'node-group', false],
  ])('%s against "%s": %s', (pattern, subject, expected) => {
    expect(matchesSubject(pattern, subject)).toBe(expected);
  });

  it('says what the plain definition says, for any text', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '/'), maxLength: 8 });
    const subjects = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
    fc.assert(
      fc.property(letters, subjects, (pattern, subject) => {
        expect(matchesSubject(pattern, subject)).toBe(matchesSlowly(pattern, subject));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes what a regular expression would hang on', () => {
    const begun = performance.now();
    expect(matchesSubject('*a'.repeat(200), `${'a'.repeat(20_000)}b`)).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});

/** Letter by letter, with every way to take a `*`. */
const matchesSlowly = (pattern: string, subject: string): boolean => {
  if (pattern === '') return subject === '';
  if (pattern.startsWith('*')) {
    return (
      matchesSlowly(pattern.slice(1), subject) || (subject !== '' && matchesSlowly(pattern, subject.slice(1)))
    );
  }
  return subject.startsWith(pattern.charAt(0)) && matchesSlowly(pattern.slice(1), subject.slice(1));
};
