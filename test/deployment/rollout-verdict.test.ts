import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judgeRollout, type RolloutVerdict } from '../../functions/deployment/rollout-verdict.ts';
import type {
  Pod,
  PodContainer,
  ReplicaCounts,
  RolloutObservation,
  Workload,
  WorkloadKind,
} from '../../functions/records/workload.ts';
import { buildObservation, buildPod, buildWorkload } from '../support/workload-builders.ts';

const NEW = 'registry.example.com/shop/web:1.1.0@sha256:b';
const START = Date.parse('2026-03-01T12:00:00Z');
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();
const expectations = { container: 'web', image: NEW, startedAt: at(0), deadlineSeconds: 900 };

const count = (desired: number, current: number, updated: number, available: number): ReplicaCounts => ({
  desired,
  current,
  updated,
  ready: available,
  available,
});

const workload = (counts: ReplicaCounts, overrides: Partial<Workload> = {}): Workload =>
  buildWorkload({ image: NEW, counts, ...overrides });
const kind = (name: WorkloadKind) => ({ ref: { kind: name, namespace: 'shop', name: 'web' } });

const container = (overrides: Partial<PodContainer>): PodContainer => ({
  name: 'web',
  init: false,
  image: NEW,
  imageId: '',
  ready: false,
  restarts: 0,
  state: { type: 'running', reason: '', message: '' },
  ...overrides,
});
const waiting = (reason: string, message = ''): Partial<PodContainer> => ({
  state: { type: 'waiting', reason, message },
});
const crashed = (reason: string, restarts = 2): Partial<PodContainer> => ({
  ...waiting('CrashLoopBackOff', 'back-off 10s'),
  restarts,
  last: { type: 'terminated', reason, message: '', exitCode: reason === 'OOMKilled' ? 137 : 1 },
});

/** A pod of the new revision, made at the start, with one container that is not ready. */
const newPod = (broken: Partial<PodContainer>, overrides: Partial<Pod> = {}): Pod =>
  buildPod({
    name: 'web-new-1',
    revision: 'new',
    createdAt: at(0),
    conditions: [],
    containers: [container(broken)],
    ...overrides,
  });
const oldPod = (broken: Partial<PodContainer>): Pod =>
  newPod(broken, { name: 'web-old-1', revision: 'old', createdAt: at(-3_600) });
const readyPod = (since: number): Pod =>
  newPod(
    { ready: true },
    { conditions: [{ type: 'Ready', status: 'True', reason: '', message: '', at: at(since) }] },
  );
const unscheduled = (): Pod =>
  newPod(waiting(''), {
    containers: [],
    conditions: [
      { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
    ],
  });

const observe = (
  seconds: number,
  seen: Workload,
  pods: readonly Pod[] = [],
  overrides: Partial<RolloutObservation> = {},
): RolloutObservation =>
  buildObservation({ observedAt: at(seconds), workload: seen, newRevision: 'new', pods, ...overrides });

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
        if (verdict.state !== 'healthy' || verdict.code !== 'rolled-out') return;
        expect(c).toBeGreaterThanOrEqual(a);
        expect(d).toBeGreaterThanOrEqual(a);
        if (name === 'Deployment') expect(b).toBeLessThanOrEqual(c);
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
        if (first.state === 'failed') expect(second.state).toBe('failed');
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
