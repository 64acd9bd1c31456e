import { describe, expect, it } from 'vitest';
import { createPicker, maxReportedSkips } from '../../../functions/deployment/policies/picker.ts';
import { readAs } from '../../../functions/deployment/policies/reading.ts';
import { decideTag, pickTag } from '../../../functions/deployment/tag-policy.ts';
import { TagPolicy } from '../../../functions/records/tag-policy.ts';

const hex = 'ab'.repeat(32);
const any = { type: 'alphabetical' };

describe('decideTag', () => {
  it.each<[policy: object, current: string | undefined, candidate: string]>([
    [any, undefined, 'a'],
    [any, 'a', 'b'],
    [{ type: 'digest', tag: 'main' }, 'main', 'main'],
    [{ type: 'semver', range: '^1' }, '1.2.3', 'v1.2.3'],
    [{ type: 'numerical' }, 'main', '1'],
    [any, undefined, 'x'.repeat(128)],
    [any, undefined, '_internal.Tag-1'],
    [any, undefined, `sha256-${hex}.tar`],
    [any, undefined, 'sha256-abcd.sig'],
  ])('policy %j lets %s be followed by %s', (policy, current, candidate) => {
    expect(decideTag(TagPolicy.parse(policy), current, candidate)).toEqual({ ok: true });
  });

  it.each<[policy: object, current: string | undefined, candidate: string, reason: string]>([
    [any, 'a', 'a', '"a" runs already; only a digest policy follows a tag that moves'],
    [any, 'b', 'a', '"a" ranks below "b", which runs; "allowDowngrade: true" would let it'],
    [{ type: 'semver', range: '^1' }, 'v1.2.3', '1.2.3', 'ranks below'],
    [{ type: 'semver', range: '^1' }, '1.2.3', '2.0.0', '"2.0.0" is outside ^1'],
    [{ type: 'semver', range: '^1' }, '1.2.3', '1.3.0-rc.1', 'is a prerelease, and ^1 takes none'],
    [{ type: 'semver', range: '^1' }, '1.2.3', '3050', 'is one number, and a version has at least two'],
    [{ type: 'semver', range: '^1' }, '1.2.3', 'main', 'is no version'],
    [{ type: 'level', level: 'minor' }, '1.2.3', '2.0.0', 'changes the major version, and level minor'],
    [{ type: 'level', level: 'patch' }, '1.2.3', '1.3.0', 'changes the minor version, and level patch'],
    [{ type: 'level', level: 'all' }, 'main', '1.3.0', '"main" runs, which is no version'],
    [
      { type: 'level', level: 'minor' },
      '1.2.3',
      '1.3.0-rc',
      'is marked -rc, what runs is marked as no prerelease',
    ],
    [{ type: 'numerical' }, '1', 'main', 'is no number'],
    [{ type: 'regex', pattern: '^v' }, undefined, 'x', 'does not match ^v'],
    [{ type: 'digest', tag: 'main' }, undefined, 'dev', 'is not main, the tag that is followed'],
    [{ ...any, filter: { exclude: 'debug' } }, undefined, 'v1-debug', 'is excluded by debug'],
    [{ ...any, filter: { pattern: '^v' } }, undefined, 'x', 'does not match ^v'],
    [any, undefined, '', 'is no tag'],
    [any, undefined, '-a', 'is no tag'],
    [any, undefined, 'a b', 'is no tag'],
    [any, undefined, 'a\n', 'is no tag'],
    [any, undefined, 'é', 'is no tag'],
    [any, undefined, 'x'.repeat(129), 'is longer than the 128 characters a tag may have'],
    [any, undefined, `sha256-${hex}.sig`, 'belongs to a signature'],
    [any, undefined, `sha256-${hex}.att`, 'belongs to a signature'],
    [any, undefined, `sha256-${hex}.sbom`, 'belongs to a signature'],
    [any, undefined, `sha256-${hex}`, 'belongs to a signature'],
    [{ type: 'regex', pattern: '^sha256-' }, undefined, `sha256-${hex}.sig`, 'belongs to a signature'],
  ])('policy %j, running %s, refuses %s: %s', (policy, current, candidate, reason) => {
    const verdict = decideTag(TagPolicy.parse(policy), current, candidate);
    expect(verdict.ok ? '' : verdict.reason).toContain(reason);
  });

  it('keeps its reason short, however long the tag', () => {
    const verdict = decideTag(TagPolicy.parse(any), undefined, 'x'.repeat(10_000));
    expect(verdict.ok ? Number.NaN : verdict.reason.length).toBeLessThan(250);
  });
});

describe('pickTag', () => {
  it('reports each tag it left out, and why', () => {
    const picked = pickTag(TagPolicy.parse({ type: 'numerical' }), '5', ['4', 'main', '6']);
    expect(picked).toEqual({
      tag: '6',
      skipped: [
        { tag: '4', reason: '"4" ranks below "5", which runs; "allowDowngrade: true" would let it' },
        { tag: 'main', reason: '"main" is no number; a filter with an extract can cut one out' },
      ],
      skippedCount: 2,
    });
  });

  it('reports at most 100 of the tags it left out, and their count', () => {
    const tags = Array.from({ length: 1_000 }, (_, index) => `no-number-${index}`);
    const { skipped, skippedCount } = pickTag(TagPolicy.parse({ type: 'numerical' }), undefined, tags);
    expect([skipped.length, skippedCount, maxReportedSkips]).toEqual([100, 1_000, 100]);
  });

  it('reports a tag of 10,000 characters shortened', () => {
    const { skipped } = pickTag(TagPolicy.parse(any), undefined, ['x'.repeat(10_000)]);
    expect(skipped[0]?.tag).toHaveLength(128);
  });
});

describe('createPicker', () => {
  it('reads each tag once and the running one once, so the cost is linear', () => {
    const seen: string[] = [];
    const read = (key: string) => {
      seen.push(key);
      return readAs(key);
    };
    const picker = createPicker({ allowDowngrade: false }, { read, compare: () => 0 });
    picker.pick('running', ['a', 'b', 'c', 'd']);
    expect(seen).toEqual(['running', 'a', 'b', 'c', 'd']);
  });

  it('shows no rule a text that is no tag, so a pattern never meets more than 128 characters', () => {
    const seen: string[] = [];
    const read = (key: string) => {
      seen.push(key);
      return readAs(key);
    };
    const picker = createPicker({ allowDowngrade: false }, { read, compare: () => 0 });
    picker.pick('x'.repeat(10_000), ['y'.repeat(10_000), 'y'.repeat(129), 'y'.repeat(128), 'a b']);
    expect(seen).toEqual(['y'.repeat(128)]);
  });
});
