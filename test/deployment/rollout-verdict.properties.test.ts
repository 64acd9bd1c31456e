import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRollout } from '../../functions/deployment/rollout-verdict.ts';
import type { WorkloadKind } from '../../functions/records/workload.ts';
import {
  count,
  crashed,
  expectations,
  kind,
  newPod,
  observe,
  oldPod,
  waiting,
  workload,
} from '../support/rollout-builders.ts';

describe('properties', () => {
  const kinds = fc.constantFrom<WorkloadKind>('Deployment', 'StatefulSet', 'DaemonSet');
  const numbers = fc.tuple(fc.nat(5), fc.nat(5), fc.nat(5), fc.nat(5));
  const breaks = fc.constantFrom(
    waiting('ImagePullBackOff'),
    waiting('InvalidImageName'),
    waiting('CreateContainerConfigError'),
    crashed('Error'),
    crashed('OOMKilled'),
    {},
  );
  const seconds = fc.nat(2_000);

  test('healthy and rolled out implies that every pod wanted is updated, and none of the old is left', () => {
    fc.assert(
      fc.property(kinds, numbers, fc.nat(4), seconds, (name, [a, b, c, d], partition, now) => {
        const seen = workload(count(a, b, c, d), {
          ...kind(name),
          partition: name === 'StatefulSet' ? partition : 0,
        });
        const verdict = judgeRollout(observe(now, seen), expectations);
        const isThrough = c >= a && d >= a && (name !== 'Deployment' || b <= c);
        expect(verdict.code !== 'rolled-out' || isThrough).toBe(true);
      }),
    );
  });

  test('old pods, however broken, change neither state nor code', () => {
    fc.assert(
      fc.property(
        kinds,
        numbers,
        breaks,
        seconds,
        fc.boolean(),
        (name, [a, b, c, d], broken, now, withNew) => {
          const seen = workload(count(a, b, c, d), kind(name));
          const news = withNew ? [newPod(broken)] : [];
          const alone = judgeRollout(observe(now, seen, news), expectations);
          const among = judgeRollout(
            observe(now, seen, [oldPod(broken), ...news, oldPod(crashed('Error'))]),
            expectations,
          );
          expect(among).toEqual(alone);
        },
      ),
    );
  });

  test('a verdict of failed stays failed as time goes by and nothing else changes', () => {
    fc.assert(
      fc.property(numbers, breaks, seconds, fc.nat(1_000), ([a, b, c, d], broken, now, later) => {
        const seen = workload(count(a, b, c, d));
        const first = judgeRollout(observe(now, seen, [newPod(broken)]), expectations);
        const second = judgeRollout(observe(now + later, seen, [newPod(broken)]), expectations);
        expect(first.state !== 'failed' || second.state === 'failed').toBe(true);
      }),
    );
  });

  test('every rollout ends: after the deadline none is progressing', () => {
    fc.assert(
      fc.property(kinds, numbers, breaks, (name, [a, b, c, d], broken) => {
        const seen = workload(count(a, b, c, d), { ...kind(name), generation: 2 });
        const verdict = judgeRollout(observe(900, seen, [newPod(broken)]), expectations);
        expect(verdict.state).not.toBe('progressing');
      }),
    );
  });

  test('every verdict has one to five reasons of a readable length', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.array(breaks, { maxLength: 40 }),
        seconds,
        fc.string({ maxLength: 5_000 }),
        ([a, b, c, d], broken, now, message) => {
          const pods = broken.map((one, index) =>
            newPod({ ...one, ...waiting('ImagePullBackOff', message) }, { name: `web-new-${index}` }),
          );
          const { reasons } = judgeRollout(observe(now, workload(count(a, b, c, d)), pods), expectations);
          expect(reasons.length).toBeGreaterThan(0);
          expect(reasons.length).toBeLessThanOrEqual(5);
          for (const reason of reasons) expect(reason.length).toBeLessThan(500);
        },
      ),
    );
  });
});
