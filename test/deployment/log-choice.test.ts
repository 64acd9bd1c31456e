import { expect, test } from 'vitest';
import { chooseLogs } from '../../functions/deployment/log-choice.ts';
import type { Pod, PodContainer } from '../../functions/records/workload.ts';
import { buildObservation, buildPod } from '../support/workload-builders.ts';

const pod = (name: string, overrides: Partial<PodContainer>, revision = 'r1'): Pod => {
  const [container] = buildPod().containers;
  if (!container) throw new Error('the builder makes one container');
  return buildPod({ name, revision, containers: [{ ...container, ready: false, ...overrides }] });
};
const ended = { type: 'terminated', reason: 'Error', message: '', exitCode: 1 } as const;
const backOff = { type: 'waiting', reason: 'CrashLoopBackOff', message: '' } as const;
const pulling = { type: 'waiting', reason: 'ImagePullBackOff', message: '' } as const;

const choose = (...pods: Pod[]) => chooseLogs(buildObservation({ pods, newRevision: 'r1' }));

test('a crashed container gives the log of the run before', () => {
  expect(choose(pod('a', { state: backOff, last: ended, restarts: 2 }))).toEqual([
    { pod: 'a', container: 'web', previous: true },
  ]);
});
test('a container that runs and is not ready gives its present log', () => {
  expect(choose(pod('a', {}))).toEqual([{ pod: 'a', container: 'web', previous: false }]);
});
test('a container that never started has no log', () => {
  expect(choose(pod('a', { state: pulling }))).toEqual([]);
});
test('ready containers and old pods are left out', () => {
  expect(choose(pod('a', { ready: true }), pod('b', { state: backOff, last: ended }, 'r0'))).toEqual([]);
});
test('at most three, the most restarted first', () => {
  const pods = [1, 5, 3, 4].map((restarts) => pod(`p${restarts}`, { state: backOff, last: ended, restarts }));
  expect(choose(...pods).map((choice) => choice.pod)).toEqual(['p5', 'p4', 'p3']);
});
