import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../functions/records/rollout.ts';
import { describeJourney, formatOffset, type Journey, shortImage } from '../../infra/local/tour/timeline.ts';
import { buildExecution, buildOrder } from '../support/target-world.ts';
import { DIGEST_A, IMAGE } from '../support/workload-builders.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 2, 1, 12, 0, seconds)).toISOString();

const buildJourney = (rollout: Partial<Rollout> = {}, journey: Partial<Journey> = {}): Journey => ({
  pushedAt: at(0),
  event: { source: 'registry', receivedAt: at(1) },
  decision: { at: at(3), reason: '1.1.0 is wanted' },
  rollout: {
    version: 1,
    order: buildOrder({ confirmedAt: at(2) }),
    execution: buildExecution(),
    fence: 1,
    previousImage: `${IMAGE}:1.0.0@${DIGEST_A}`,
    startedAt: at(4),
    patchedAt: at(5),
    endedAt: at(9),
    outcome: 'rolled-out',
    reasons: ['3 of 3 pods updated'],
    ...rollout,
  },
  ...journey,
});

const whats = (journey: Journey): string[] => describeJourney(journey).map(({ what }) => what);

describe('the timeline', () => {
  it.each([
    [
      'of a good release',
      buildJourney(),
      ['pushed', 'notified', 'verified', 'decided', 'patched', 'rolled out'],
    ],
    [
      'of a bad one turns back before it ends',
      buildJourney({ rolledBackAt: at(7), outcome: 'rolled-back' }),
      ['pushed', 'notified', 'verified', 'decided', 'patched', 'turned back', 'rolled back'],
    ],
    [
      'of what the sweep found names no webhook',
      buildJourney({}, { event: { source: 'sweep', receivedAt: at(1) } }),
      ['pushed', 'found', 'verified', 'decided', 'patched', 'rolled out'],
    ],
    [
      'leaves out a patch that never was',
      buildJourney({ patchedAt: undefined, outcome: 'not-wanted' }),
      ['pushed', 'notified', 'verified', 'decided', 'not wanted'],
    ],
    [
      'follows the clock, not our order',
      buildJourney({}, { decision: { at: at(6), reason: 'late' } }),
      ['pushed', 'notified', 'verified', 'patched', 'decided', 'rolled out'],
    ],
  ])('%s', (_, journey, expected) => {
    expect(whats(journey)).toEqual(expected);
  });

  it('says why a release was turned back, and to what', () => {
    const reasons = ['it crashes again and again'];
    const journey = buildJourney({ rolledBackAt: at(7), outcome: 'rolled-back', reasons });
    const turn = describeJourney(journey).find(({ what }) => what === 'turned back');
    expect(turn?.particulars).toContain('it crashes again and again, so ');
    expect(turn?.particulars).toContain(':1.0.0@sha256:');
  });

  it('does not call an image healthy whose way back failed', () => {
    const journey = buildJourney({ rolledBackAt: at(7), outcome: 'rollback-failed', reasons: ['no node'] });
    expect(describeJourney(journey).at(-1)).toMatchObject({
      what: 'rollback failed',
      particulars: 'no node',
    });
  });

  it('never runs backwards', () => {
    const time = fc.integer({ min: 0, max: 59 }).map(at);
    fc.assert(
      fc.property(time, time, time, time, (pushedAt, receivedAt, patchedAt, endedAt) => {
        const event = { source: 'registry', receivedAt };
        const times = describeJourney(buildJourney({ patchedAt, endedAt }, { pushedAt, event }));
        expect(times.map((step) => step.at)).toEqual(times.map((step) => step.at).toSorted());
      }),
    );
  });
});

describe('what stands in it', () => {
  it.each([
    [at(0), at(0), '0.00 s'],
    [at(0), '2026-03-01T12:00:00.160Z', '0.16 s'],
    ['2026-03-01T12:00:00.123456789Z', '2026-03-01T12:00:12.500Z', '12.38 s'],
  ])('from %s to %s are %s', (from, to, offset) => {
    expect(formatOffset(from, to)).toBe(offset);
  });

  it.each([
    [`127.0.0.1:5000/shop/web:1.0.0@sha256:${'ab'.repeat(32)}`, 'shop/web:1.0.0@sha256:abababababab'],
    ['127.0.0.1:5000/shop/web:1.0.0', 'shop/web:1.0.0'],
  ])('%s is said as %s', (image, said) => {
    expect(shortImage(image)).toBe(said);
  });
});
