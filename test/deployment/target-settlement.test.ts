import { describe, expect, it } from 'vitest';
import { type Settlement, settleTarget } from '../../functions/deployment/target-settlement.ts';
import { emptyTargetState, type TargetState } from '../../functions/records/target-state.ts';
import { buildExecution, buildOrder } from '../support/target-world.ts';
import { DIGEST_A, DIGEST_B, DIGEST_C, IMAGE } from '../support/workload-builders.ts';

const AT = '2026-03-01T12:10:00.000Z';
const order = buildOrder();
const rolling = { rollout: order.name, digest: order.digest };
const STATE: TargetState = { ...emptyTargetState('web'), rolling };
const compareTags = (a: string, b: string): number => a.localeCompare(b);
const settle = (end: Partial<Settlement>, state: Partial<TargetState> = {}): TargetState =>
  settleTarget(
    { ...STATE, ...state },
    { order, outcome: 'failed', rollout: undefined, at: AT, ...end },
    compareTags,
  );

const PATCHED = { workload: 'uid', patchedAt: AT, previousImage: `${IMAGE}:1.0.0@${DIGEST_A}` };
const BEFORE = { workload: 'uid', tag: '0.9.0', digest: DIGEST_C };
const NEW = { workload: 'uid', tag: '1.1.0', digest: DIGEST_B };

describe('what Drydock left on the workload', () => {
  it.each([
    ['a healthy release: its image', { outcome: 'rolled-out', rollout: PATCHED }, NEW],
    ['a failed one that was left: its image', { outcome: 'failed', rollout: PATCHED }, NEW],
    [
      'one that a person changed meanwhile: its image, which that person took away',
      { outcome: 'overtaken', rollout: PATCHED },
      NEW,
    ],
    [
      'a rollback: the image before',
      { outcome: 'rolled-back', rollout: { ...PATCHED, rolledBackAt: AT } },
      { workload: 'uid', tag: '1.0.0', digest: DIGEST_A },
    ],
    [
      'a rollback to an image without a digest: not known any more',
      { rollout: { ...PATCHED, previousImage: `${IMAGE}:1.0.0`, rolledBackAt: AT } },
      undefined,
    ],
    [
      'nothing patched: as before',
      { outcome: 'not-applied', rollout: { workload: 'uid', previousImage: '' } },
      BEFORE,
    ],
    ['nothing written down: as before', { outcome: 'refused' }, BEFORE],
  ] as const)('%s', (_, end, applied) => {
    expect(settle(end, { applied: BEFORE }).applied).toEqual(applied);
  });
});

describe('what waits', () => {
  it.each([
    ['another digest goes on waiting', { digest: DIGEST_C }, true],
    ['the digest that had its turn waits no longer', {}, false],
    [
      'new pods of it that somebody else asked for go on waiting',
      { redeploy: true, deployment: buildExecution('other') },
      true,
    ],
    ['new pods of it that the same cause asked for twice do not', { redeploy: true }, false],
  ])('%s', (_, overrides, isKept) => {
    const desired = buildOrder({ name: 'rollout-2', ...overrides });
    expect(settle({}, { desired }).desired).toEqual(isKept ? desired : undefined);
  });
});

describe('what runs', () => {
  it('is a healthy release, since its end', () => {
    const { running, rolling: none } = settle({ outcome: 'rolled-out', rollout: PATCHED });
    expect(running).toEqual({
      image: IMAGE,
      tag: order.tag,
      digest: order.digest,
      since: AT,
      rollout: order.name,
    });
    expect(none).toBeUndefined();
  });

  it('stays after any other end', () => {
    const running = { image: IMAGE, tag: '0.9.0', digest: DIGEST_C, since: AT, rollout: 'r' };
    expect(settle({ outcome: 'rolled-back', rollout: PATCHED }, { running }).running).toEqual(running);
  });

  it('a rollout that is not the one under way has no say any more', () => {
    const state = { ...STATE, rolling: { rollout: 'newer', digest: DIGEST_C } };
    expect(
      settleTarget(state, { order, outcome: 'rolled-out', rollout: undefined, at: AT }, compareTags),
    ).toBe(state);
  });
});
