import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideTag, orderTags, pickTag } from '../../../functions/deployment/tag-policy.ts';
import { TagPolicy } from '../../../functions/records/tag-policy.ts';

const filter = { pattern: '^(?P<word>[a-z]*)-?(?P<rest>.*)$', extract: '$rest' };
const policies = [
  { type: 'semver', range: '>=1.0.0-0 <3' },
  { type: 'semver', range: '^1', filter },
  { type: 'level', level: 'minor' },
  { type: 'level', level: 'all', filter },
  { type: 'alphabetical', order: 'desc' },
  { type: 'numerical' },
  { type: 'numerical', order: 'desc', filter },
  { type: 'regex', pattern: '([0-9])', extract: '$1' },
  { type: 'glob', pattern: '*1*' },
  { type: 'digest', tag: 'v1.2' },
].map((policy) => TagPolicy.parse(policy));

const policy = fc.constantFrom(...policies);
// Few letters and small numbers, so that tags often match, tie and differ by one step.
const tag = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', 'v', 'a-', 'b-'),
      fc.nat(2),
      fc.nat(2),
      fc.constantFrom('', '.0', '.1', '-rc.1'),
    )
    .map(([prefix, major, minor, rest]) => `${prefix}${major}.${minor}${rest}`),
  fc.stringMatching(/^[a1.-]{0,4}$/),
  fc.constantFrom('latest', 'main', '07', '7', '7.0', 'x'.repeat(129)),
);
const tags = fc.array(tag, { maxLength: 12 });
const current = fc.option(tag, { nil: undefined });

describe('every tag policy', () => {
  it('orders any tags totally: antisymmetric, transitive, equal only for the same tag', () => {
    fc.assert(
      fc.property(policy, tag, tag, tag, (policy, a, b, c) => {
        const order = (x: string, y: string) => Math.sign(orderTags(policy, x, y));
        expect(order(a, b) + order(b, a)).toBe(0);
        expect(order(a, b) === 0).toBe(a === b);
        if (order(a, b) <= 0 && order(b, c) <= 0) expect(order(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('picks one of the tags it was given, or none', () => {
    fc.assert(
      fc.property(policy, current, tags, (policy, current, tags) => {
        const picked = pickTag(policy, current, tags).tag;
        if (picked !== undefined) expect(tags).toContain(picked);
      }),
    );
  });

  it('picks the same tag whatever the order of the list', () => {
    fc.assert(
      fc.property(policy, current, tags, (policy, current, tags) => {
        const picked = pickTag(policy, current, tags).tag;
        expect(pickTag(policy, current, tags.toReversed()).tag).toBe(picked);
        expect(pickTag(policy, current, tags.toSorted()).tag).toBe(picked);
      }),
    );
  });

  it('picks the same tag after a lower one was added', () => {
    fc.assert(
      fc.property(policy, current, tags, tag, (policy, current, tags, added) => {
        const picked = pickTag(policy, current, tags).tag;
        fc.pre(picked !== undefined && orderTags(policy, added, picked) < 0);
        expect(pickTag(policy, current, [...tags, added]).tag).toBe(picked);
      }),
    );
  });

  it('never moves down', () => {
    fc.assert(
      fc.property(policy, tag, tags, (policy, current, tags) => {
        // A digest policy follows its tag from wherever the workload is.
        fc.pre(policy.type !== 'digest');
        const picked = pickTag(policy, current, tags).tag;
        if (picked !== undefined) expect(orderTags(policy, picked, current)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('moves down with allowDowngrade exactly where it would pick the tag for a workload that runs nothing', () => {
    fc.assert(
      fc.property(policy, tag, tags, (policy, current, tags) => {
        // Levels measure from what runs, so for them the two differ on purpose.
        fc.pre(policy.type !== 'digest' && policy.type !== 'level');
        const free = TagPolicy.parse({ ...policy, allowDowngrade: true });
        expect(pickTag(free, current, tags).tag).toBe(pickTag(policy, undefined, tags).tag);
      }),
    );
  });

  it('decides as it picks: a pick other than the running tag is allowed, and a refused tag is not picked', () => {
    fc.assert(
      fc.property(policy, current, tag, (policy, current, candidate) => {
        const { ok } = decideTag(policy, current, candidate);
        const picked = pickTag(policy, current, [candidate]).tag;
        if (candidate !== current) expect(picked === candidate).toBe(ok);
        if (ok) expect(picked).toBe(candidate);
      }),
      { numRuns: 1_000 },
    );
  });

  it('ends at the same tag in whatever order the events of a burst arrive', () => {
    fc.assert(
      fc.property(policy, tag, tags, (policy, start, tags) => {
        // Levels measure each step from the one before, so a longer way round may reach further.
        fc.pre(policy.type !== 'level');
        const follow = (events: readonly string[]) =>
          events.reduce((running, event) => (decideTag(policy, running, event).ok ? event : running), start);
        expect(follow(tags.toReversed())).toBe(follow(tags));
      }),
    );
  });
});
