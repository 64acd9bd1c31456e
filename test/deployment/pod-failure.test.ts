import { describe, expect, test } from 'vitest';
import { judgeRollout, type RolloutVerdict } from '../../functions/deployment/rollout-verdict.ts';
import type { Pod } from '../../functions/records/workload.ts';
import {
  at,
  count,
  crashed,
  expectations,
  newPod,
  observe,
  oldPod,
  unscheduled,
  waiting,
  workload,
} from '../support/rollout-builders.ts';

type State = RolloutVerdict['state'];

describe('new pods', () => {
  const coming = workload(count(3, 4, 1, 3));
  test.each<[string, Pod, number, State, string]>([
    [
      'an image that cannot be pulled, within its grace',
      newPod(waiting('ImagePullBackOff')),
      59,
      'progressing',
      'progressing',
    ],
    ['an image that cannot be pulled', newPod(waiting('ImagePullBackOff')), 60, 'failed', 'image-pull'],
    [
      'an image that cannot be pulled the first time',
      newPod(waiting('ErrImagePull')),
      60,
      'failed',
      'image-pull',
    ],
    [
      'an image name that cannot be read',
      newPod(waiting('InvalidImageName')),
      0,
      'failed',
      'invalid-image-name',
    ],
    [
      'a missing Secret, within its grace',
      newPod(waiting('CreateContainerConfigError')),
      29,
      'progressing',
      'progressing',
    ],
    ['a missing Secret', newPod(waiting('CreateContainerConfigError')), 30, 'failed', 'container-config'],
    [
      'a container that cannot be made',
      newPod(waiting('CreateContainerError')),
      30,
      'failed',
      'container-start',
    ],
    [
      'a command that is not in the image',
      newPod(waiting('RunContainerError')),
      30,
      'failed',
      'container-start',
    ],
    ['a crash loop, within its grace', newPod(crashed('Error')), 59, 'progressing', 'progressing'],
    ['a crash loop', newPod(crashed('Error')), 60, 'failed', 'crash-loop'],
    [
      'a crash loop seen while it runs for a moment',
      newPod({ ...crashed('Error', 3), state: { type: 'running', reason: '', message: '' } }),
      60,
      'failed',
      'crash-loop',
    ],
    [
      'one restart, running again',
      newPod({ ...crashed('Error', 1), state: { type: 'running', reason: '', message: '' } }),
      60,
      'progressing',
      'progressing',
    ],
    ['a kill for memory', newPod(crashed('OOMKilled')), 60, 'failed', 'oom-killed'],
    ['a kill for memory, within its grace', newPod(crashed('OOMKilled')), 59, 'progressing', 'progressing'],
    [
      'an init container in a crash loop',
      newPod({ ...crashed('Error'), init: true, name: 'migrate' }),
      60,
      'failed',
      'crash-loop',
    ],
    ['no node, within its grace', unscheduled(), 299, 'progressing', 'progressing'],
    ['no node', unscheduled(), 300, 'failed', 'unschedulable'],
    [
      'a container still being created',
      newPod(waiting('ContainerCreating')),
      600,
      'progressing',
      'progressing',
    ],
    ['a pod never ready', newPod({}), 600, 'progressing', 'progressing'],
    ['a pod never ready, at the deadline', newPod({}), 900, 'failed', 'deadline'],
    [
      'a broken pod that is being deleted',
      newPod(crashed('Error'), { deleting: true }),
      600,
      'progressing',
      'progressing',
    ],
    [
      'a pod that was evicted',
      newPod(crashed('Error'), { phase: 'Failed', reason: 'Evicted' }),
      600,
      'progressing',
      'progressing',
    ],
    ['an old pod in a crash loop', oldPod(crashed('Error')), 600, 'progressing', 'progressing'],
  ])('%s', (_, pod, seconds, state, code) => {
    expect(judgeRollout(observe(seconds, coming, [pod]), expectations)).toMatchObject({ state, code });
  });

  test('the grace of a pod begins when it got its node', () => {
    const scheduled = { type: 'PodScheduled', status: 'True', reason: '', message: '', at: at(280) };
    const pod = newPod(waiting('ImagePullBackOff'), { conditions: [scheduled] });
    expect(judgeRollout(observe(300, coming, [pod]), expectations).state).toBe('progressing');
    expect(judgeRollout(observe(340, coming, [pod]), expectations).state).toBe('failed');
  });

  test('a clock four minutes ahead of the cluster uses up no grace', () => {
    const ahead = { ...expectations, startedAt: at(240) };
    const pod = newPod(crashed('Error'));
    expect(judgeRollout(observe(241, coming, [pod]), ahead).state).toBe('progressing');
  });

  test('graces are settings', () => {
    const graces = {
      imagePullBackOffSeconds: 0,
      crashLoopBackOffSeconds: 500,
      createContainerConfigErrorSeconds: 0,
      oomKilledSeconds: 0,
      unschedulableSeconds: 0,
    };
    const judge = (pod: Pod) => judgeRollout(observe(100, coming, [pod]), { ...expectations, graces }).state;
    expect(judge(newPod(crashed('Error')))).toBe('progressing');
    expect(judge(unscheduled())).toBe('failed');
  });

  test('thirty pods that fail alike are one reason, with pod, container, what and the last message', () => {
    const pods = Array.from({ length: 30 }, (_, index) =>
      newPod(waiting('ImagePullBackOff', 'manifest unknown'), { name: `web-new-${index}` }),
    );
    expect(judgeRollout(observe(60, coming, pods), expectations).reasons).toEqual([
      'pod web-new-0 (and 29 more pods), container web: the image cannot be pulled (ImagePullBackOff): manifest unknown',
    ]);
  });

  test('at the deadline the last warning about the pod is told', () => {
    const pod = newPod(waiting('ContainerCreating'));
    const message = 'MountVolume.SetUp failed: configmap "web" not found';
    const events = [
      { about: pod.name, type: 'Warning', reason: 'FailedMount', message, count: 3, at: at(800) },
    ];
    const { reasons } = judgeRollout(observe(900, coming, [pod], { events }), expectations);
    expect(reasons).toContain(
      'pod web-new-1, container web: not ready (ContainerCreating), FailedMount: MountVolume.SetUp failed: configmap "web" not found',
    );
  });
});
