import { describe, expect, it, test } from 'vitest';
import { judgeBackupJob } from '../../../functions/backup/job/job-verdict.ts';
import type { Job } from '../../../functions/records/kubernetes-job.ts';
import type { Condition, ContainerState, Pod } from '../../../functions/records/workload.ts';
import { buildJob, buildJobPod, endedState } from '../../support/job-builders.ts';

const BEGAN = '2026-03-01T12:00:00.000Z';
/** So many seconds after the Job and its pod were made. */
const after = (seconds: number): Date => new Date(Date.parse(BEGAN) + seconds * 1_000);

const condition = (type: string, reason = '', message = ''): Condition => ({
  type,
  status: 'True',
  reason,
  message,
  at: BEGAN,
});
const FAILED = buildJob({
  conditions: [condition('Failed', 'BackoffLimitExceeded', 'it reached the limit')],
});
const of = (state: ContainerState, more: Partial<Pod> = {}): Pod => buildJobPod({ state, ...more });
const waits = (reason: string, message: string): Pod =>
  of({ type: 'waiting', reason, message }, { phase: 'Pending' });
const disrupted = (reason: string, exitCode = 137): Pod =>
  of(endedState(exitCode), { phase: 'Failed', conditions: [condition('DisruptionTarget', reason, 'words')] });

describe('a Job that failed because', () => {
  const evicted = (message: string) => buildJobPod({ phase: 'Failed', reason: 'Evicted', message });
  it.each<[string, readonly Pod[], string, RegExp]>([
    [
      'the node ran out of disk',
      [evicted('The node was low on resource: ephemeral-storage. Container toolbox-backup was using 90Gi')],
      'ephemeral-storage',
      /ephemeral storage ran out: The node was low on resource: ephemeral-storage/,
    ],
    [
      'it passed its limit of disk',
      [evicted('Pod ephemeral local storage usage exceeds the total limit of containers 10Gi.')],
      'ephemeral-storage',
      /total limit of containers 10Gi\.$/,
    ],
    [
      'its emptyDir was full',
      [evicted('Usage of EmptyDir volume "toolbox-tmp" exceeds the limit "5Gi".')],
      'ephemeral-storage',
      /"toolbox-tmp"/,
    ],
    [
      'the node ran out of memory',
      [evicted('The node was low on resource: memory.')],
      'evicted',
      /node ran short: The node was low on resource: memory/,
    ],
    ['of memory', [of(endedState(137, 'OOMKilled'), { phase: 'Failed' })], 'out-of-memory', /OOMKilled/],
    ['it was killed', [of(endedState(137, 'Error'), { phase: 'Failed' })], 'killed', /exit code 137/],
    [
      'the tool failed',
      [of(endedState(1, 'Error'), { phase: 'Failed' })],
      'exit',
      /toolbox-backup ended with exit code 1\./,
    ],
    ['its node was drained', [disrupted('EvictionByEvictionAPI')], 'disrupted', /drain of its node: words/],
    ['of a higher priority', [disrupted('PreemptionByScheduler')], 'disrupted', /higher priority/],
    ['of a taint', [disrupted('DeletionByTaintManager')], 'node-lost', /lost or tainted/],
    ['its node went away', [disrupted('DeletionByPodGC')], 'node-lost', /node is gone/],
    ['of a shutdown, with exit 143', [disrupted('TerminationByKubelet', 143)], 'node-lost', /shut down/],
    [
      'nobody knows of its container any more',
      [of(endedState(137, 'ContainerStatusUnknown'), { phase: 'Failed' })],
      'node-lost',
      /node was lost/,
    ],
    ['its pod is gone', [], 'pod-deleted', /deleted while it ran/],
    ['its pod is going', [buildJobPod({ deleting: true })], 'pod-deleted', /deleted while it ran/],
    [
      'the node did not take it',
      [
        buildJobPod({
          phase: 'Failed',
          reason: 'OutOfcpu',
          message: 'Node did not have enough cpu',
          state: WAITING,
        }),
      ],
      'backoff-limit',
      /BackoffLimitExceeded: it reached the limit\): Node did not have enough cpu/,
    ],
  ])('%s', (_, pods, reason, message) => {
    const verdict = judgeBackupJob(FAILED, pods, after(60));
    expect(verdict).toMatchObject({ state: 'failed', reason, isLeft: false });
    expect(verdict).toMatchObject({
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/^[A-Z].{20,}\.$/),
    });
  });

  it('a container before it failed: that one is named', () => {
    const pod = of(WAITING, { phase: 'Failed' });
    const [backup] = pod.containers;
    if (!backup) throw new Error('there is no container');
    const configure = { ...backup, name: 'configure', init: true, state: endedState(2, 'Error') };
    expect(judgeBackupJob(FAILED, [{ ...pod, containers: [configure, backup] }], after(60))).toMatchObject({
      reason: 'exit',
      message: expect.stringContaining('configure ended with exit code 2'),
    });
  });

  it('its time was over, whatever its pod says', () => {
    const late = buildJob({ conditions: [condition('Failed', 'DeadlineExceeded')] });
    expect(judgeBackupJob(late, [of(endedState(143, 'Error'))], after(60))).toMatchObject({
      reason: 'deadline',
      message: expect.stringContaining('DeadlineExceeded'),
    });
  });

  it('of memory, and is cleared away now, failed by that all the same', () => {
    const pod = of(endedState(137, 'OOMKilled'), { phase: 'Failed' });
    const verdict = judgeBackupJob({ ...FAILED, deleting: true }, [pod], after(60));
    expect(verdict).toMatchObject({ state: 'failed', reason: 'out-of-memory' });
  });

  it('of the newer of two pods', () => {
    const older = of(endedState(1, 'Error'), { createdAt: '2026-03-01T11:00:00.000Z', phase: 'Failed' });
    const newer = of(endedState(137, 'OOMKilled'), { phase: 'Failed' });
    expect(judgeBackupJob(FAILED, [newer, older], after(60))).toMatchObject({ reason: 'out-of-memory' });
  });
});

const WAITING: ContainerState = { type: 'waiting', reason: 'PodInitializing', message: '' };
const UNSCHEDULABLE: Condition = {
  type: 'PodScheduled',
  status: 'False',
  reason: 'Unschedulable',
  message: '0/3 nodes are available: 3 Insufficient memory.',
};

describe('a pod that does not start', () => {
  it.each<[string, Pod, number, string, RegExp]>([
    [
      'no node takes it',
      buildJobPod({ phase: 'Pending', conditions: [UNSCHEDULABLE], state: WAITING }),
      900,
      'unschedulable',
      /No node takes its pod: 0\/3 nodes are available: 3 Insufficient memory\./,
    ],
    [
      'its image is not there',
      waits('ImagePullBackOff', 'manifest unknown'),
      300,
      'image-pull',
      /manifest unknown/,
    ],
    [
      'a Secret is missing',
      waits('CreateContainerConfigError', 'secret "s3cfg" not found'),
      120,
      'container-config',
      /Secret or ConfigMap that it needs is missing \(CreateContainerConfigError\): secret "s3cfg" not found/,
    ],
    [
      'it can not be started',
      waits('CreateContainerError', 'no /bin/bash'),
      120,
      'container-start',
      /no \/bin\/bash/,
    ],
    [
      'its volume does not come',
      waits('ContainerCreating', ''),
      900,
      'not-started',
      /containers do not start/,
    ],
  ])('%s: waits, and fails when that is overdue', (_, pod, grace, reason, message) => {
    const job = buildJob();
    const said = { message: expect.stringMatching(message) };
    expect(judgeBackupJob(job, [pod], after(grace - 1))).toMatchObject({ state: 'waiting', ...said });
    const over = { state: 'failed', reason, isLeft: true, ...said };
    expect(judgeBackupJob(job, [pod], after(grace))).toMatchObject(over);
  });

  it('no pod at all: waits, and fails when that is overdue', () => {
    expect(judgeBackupJob(buildJob(), [], after(299))).toMatchObject({ state: 'waiting' });
    const over = { state: 'failed', reason: 'not-started', isLeft: true };
    expect(judgeBackupJob(buildJob(), [], after(300))).toMatchObject(over);
  });

  it('a Job that is held back waits', () => {
    expect(judgeBackupJob(buildJob({ suspended: true }), [], after(90_000))).toMatchObject({
      state: 'waiting',
    });
  });
});

test.each<[string, Job | undefined]>([
  ['is not there', undefined],
  ['is going', buildJob({ deleting: true })],
])('a Job that %s was deleted', (_, job) => {
  const expected = { state: 'failed', reason: 'job-deleted', isLeft: false };
  expect(judgeBackupJob(job, [buildJobPod({})], after(60))).toMatchObject(expected);
});

describe('a backup', () => {
  const complete = { completedAt: '2026-03-01T14:00:00Z', conditions: [condition('Complete')] };

  it('that runs says since when', () => {
    expect(judgeBackupJob(buildJob(), [buildJobPod({})], after(7_200))).toEqual({
      state: 'running',
      since: '2026-03-01T12:00:05.000Z',
      message: 'The backup runs.',
    });
  });

  it('that has ended runs until its Job notes it', () => {
    const pod = of(endedState(0, 'Completed'), { phase: 'Succeeded' });
    expect(judgeBackupJob(buildJob(), [pod], after(60))).toMatchObject({ state: 'running' });
  });

  it('is through when its Job is complete, also when that is cleared away already', () => {
    const expected = { state: 'succeeded', startedAt: BEGAN, endedAt: '2026-03-01T14:00:00Z', isLeft: false };
    expect(judgeBackupJob(buildJob(complete), [], after(60))).toEqual(expected);
    expect(judgeBackupJob(buildJob({ ...complete, deleting: true }), [], after(60))).toEqual(expected);
  });

  it.each([
    [0, 'Completed', { state: 'succeeded', isLeft: true, endedAt: BEGAN }],
    [1, 'Error', { state: 'failed', reason: 'exit', isLeft: true }],
  ])(
    'that ended with %i beside a container that never ends is over after two minutes',
    (code, reason, over) => {
      const pod = of({ ...endedState(code, reason), finishedAt: BEGAN });
      expect(judgeBackupJob(buildJob(), [pod], after(119))).toMatchObject({ state: 'running' });
      expect(judgeBackupJob(buildJob(), [pod], after(120))).toMatchObject(over);
    },
  );

  it('is judged by conditions that are true only', () => {
    const conditions = [{ ...condition('Failed', 'BackoffLimitExceeded'), status: 'False' }];
    expect(judgeBackupJob(buildJob({ conditions }), [buildJobPod({})], after(60))).toMatchObject({
      state: 'running',
    });
  });
});
