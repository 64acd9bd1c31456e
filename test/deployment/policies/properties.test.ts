import * as fc from 'fast-check';
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

/** How a property fails, shrunk; `undefined` when it holds. */
const counterexample = <T>(property: fc.IProperty<T>, numRuns = 1_000): string | undefined =>
  fc.defaultReportMessage(fc.check(property, { numRuns }));

describe('every tag policy', () => {
  it('orders any tags totally: antisymmetric, transitive, equal only for the same tag', () => {
    const isTotal = fc.property(policy, tag, tag, tag, (policy, a, b, c) => {
      const order = (x: string, y: string) => Math.sign(orderTags(policy, x, y));
      return (
        order(a, b) + order(b, a) === 0 &&
        (order(a, b) === 0) === (a === b) &&
        (order(a, b) > 0 || order(b, c) > 0 || order(a, c) <= 0)
      );
    });
    expect(counterexample(isTotal, 3_000)).toBeUndefined();
  });

  it('picks one of the tags it was given, or none', () => {
    const isGiven = fc.property(policy, current, tags, (policy, current, tags) => {
      const picked = pickTag(policy, current, tags).tag;
      return picked === undefined || tags.includes(picked);
    });
    expect(counterexample(isGiven)).toBeUndefined();
  });

  it('picks the same tag whatever the order of the list', () => {
    const isSame = fc.property(policy, current, tags, (policy, current, tags) => {
      const picked = pickTag(policy, current, tags).tag;
      return [tags.toReversed(), tags.toSorted()].every(
        (other) => pickTag(policy, current, other).tag === picked,
      );
    });
    expect(counterexample(isSame)).toBeUndefined();
  });

  it('picks the same tag after a lower one was added', () => {
    const isSame = fc.property(policy, current, tags, tag, (policy, current, tags, added) => {
      const picked = pickTag(policy, current, tags).tag;
      fc.pre(picked !== undefined && orderTags(policy, added, picked) < 0);
      return pickTag(policy, current, [...tags, added]).tag === picked;
    });
    expect(counterexample(isSame)).toBeUndefined();
  });

  it('never moves down', () => {
    const isUp = fc.property(policy, tag, tags, (policy, current, tags) => {
      // A digest policy follows its tag from wherever the workload is.
      fc.pre(policy.type !== 'digest');
      const picked = pickTag(policy, current, tags).tag;
      return picked === undefined || orderTags(policy, picked, current) >= 0;
    });
    expect(counterexample(isUp)).toBeUndefined();
  });

  it('with allowDowngrade picks what it would pick for a workload that runs nothing', () => {
    const isSame = fc.property(policy, tag, tags, (policy, current, tags) => {
      // Levels measure from what runs, so for them the two differ on purpose.
      fc.pre(policy.type !== 'digest' && policy.type !== 'level');
      const free = TagPolicy.parse({ ...policy, allowDowngrade: true });
      return pickTag(free, current, tags).tag === pickTag(policy, undefined, tags).tag;
    });
    expect(counterexample(isSame)).toBeUndefined();
  });

  it('decides as it picks: what may replace the running tag is picked, and nothing else', () => {
    const agrees = fc.property(policy, current, tag, (policy, current, candidate) => {
      const isPicked = pickTag(policy, current, [candidate]).tag === candidate;
      const mayReplace = decideTag(policy, current, candidate).ok;
      return candidate === current ? isPicked || !mayReplace : isPicked === mayReplace;
    });
    expect(counterexample(agrees)).toBeUndefined();
  });

  it('ends at the same tag in whatever order the events of a burst arrive', () => {
    const converges = fc.property(policy, tag, tags, (policy, start, tags) => {
      // Levels measure each step from the one before, so a longer way round may reach further.
      fc.pre(policy.type !== 'level');
      const follow = (events: readonly string[]) =>
        events.reduce((running, event) => (decideTag(policy, running, event).ok ? event : running), start);
      return follow(tags.toReversed()) === follow(tags);
    });
    expect(counterexample(converges)).toBeUndefined();
  });
});
