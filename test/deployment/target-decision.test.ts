import { describe, expect, it } from 'vitest';
import { type DecisionFacts, decideTarget } from '../../functions/deployment/target-decision.ts';
import { DIGEST_A, DIGEST_B, IMAGE } from '../support/workload-builders.ts';

/** Facts under which the answer is yes. */
const WANTED: DecisionFacts = {
  image: IMAGE,
  mode: 'act',
  candidate: { tag: '1.1.0', digest: DIGEST_B, redeploy: false },
  running: { image: IMAGE, tag: '1.0.0', digest: DIGEST_A, isPinned: true },
  state: { holds: [] },
  policy: { ok: true },
  owner: { ok: true },
  pause: { ok: true },
};

const HOLD = {
  digest: DIGEST_B,
  tag: '1.1.0',
  since: '2026-03-01T10:00:00.000Z',
  why: 'crash',
  rollout: 'r',
};

/** Each reason to say no, in the order in which they count, and the facts that bring it about. */
const REASONS: readonly (readonly [code: string, facts: Partial<DecisionFacts>, says: RegExp])[] = [
  [
    'image.differs',
    { running: { image: 'host/other', isPinned: false } },
    /runs host\/other, and this target follows/,
  ],
  ['current', { running: { image: IMAGE, tag: '1.1.0', digest: DIGEST_B, isPinned: true } }, /already runs/],
  ['policy', { policy: { ok: false, reason: '1.1.0 is outside ~2' } }, /^1\.1\.0 is outside ~2$/],
  [
    'under-way',
    { state: { holds: [], rolling: { rollout: 'r', digest: DIGEST_B } } },
    /being rolled out already \(r\)/,
  ],
  [
    'by-hand',
    { applied: { workload: 'uid', tag: '1.1.0', digest: DIGEST_B } },
    /^somebody replaced 1\.1\.0 by .* by hand, and that stays until a newer image comes/,
  ],
  [
    'held',
    { state: { holds: [HOLD] } },
    /on hold since 2026-03-01T10:00:00\.000Z \(crash\); push a newer image/,
  ],
  ['owner.helm', { owner: { ok: false, code: 'owner.helm', reason: 'owned by helm' } }, /^owned by helm$/],
  ['paused', { pause: { ok: false, reason: 'paused (all) by kim' } }, /^paused \(all\) by kim$/],
  ['observe', { mode: 'observe' }, /would deploy 1\.1\.0; the target is set to observe/],
];

const merge = (a: Partial<DecisionFacts>, b: Partial<DecisionFacts>): DecisionFacts => ({
  ...WANTED,
  ...b,
  ...a,
  state: { ...b.state, ...a.state, holds: [...(b.state?.holds ?? []), ...(a.state?.holds ?? [])] },
});

describe('the decision about one image for one target', () => {
  it('is yes when nothing speaks against it', () => {
    expect(decideTarget(WANTED)).toEqual({
      deploy: true,
      reason: '1.1.0 is wanted by the policy and newer than 1.0.0',
    });
  });

  it.each(REASONS)('%s is a no that says why', (code, facts, says) => {
    expect(decideTarget({ ...WANTED, ...facts })).toEqual({
      deploy: false,
      code,
      reason: expect.stringMatching(says),
    });
  });

  const pairs = REASONS.flatMap(([first, a], index) =>
    REASONS.slice(index + 1).map(([second, b]) => [first, second, merge(a, b)] as const),
  ).filter(([first, second]) => !(first === 'current' && second === 'policy'));
  it.each(pairs)('%s counts before %s', (first, _, facts) => {
    expect(decideTarget(facts)).toMatchObject({ deploy: false, code: first });
  });

  it('what runs needs no word of the policy: current, also when the policy would refuse its own tag', () => {
    const running = { image: IMAGE, tag: '1.1.0', digest: DIGEST_B, isPinned: true };
    const policy = { ok: false as const, reason: 'not newer' };
    expect(decideTarget({ ...WANTED, running, policy })).toMatchObject({ code: 'current' });
    const candidate = { ...WANTED.candidate, redeploy: true };
    expect(decideTarget({ ...WANTED, running, policy, candidate })).toMatchObject({ deploy: true });
  });

  it.each([
    ['pinned, under another tag: nothing to change', '0.9.0', true, 'current'],
    ['not pinned, under the same tag: the nodes have it', '1.1.0', false, 'current'],
    ['not pinned, under another tag: the workload shall name it', '1.0.0', false, undefined],
  ])('the same digest %s', (_, tag, isPinned, code) => {
    const decision = decideTarget({ ...WANTED, running: { image: IMAGE, tag, digest: DIGEST_B, isPinned } });
    expect('code' in decision ? decision.code : undefined).toBe(code);
  });

  it.each([
    [
      'a redeploy of what is being rolled out goes to the queue',
      { rolling: { rollout: 'r', digest: DIGEST_B } },
    ],
    [
      'another digest that is being rolled out stands in nobody’s way',
      { rolling: { rollout: 'r', digest: DIGEST_A } },
    ],
    ['a hold on another digest does not count', { holds: [{ ...HOLD, digest: DIGEST_A }] }],
  ])('%s', (_, state) => {
    const candidate = { ...WANTED.candidate, redeploy: true };
    expect(decideTarget({ ...WANTED, candidate, state: { holds: [], ...state } }).deploy).toBe(true);
  });

  const APPLIED = { workload: 'uid', tag: '1.1.0', digest: DIGEST_B };
  it.each([
    ['the digest that Drydock left, and an older one stands there now', {}, 'by-hand'],
    [
      'the same, whose tag alone is known',
      { running: { image: IMAGE, tag: '1.0.0', isPinned: false } },
      'by-hand',
    ],
    [
      'the same tag, whose digest no pod tells',
      { running: { image: IMAGE, tag: '1.1.0', isPinned: false } },
      undefined,
    ],
    [
      'a newer digest than the one that was taken away',
      { applied: { ...APPLIED, digest: DIGEST_A } },
      undefined,
    ],
    ['asked for on purpose', { candidate: { ...WANTED.candidate, redeploy: true } }, undefined],
    [
      'while another rollout is under way: what stands there is that one’s',
      { state: { holds: [], rolling: { rollout: 'r', digest: DIGEST_A } } },
      undefined,
    ],
    ['on a workload that was made anew, of which nothing is known', { applied: undefined }, undefined],
  ])('after a change by hand, %s: %s', (_, facts, code) => {
    const decision = decideTarget({ ...WANTED, applied: APPLIED, ...facts });
    expect('code' in decision ? decision.code : undefined).toBe(code);
  });

  it('a redeploy is no way around a hold', () => {
    const candidate = { ...WANTED.candidate, redeploy: true };
    expect(decideTarget({ ...WANTED, candidate, state: { holds: [HOLD] } })).toMatchObject({ code: 'held' });
  });

  it('says "what runs" when no tag is known of it', () => {
    const running = { image: IMAGE, digest: DIGEST_A, isPinned: true };
    expect(decideTarget({ ...WANTED, running })).toMatchObject({
      reason: expect.stringMatching(/than what runs$/),
    });
  });
});
