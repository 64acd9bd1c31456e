import { expect, test } from 'vitest';
import { findRunningDigest } from '../../functions/deployment/running-digest.ts';
import type { Pod } from '../../functions/records/workload.ts';
import { buildObservation, buildPod, DIGEST_A, DIGEST_B, IMAGE } from '../support/workload-builders.ts';

const pod = (imageId: string, overrides: Partial<Pod> & { ready?: boolean } = {}): Pod => {
  const { ready = true, ...rest } = overrides;
  const [container] = buildPod().containers;
  if (!container) throw new Error('the builder makes one container');
  return buildPod({ containers: [{ ...container, imageId, ready }], ...rest });
};
const A = `${IMAGE}@${DIGEST_A}`;
const B = `docker-pullable://${IMAGE}@${DIGEST_B}`;

test.each<[string, Pod[], string | undefined]>([
  ['one pod gives its digest', [pod(A)], DIGEST_A],
  ['the prefix of an old runtime is no hindrance', [pod(B)], DIGEST_B],
  ['most ready pods win', [pod(A), pod(B), pod(B)], DIGEST_B],
  [
    'among equals the one that has run longest wins',
    [pod(A, { createdAt: '2026-03-01T11:30:00.000Z' }), pod(B)],
    DIGEST_B,
  ],
  [
    'pods that are not ready prove nothing',
    [pod(A), pod(B, { ready: false }), pod(B, { ready: false })],
    DIGEST_A,
  ],
  [
    'pods that are ending do not count',
    [pod(A), pod(B, { deleting: true }), pod(B, { deleting: true })],
    DIGEST_A,
  ],
  ['a bare image id cannot be pulled again', [pod(DIGEST_A)], undefined],
  ['no pods, no digest', [], undefined],
])('%s', (_, pods, digest) => {
  expect(findRunningDigest(buildObservation({ pods }), 'web')).toBe(digest);
});

test('other containers do not count', () => {
  expect(findRunningDigest(buildObservation({ pods: [pod(A)] }), 'proxy')).toBeUndefined();
});
