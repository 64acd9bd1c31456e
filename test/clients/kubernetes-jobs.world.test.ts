import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildBackupAccessManifest } from '../../functions/backup/access-manifest.ts';
import { listBackupAccess } from '../../functions/backup/cluster-access.ts';
import { makeBackupJob } from '../../functions/backup/job/backup-job.ts';
import { type JobVerdict, judgeBackupJob } from '../../functions/backup/job/job-verdict.ts';
import { findRunningBackups, TOOLBOX_SELECTOR } from '../../functions/backup/job/running-backups.ts';
import { openKubernetes } from '../../functions/clients/kubernetes.ts';
import { type KubernetesJobs, openKubernetesJobs } from '../../functions/clients/kubernetes-jobs.ts';
import { BACKUP_GROUP } from '../../functions/records/cluster-group.ts';
import type { Job, JobManifest } from '../../functions/records/kubernetes-job.ts';
import { connectAsGroup } from '../support/admin-connection.ts';
import { chartCronJobBody } from '../support/chart-cron-job.ts';
import { requestAsGroup } from '../support/raw-request.ts';
import { openTestCluster, type TestCluster } from '../support/test-cluster.ts';
import { describeKubernetesJobs } from './contracts/kubernetes-jobs.contract.ts';

/** Everything here is done with the rights that ship to users, and with no other. */
let cluster: TestCluster;
let jobs: KubernetesJobs;

beforeAll(async () => {
  cluster = await openTestCluster();
  jobs = openKubernetesJobs(connectAsGroup(cluster.kubeconfig, BACKUP_GROUP));
});
afterAll(() => cluster?.stop());

/** Makes a namespace with the CronJob of the chart and our rights in it. */
const openNamespace = async (): Promise<string> => {
  const namespace = await cluster.createNamespace();
  for (const object of buildBackupAccessManifest([namespace])) await cluster.objects.create(object);
  const body = chartCronJobBody();
  await cluster.objects.create({ ...body, metadata: { ...body.metadata, namespace } });
  return namespace;
};

describeKubernetesJobs('a real API server', () => ({ jobs, openNamespace }));

/** Starts a backup, its template changed by a test. */
const start = async (
  namespace: string,
  change: (spec: JobManifest['spec']['template']['spec']) => void,
  deadlineSeconds = 600,
): Promise<Job> => {
  const cronJob = await jobs.readCronJob({ namespace, name: 'gitlab-toolbox-backup' });
  if (!cronJob) throw new Error('there is no CronJob');
  change(cronJob.spec.jobTemplate.spec.template.spec);
  const backupId = '1763690405_2025_11_21_18.10.0-ee';
  const request = { backupId, skip: [], deadlineSeconds, execution: 'test', fence: 1 };
  const plan = makeBackupJob(cronJob, request);
  if (!plan.ok) throw new Error(plan.reason);
  return (await jobs.createJob(plan.job)).job;
};

/** By the tag of its image the local cluster knows how a pod is to go wrong. */
const play =
  (name: string) =>
  (spec: JobManifest['spec']['template']['spec']): void => {
    for (const container of spec.containers) Object.assign(container, { image: `toolbox:1-${name}` });
  };

const judge = async (job: Job, afterSeconds = 0): Promise<JobVerdict> => {
  const seen = await jobs.observeJob(job);
  return judgeBackupJob(seen.job, seen.pods, new Date(Date.now() + afterSeconds * 1_000));
};

/** Waits for a verdict, seen from so many seconds later. */
const becomes = (job: Job, verdict: object, afterSeconds = 0): Promise<JobVerdict> =>
  vi.waitFor(
    async () => {
      const judged = await judge(job, afterSeconds);
      expect(judged).toMatchObject(verdict);
      return judged;
    },
    { timeout: 30_000, interval: 100 },
  );

describe('as its controllers leave a Job', () => {
  test('one that no node takes says so in the words of the scheduler', async () => {
    const job = await start(await openNamespace(), (spec) => {
      Object.assign(spec, { nodeSelector: { disk: 'large' } });
    });
    const message = expect.stringMatching(/No node takes its pod: \d+\/\d+ nodes are available/);
    await becomes(job, { state: 'waiting', message });
    await becomes(job, { state: 'failed', reason: 'unschedulable', isLeft: true, message }, 901);
  });

  test('one that lacks a Secret, or its image, says so', async () => {
    const lacking = await start(await openNamespace(), play('misconfigured'));
    const without = await start(await openNamespace(), play('unpullable'));
    await becomes(
      lacking,
      { reason: 'container-config', message: expect.stringContaining('not found') },
      301,
    );
    await becomes(without, { reason: 'image-pull', message: expect.stringContaining('unknown') }, 301);
  });

  test('one that runs is found, and once its pod was deleted it failed by that, with no second try', async () => {
    const namespace = await openNamespace();
    const job = await start(namespace, play('unready'));
    await becomes(job, { state: 'running' });
    const running = findRunningBackups(await jobs.listJobs(namespace, TOOLBOX_SELECTOR));
    expect(running).toMatchObject([{ job: job.name, startedBy: 'drydock' }]);
    const { pods } = await jobs.observeJob(job);
    await cluster.core.deleteNamespacedPod({ namespace, name: pods[0]?.name ?? '' });
    await becomes(job, { state: 'failed', reason: 'pod-deleted', isLeft: false });
    expect((await jobs.observeJob(job)).pods).toEqual([]);
  });

  test('one that takes too long has failed by its deadline', async () => {
    const job = await start(await openNamespace(), play('unready'), 1);
    const ended = await becomes(job, { state: 'failed', reason: 'deadline', isLeft: false });
    expect(ended).toMatchObject({ message: expect.stringContaining('DeadlineExceeded') });
  });

  test('one that is deleted while it runs was deleted', async () => {
    const job = await start(await openNamespace(), play('unready'));
    await becomes(job, { state: 'running' });
    expect(await jobs.deleteJob(job)).toBe('deleted');
    await becomes(job, { state: 'failed', reason: 'job-deleted' });
  });

  test('one that comes to its end has succeeded', async () => {
    const job = await start(await openNamespace(), () => undefined);
    const ended = await becomes(job, { state: 'succeeded', isLeft: false });
    expect(ended).toMatchObject({ startedAt: expect.any(String), endedAt: expect.any(String) });
  });
});

describe('the rights that ship', () => {
  test('every row of the can/cannot table is what the API server says of our group', async () => {
    const rows = listBackupAccess(await openNamespace(), [await cluster.createNamespace(), 'kube-system']);
    const drydock = openKubernetes(connectAsGroup(cluster.kubeconfig, BACKUP_GROUP));
    const answers = await drydock.reviewAccess(rows);
    expect(answers.map(({ allowed }, index) => ({ ...rows[index], allowed }))).toEqual(rows);
    expect(rows.filter(({ allowed }) => allowed)).toHaveLength(8);
    expect(rows.filter(({ allowed }) => !allowed).length).toBeGreaterThan(50);
  });

  test('reads and deletions that are really tried answer as the table says', async () => {
    const rows = listBackupAccess(await openNamespace(), ['kube-system']);
    const tried = rows.filter(
      ({ verb, resource }) => ['get', 'list', 'delete'].includes(verb) && !resource.includes('/'),
    );
    const results = await Promise.all(
      tried.map(async (row) => ({
        ...row,
        // 404: allowed to ask, and there is none of that name.
        allowed: (await requestAsGroup(cluster.kubeconfig, BACKUP_GROUP, row)) !== 403,
      })),
    );
    expect(results).toEqual(tried);
  });
});
