import { describe, expect, it } from 'vitest';
import { judgeProbe } from '../../../functions/backup/probe/probe-verdict.ts';
import type { Job } from '../../../functions/records/kubernetes-job.ts';
import type { ContainerState, Pod } from '../../../functions/records/workload.ts';
import { buildJob, buildJobPod, endedState } from '../../support/job-builders.ts';

const BEGAN = Date.parse('2026-03-01T12:00:00.000Z');

const podWith = (state: ContainerState, changes: Partial<Pod> = {}): Pod => {
  const pod = buildJobPod({ state, ...changes });
  return { ...pod, containers: pod.containers.map((one) => ({ ...one, name: 'toolbox-probe' })) };
};
const RUNNING: ContainerState = { type: 'running', reason: '', message: '' };
const PENDING = podWith(
  { type: 'waiting', reason: 'ContainerCreating', message: '' },
  {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }],
  },
);
const condition = (type: string, reason = '') => ({ type, status: 'True', reason, message: '' });

const judge = (pods: readonly Pod[], seconds = 10, job: Job | undefined = buildJob()) =>
  judgeProbe({ job, pods }, new Date(BEGAN + seconds * 1_000));

describe('a probe', () => {
  it.each<[string, ReturnType<typeof judge>, object]>([
    ['waits for its pod', judge([]), { state: 'waiting', why: 'The Job has no pod yet' }],
    [
      'waits for a node, and says so',
      judge([PENDING]),
      { state: 'waiting', why: 'No node takes its pod: 0/3 nodes' },
    ],
    ['waits for the end of its container', judge([podWith(RUNNING)]), { state: 'waiting' }],
    [
      'has ended when its container has, whatever its Job says',
      judge([podWith(endedState(0, 'Completed'))]),
      { state: 'ended', pod: buildJobPod({}).name },
    ],
    [
      'has ended badly, and its log is still worth reading',
      judge([podWith(endedState(1))]),
      { state: 'ended', failure: 'Its container toolbox-probe ended with exit code 1' },
    ],
    [
      'has failed when its Job is gone',
      judgeProbe({ job: undefined, pods: [] }, new Date(BEGAN)),
      { state: 'failed', why: 'Its Job was deleted, and its pod with it' },
    ],
    [
      'has failed when its time ran out',
      judge([], 700, buildJob({ conditions: [condition('Failed', 'DeadlineExceeded')] })),
      { state: 'failed', why: expect.stringContaining('DeadlineExceeded') },
    ],
    [
      'has failed when its pod went with its log',
      judge([], 20, buildJob({ conditions: [condition('Complete')] })),
      { state: 'failed', why: expect.stringContaining('its log') },
    ],
    [
      'has failed when somebody holds its Job back',
      judge([], 541, buildJob({ suspended: true })),
      { state: 'failed', why: expect.stringContaining('suspended') },
    ],
  ])('%s', (_, verdict, expected) => {
    expect(verdict).toMatchObject(expected);
  });

  it.each([
    [539, 'waiting'],
    [540, 'failed'],
  ])('for which no node comes within %d seconds is %s', (seconds, state) => {
    expect(judge([PENDING], seconds).state).toBe(state);
  });

  it('says what it waited for when it is given up, before its deadline takes the pod away', () => {
    expect(judge([PENDING], 545)).toMatchObject({
      why: 'it did not end within 9 minutes: No node takes its pod: 0/3 nodes',
    });
  });
});
