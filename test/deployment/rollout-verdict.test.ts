import { describe, expect, test } from 'vitest';
import { judgeRollout, type RolloutVerdict } from '../../functions/deployment/rollout-verdict.ts';
import type { Workload } from '../../functions/records/workload.ts';
import {
  at,
  count,
  crashed,
  expectations,
  kind,
  observe,
  oldPod,
  readyPod,
  workload,
} from '../support/rollout-builders.ts';
import { buildObservation, buildWorkload } from '../support/workload-builders.ts';

type State = RolloutVerdict['state'];

describe('counts', () => {
  const statefulSet = kind('StatefulSet');
  const daemonSet = kind('DaemonSet');
  test.each<[string, Workload, State, string]>([
    [
      'a Deployment whose pods are all new and available',
      workload(count(3, 3, 3, 3)),
      'healthy',
      'rolled-out',
    ],
    ['a Deployment with one pod to go', workload(count(3, 4, 2, 3)), 'progressing', 'progressing'],
    ['a Deployment with an old pod ending', workload(count(3, 4, 3, 3)), 'progressing', 'progressing'],
    ['a Deployment with a pod not available', workload(count(3, 3, 3, 2)), 'progressing', 'progressing'],
    [
      'one that its controller has not seen',
      workload(count(3, 3, 3, 3), { generation: 2 }),
      'progressing',
      'progressing',
    ],
    ['one that an autoscaler has just enlarged', workload(count(6, 3, 3, 3)), 'progressing', 'progressing'],
    ['one that an autoscaler has made smaller', workload(count(2, 2, 2, 2)), 'healthy', 'rolled-out'],
    ['one that an autoscaler is making smaller', workload(count(2, 3, 3, 3)), 'healthy', 'rolled-out'],
    ['one scaled to zero', workload(count(0, 0, 0, 0)), 'healthy', 'scaled-to-zero'],
    ['one scaled to zero with a pod ending', workload(count(0, 1, 0, 0)), 'progressing', 'progressing'],
    [
      'a recreated one between old and new',
      workload(count(3, 0, 0, 0), { strategy: 'Recreate' }),
      'progressing',
      'progressing',
    ],
    ['a paused Deployment', workload(count(3, 3, 0, 3), { paused: true }), 'overtaken', 'paused'],
    ['a StatefulSet all new', workload(count(3, 3, 3, 3), statefulSet), 'healthy', 'rolled-out'],
    ['a StatefulSet with one to go', workload(count(3, 3, 2, 3), statefulSet), 'progressing', 'progressing'],
    [
      'a StatefulSet with one not available',
      workload(count(3, 3, 3, 2), statefulSet),
      'progressing',
      'progressing',
    ],
    [
      'a StatefulSet whose partition keeps all',
      workload(count(3, 3, 0, 3), { ...statefulSet, partition: 3 }),
      'healthy',
      'partitioned',
    ],
    [
      'a StatefulSet below its partition',
      workload(count(3, 3, 0, 3), { ...statefulSet, partition: 2 }),
      'progressing',
      'progressing',
    ],
    [
      'a StatefulSet on delete',
      workload(count(3, 3, 0, 3), { ...statefulSet, strategy: 'OnDelete' }),
      'healthy',
      'on-delete',
    ],
    [
      'a StatefulSet on delete, all deleted',
      workload(count(3, 3, 3, 3), { ...statefulSet, strategy: 'OnDelete' }),
      'healthy',
      'rolled-out',
    ],
    ['a StatefulSet scaled to zero', workload(count(0, 0, 0, 0), statefulSet), 'healthy', 'scaled-to-zero'],
    ['a DaemonSet all new', workload(count(5, 5, 5, 5), daemonSet), 'healthy', 'rolled-out'],
    ['a DaemonSet with one node to go', workload(count(5, 5, 4, 5), daemonSet), 'progressing', 'progressing'],
    [
      'a DaemonSet with one pod not available',
      workload(count(5, 5, 5, 4), daemonSet),
      'progressing',
      'progressing',
    ],
    ['a DaemonSet that no node matches', workload(count(0, 0, 0, 0), daemonSet), 'healthy', 'no-nodes'],
    [
      'a DaemonSet on delete',
      workload(count(5, 5, 1, 5), { ...daemonSet, strategy: 'OnDelete' }),
      'healthy',
      'on-delete',
    ],
    [
      'a CronJob',
      workload(count(0, 0, 0, 0), { ...kind('CronJob'), strategy: 'none' }),
      'healthy',
      'accepted',
    ],
    [
      'a suspended CronJob',
      workload(count(0, 0, 0, 0), { ...kind('CronJob'), paused: true }),
      'healthy',
      'accepted',
    ],
  ])('%s', (_, seen, state, code) => {
    expect(judgeRollout(observe(30, seen), expectations)).toMatchObject({ state, code });
  });

  test('a StatefulSet above its partition is through although an old pod is broken', () => {
    const seen = workload(count(3, 3, 1, 2), { ...statefulSet, partition: 2 });
    const pods = [readyPod(5), oldPod(crashed('Error', 99))];
    expect(judgeRollout(observe(60, seen, pods), expectations)).toMatchObject({ code: 'partitioned' });
  });
});

describe('staying ready', () => {
  const through = workload(count(1, 1, 1, 1));
  test('a pod ready for less than the steady time is not believed yet', () => {
    expect(judgeRollout(observe(14, through, [readyPod(5)]), expectations).state).toBe('progressing');
    expect(judgeRollout(observe(15, through, [readyPod(5)]), expectations).state).toBe('healthy');
  });
  test('the steady time is a setting', () => {
    const eager = { ...expectations, steadySeconds: 0 };
    expect(judgeRollout(observe(5, through, [readyPod(5)]), eager).state).toBe('healthy');
  });
  test('what runs nothing is not waited for', () => {
    const none = workload(count(0, 0, 0, 0));
    expect(judgeRollout(observe(0, none), expectations).code).toBe('scaled-to-zero');
  });
});

describe('what people do meanwhile', () => {
  test('a deleted workload is gone', () => {
    const observation = buildObservation({ observedAt: at(30), workload: undefined, pods: [] });
    expect(judgeRollout(observation, expectations).state).toBe('gone');
    const ending = workload(count(3, 3, 3, 3), { deleting: true });
    expect(judgeRollout(observe(30, ending), expectations).state).toBe('gone');
  });
  test('another image is overtaken, and names it', () => {
    const seen = buildWorkload({ image: 'registry.example.com/shop/web:hotfix' });
    const verdict = judgeRollout(observe(30, seen), expectations);
    expect(verdict).toMatchObject({ state: 'overtaken', code: 'image-changed' });
    expect(verdict.reasons[0]).toContain('registry.example.com/shop/web:hotfix');
  });
  test('a removed container is overtaken', () => {
    const seen = workload(count(3, 3, 3, 3), { containers: [] });
    expect(judgeRollout(observe(30, seen), expectations).code).toBe('container-removed');
  });
});

describe('the Deployment controller’s own deadline', () => {
  const timedOut = (replicaSet: string): Workload =>
    workload(count(3, 4, 1, 3), {
      conditions: [
        {
          type: 'Progressing',
          status: 'False',
          reason: 'ProgressDeadlineExceeded',
          message: `ReplicaSet "${replicaSet}" has timed out progressing.`,
        },
      ],
    });
  const replicaSets = [{ name: 'web-new', revision: 'new', desired: 1, ready: 0, conditions: [] }];
  test('fails when it names the new ReplicaSet', () => {
    const observation = observe(60, timedOut('web-new'), [], { replicaSets });
    expect(judgeRollout(observation, expectations)).toMatchObject({
      state: 'failed',
      code: 'progress-deadline',
    });
  });
  test('of the release before fails nothing: a rollback keeps it until pods move', () => {
    const observation = observe(1, timedOut('web-bad'), [], { replicaSets });
    expect(judgeRollout(observation, expectations).state).toBe('progressing');
  });
});
