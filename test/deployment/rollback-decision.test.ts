import { expect, it } from 'vitest';
import { decideRollback, type RollbackFacts } from '../../functions/deployment/rollback-decision.ts';

const FAILED: RollbackFacts = {
  rollback: 'auto',
  previousImage: 'host/web:1@sha256:a',
  ourImage: 'host/web:2@sha256:b',
  currentImage: 'host/web:2@sha256:b',
  pause: { ok: true },
};

it('a failed rollout is taken back while our image still stands there', () => {
  expect(decideRollback(FAILED)).toEqual({ rollBack: true });
});

const REASONS: readonly (readonly [code: string, facts: Partial<RollbackFacts>, says: RegExp])[] = [
  ['gone', { currentImage: undefined }, /is gone/],
  ['changed', { currentImage: 'host/web:3' }, /set the image to host\/web:3 meanwhile/],
  ['forbidden', { rollback: 'never' }, /rollback: never/],
  ['report', { rollback: 'report' }, /rollback: report/],
  ['no-previous', { previousImage: FAILED.ourImage }, /no earlier image/],
  ['paused', { pause: { ok: false, reason: 'paused by kim' } }, /^paused by kim$/],
];

it.each(REASONS)('what failed stays when: %s', (code, facts, says) => {
  expect(decideRollback({ ...FAILED, ...facts })).toEqual({
    rollBack: false,
    code,
    reason: expect.stringMatching(says),
  });
});

const pairs = REASONS.flatMap(([first, a], index) =>
  REASONS.slice(index + 1).flatMap(([second, b]) =>
    Object.keys(a).some((key) => key in b) ? [] : [[first, second, { ...b, ...a }] as const],
  ),
);

it.each(pairs)('%s counts before %s', (first, _, facts) => {
  expect(decideRollback({ ...FAILED, ...facts })).toMatchObject({ rollBack: false, code: first });
});
