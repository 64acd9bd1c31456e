import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { policyKinds } from '../../../functions/deployment/policies/registry.ts';
import { TagPolicy } from '../../../functions/records/tag-policy.ts';

describe('TagPolicy', () => {
  it('knows every kind in the registry by its type', () => {
    expect(policyKinds.map(({ schema }) => schema.shape.type.value).toSorted()).toEqual([
      'alphabetical',
      'digest',
      'glob',
      'level',
      'numerical',
      'regex',
      'semver',
    ]);
  });

  it.each([
    { type: 'semver', range: '>=1.0 <2 || ^3-0' },
    { type: 'level', level: 'minor' },
    { type: 'level', level: 'all', prerelease: 'any' },
    { type: 'alphabetical', order: 'desc' },
    { type: 'numerical', filter: { pattern: '^b(?P<n>[0-9]+)$', extract: '$n', exclude: 'debug' } },
    { type: 'regex', pattern: '^v(.+)$', extract: '${1}0', order: 'asc', allowDowngrade: true },
    { type: 'glob', pattern: 'main-*' },
    { type: 'digest', tag: 'latest' },
  ])('accepts %j', (policy) => {
    expect(TagPolicy.parse(policy)).toMatchObject(policy);
  });

  it('takes the last in order and never a step down, unless told otherwise', () => {
    expect(TagPolicy.parse({ type: 'glob', pattern: '*' })).toEqual({
      type: 'glob',
      pattern: '*',
      order: 'asc',
      allowDowngrade: false,
    });
  });

  it.each<[policy: object, path: string, message: string]>([
    [{ type: 'semvr' }, 'type', 'write "type": one of semver, level'],
    [{}, 'type', 'write "type": one of semver, level'],
    [
      { type: 'semver', range: '*-*' },
      'range',
      'not a version range: "*-*" is no comparison. Write for example',
    ],
    [{ type: 'semver', range: '' }, 'range', 'a part of it is empty'],
    [{ type: 'level', level: 'micro' }, 'level', 'write "all", "major", "minor" or "patch"'],
    [{ type: 'level', level: 'minor', prerelease: 'none' }, 'prerelease', 'write "same" or "any"'],
    [{ type: 'level', level: 'all', prerelease: 'same' }, 'prerelease', 'level "all" takes any prerelease'],
    [{ type: 'numerical', order: 'up' }, 'order', 'write "asc" or "desc"'],
    [
      { type: 'regex', pattern: '(?=a)' },
      'pattern',
      'not a regular expression: invalid or unsupported Perl syntax',
    ],
    [
      { type: 'regex', pattern: '(a)', extract: '$2' },
      'extract',
      'names the group "2", which the pattern does not',
    ],
    [{ type: 'regex', pattern: '(a)', extract: '$1x' }, 'extract', 'write "${1}text"'],
    [{ type: 'regex', pattern: '(a)', extract: 'v' }, 'extract', 'names no group of the pattern'],
    [{ type: 'glob', pattern: '[a-z]*' }, 'pattern', 'not a glob: "*" stands for any text and "?" for one'],
    [{ type: 'glob', pattern: '' }, 'pattern', 'not a glob'],
    [{ type: 'digest', tag: 'a/b' }, 'tag', 'not a tag to follow: it is no tag'],
    [{ type: 'digest', tag: 'main', allowDowngrade: true }, '', 'allowDowngrade'],
    [{ type: 'alphabetical', filter: {} }, 'filter', 'an empty filter'],
    [
      { type: 'alphabetical', filter: { extract: '$1', exclude: 'x' } },
      'filter.extract',
      'needs a "pattern"',
    ],
    [{ type: 'alphabetical', filter: { pattern: '[' } }, 'filter.pattern', 'missing closing ]'],
    [{ type: 'alphabetical', filter: { exclude: '[' } }, 'filter.exclude', 'missing closing ]'],
    [
      { type: 'alphabetical', filter: { pattern: '(a)', extract: '$b' } },
      'filter.extract',
      'names the group "b"',
    ],
    [{ type: 'alphabetical', ordre: 'asc' }, '', 'ordre'],
  ])('refuses %j at %s: %s', (policy, path, message) => {
    const issues = TagPolicy.safeParse(policy).error?.issues ?? [];
    expect(issues.map((issue) => [issue.path.join('.'), issue.message])).toContainEqual([
      path,
      expect.stringContaining(message),
    ]);
  });

  it('has a JSON Schema, for editors', () => {
    expect(() => z.toJSONSchema(TagPolicy, { io: 'input' })).not.toThrow();
  });
});
