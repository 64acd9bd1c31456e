import { describe, expect, it } from 'vitest';
import { DRILL_LABEL, labelOf } from '../../../functions/backup/drill/drill-label.ts';
import { followTask, type Task } from '../../../functions/backup/drill/turns/task-job.ts';
import type { Job, JobManifest } from '../../../functions/records/kubernetes-job.ts';
import type { ContainerState, Pod } from '../../../functions/records/workload.ts';
import { createFakeKubernetesJobs } from '../../support/fake-kubernetes-jobs.ts';
import { buildJob, buildJobPod, endedState } from '../../support/job-builders.ts';
import { buildDrill, NOW } from './drill-builders.ts';

const NAMESPACE = 'gitlab-drill';
const NAME = 'drydock-drill-ask';
const CONTAINER = 'toolbox-ask';
const MARK = '{"drydock":"ask",';
const LABELS = { [DRILL_LABEL]: labelOf('drill-1') };

const OWNER = { apiVersion: 'batch/v1', kind: 'CronJob', name: 'gitlab-toolbox-backup', uid: 'cron-1' };
const manifest: JobManifest = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { namespace: NAMESPACE, name: NAME, labels: LABELS, annotations: {}, ownerReferences: [OWNER] },
  spec: { template: { spec: { containers: [{ name: CONTAINER }] } } },
};
const TASK: Task = { manifest, container: CONTAINER, mark: MARK, seconds: 10, isNamed: true };
const GIVEN_UP: Task = { ...TASK, giveUpSeconds: 600 };
const UNNAMED: Task = { ...TASK, isNamed: false };

const made = buildDrill({
  made: [{ kind: 'Job', namespace: NAMESPACE, name: NAME, notedAt: NOW.toISOString() }],
});
const known = { ...made, made: made.made.map((one) => ({ ...one, uid: 'task-1' })) };

const CREATED = NOW.toISOString();
const job = (change: Partial<Job> = {}): Job =>
  buildJob({
    namespace: NAMESPACE,
    name: NAME,
    uid: 'task-1',
    labels: LABELS,
    createdAt: CREATED,
    startedAt: CREATED,
    ...change,
  });
const ended = (type: 'Complete' | 'Failed', reason = ''): Partial<Job> => ({
  conditions: [{ type, status: 'True', reason, message: '', at: CREATED }],
});
const pod = (state: ContainerState): Pod => {
  const { containers, ...rest } = buildJobPod({ createdAt: CREATED, state });
  return { ...rest, containers: containers.map((one) => ({ ...one, name: CONTAINER })) };
};

const open = (standing?: Job, pods: readonly Pod[] = [], lines: readonly string[] = []) => {
  const jobs = createFakeKubernetesJobs(() => NOW);
  if (standing) jobs.putJob(standing, pods);
  jobs.writeLog(lines.map((line) => `2026-03-01T12:00:00.000000000Z ${line}`));
  return jobs;
};

const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

describe('a Job of a drill', () => {
  it('is noted before it is made, and made once', async () => {
    const jobs = open();
    const turn = await followTask(buildDrill(), TASK, jobs, NOW);
    if ('log' in turn) throw new Error('It can not have ended.');
    expect(turn.verdict).toEqual({ state: 'act', message: `starts ${NAME}` });
    expect(turn.intend?.(buildDrill()).made).toEqual(made.made);
    await turn.deed?.();
    await turn.deed?.();
    expect(jobs.made).toEqual([manifest]);
  });

  it('is made again when nobody knows whether it ever was', async () => {
    expect(await followTask(made, TASK, open(), NOW)).toMatchObject({ verdict: { state: 'act' } });
  });

  it('has the lines with its mark kept, and no other, however many there are', async () => {
    const noise = Array.from({ length: 3_000 }, () => 'x'.repeat(200));
    const jobs = open(job(), [pod(endedState(0))], [`${MARK}1}`, ...noise, `${MARK}2}`]);
    const seen = await followTask(made, TASK, jobs, NOW);
    if (!('log' in seen)) throw new Error('It has ended.');
    expect(seen.log).toEqual({ known: true, value: `${MARK}1}\n${MARK}2}` });
    expect(seen.learn(made).made[0]?.uid).toBe('task-1');
  });

  it('has the log of a bad end read as well', async () => {
    const jobs = open(job(ended('Failed')), [pod(endedState(1))], [`${MARK}1}`]);
    expect(await followTask(made, TASK, jobs, NOW)).toMatchObject({
      log: { known: true, value: `${MARK}1}` },
    });
  });

  it.each<[string, Task, Job | undefined, string]>([
    ['named', TASK, undefined, `Job ${NAME} is gone, and its log with it`],
    ['not named', UNNAMED, undefined, 'its Job is gone, and its log with it'],
    ['named', TASK, job(ended('Complete')), `the pod of Job ${NAME} is gone, and its log with it`],
    ['not named', UNNAMED, job(ended('Complete')), 'its pod is gone, and its log with it'],
  ])('whose log is lost is told %s', async (_, task, standing, why) => {
    expect(await followTask(known, task, open(standing), NOW)).toMatchObject({ log: { known: false, why } });
  });

  it('that failed before it wrote anything says why, without a dot', async () => {
    const seen = await followTask(made, TASK, open(job(ended('Failed', 'DeadlineExceeded'))), NOW);
    expect(seen).toMatchObject({ log: { known: false, why: expect.stringMatching(/[^.]$/) } });
  });

  it.each<[string, Task, RegExp]>([
    ['by its name', TASK, new RegExp(`^${NAME}: The Job has no pod yet\\.$`)],
    ['by no name', UNNAMED, /^The Job has no pod yet\.$/],
  ])('is waited for %s', async (_, task, message) => {
    const turn = await followTask(made, task, open(job()), NOW);
    expect(turn).toMatchObject({
      verdict: { state: 'wait', seconds: 10, message: expect.stringMatching(message) },
    });
  });

  const held = (task: Task, seconds: number) =>
    followTask(made, task, open(job({ suspended: true })), after(seconds));

  it.each<[string, Task, number]>([
    ['until its limit', GIVEN_UP, 600],
    ['for ever without one', TASK, 86_400],
  ])('that a queue holds back is waited for %s', async (_, task, seconds) => {
    expect(await held(task, seconds)).toMatchObject({ verdict: { state: 'wait' } });
  });

  it('that a queue holds back is given up behind its limit', async () => {
    const why = expect.stringMatching(/^it did not end in time: The Job is suspended.*[^.]$/);
    expect(await held(GIVEN_UP, 601)).toMatchObject({ log: { known: false, why } });
  });
});
