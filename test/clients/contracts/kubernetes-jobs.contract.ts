import { describe, expect, it, vi } from 'vitest';
import { makeBackupJob } from '../../../functions/backup/job/backup-job.ts';
import { findRunningBackups, TOOLBOX_SELECTOR } from '../../../functions/backup/job/running-backups.ts';
import type { KubernetesJobs } from '../../../functions/clients/kubernetes-jobs.ts';
import type { LogChunk } from '../../../functions/clients/kubernetes-log-stream.ts';
import type { Job, JobManifest, LogCursor } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJobBody } from '../../support/chart-cron-job.ts';

/** A cluster in which a pod that is made comes to a good end, and each container has written the two lines. */
export interface JobsUnderTest {
  readonly jobs: KubernetesJobs;
  /** Makes a namespace with the CronJob of the chart in it. */
  openNamespace(): Promise<string>;
}

/** What each container of the cluster has written. */
export const LOG_LINES = ['starting', 'listening on 0.0.0.0:8080'];

const NAME = 'gitlab-toolbox-backup';
const ID = '1763690405_2025_11_21_18.10.0-ee';
const PATIENT = { timeout: 30_000, interval: 100 };

/** What Jobs promise, whatever cluster lies behind them. */
export const describeKubernetesJobs = (name: string, open: () => JobsUnderTest): void => {
  describe(`Jobs on ${name}`, () => {
    const manifestIn = async (namespace: string, backupId = ID): Promise<JobManifest> => {
      const cronJob = await open().jobs.readCronJob({ namespace, name: NAME });
      if (!cronJob) throw new Error('there is no CronJob');
      const request = { backupId, skip: [], deadlineSeconds: 600, execution: 'test', fence: 1 };
      const plan = makeBackupJob(cronJob, request);
      if (!plan.ok) throw new Error(plan.reason);
      return plan.job;
    };

    /** Makes a Job and waits for its end. */
    const runJob = async (namespace: string): Promise<{ readonly job: Job; readonly pod: string }> => {
      const { job } = await open().jobs.createJob(await manifestIn(namespace));
      return vi.waitFor(async () => {
        const seen = await open().jobs.observeJob(job);
        expect(seen.job?.conditions.map(({ type }) => type)).toContain('Complete');
        expect(seen.pods.map(({ phase }) => phase)).toEqual(['Succeeded']);
        return { job: seen.job ?? job, pod: seen.pods[0]?.name ?? '' };
      }, PATIENT);
    };

    it('reads the CronJob with everything that the chart wrote into its template', async () => {
      const namespace = await open().openNamespace();
      const cronJob = await open().jobs.readCronJob({ namespace, name: NAME });
      const { suspend, jobTemplate } = chartCronJobBody().spec;
      expect(cronJob).toMatchObject({ metadata: { namespace, name: NAME }, spec: { suspend, jobTemplate } });
      expect(cronJob?.metadata.uid).not.toBe('');
      expect(await open().jobs.readCronJob({ namespace, name: 'other' })).toBeUndefined();
    });

    it('makes a Job that runs to its end', async () => {
      const namespace = await open().openNamespace();
      const { job } = await runJob(namespace);
      expect(job).toMatchObject({
        namespace,
        podLabels: { app: 'toolbox' },
        annotations: { 'drydock.dev/job-id': ID, 'cronjob.kubernetes.io/instantiate': 'manual' },
        owners: [{ kind: 'CronJob', name: NAME }],
        suspended: false,
        deleting: false,
      });
      expect(job.containers).toContain('toolbox-backup');
      expect(Date.parse(job.completedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(job.createdAt));
    });

    it('makes a Job once, however often and by how many at once it is asked to', async () => {
      const namespace = await open().openNamespace();
      const manifest = await manifestIn(namespace);
      const results = await Promise.all([1, 2, 3, 4].map(() => open().jobs.createJob(manifest)));
      results.push(await open().jobs.createJob(await manifestIn(namespace)));
      expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(results.map(({ job }) => job.uid)).size).toBe(1);
      expect(await open().jobs.listJobs(namespace, '')).toHaveLength(1);
    });

    it('refuses a name that a Job for something else has, or of another owner', async () => {
      const namespace = await open().openNamespace();
      const manifest = await manifestIn(namespace);
      await open().jobs.createJob(manifest);
      const { metadata } = manifest;
      const otherId = {
        ...metadata,
        annotations: { ...metadata.annotations, 'drydock.dev/job-id': 'other' },
      };
      const ownerReferences = metadata.ownerReferences.map((owner) => ({ ...owner, uid: 'another' }));
      const taken = { name: 'RefusedError', code: 'kubernetes.job-taken' };
      for (const other of [otherId, { ...metadata, ownerReferences }]) {
        await expect(open().jobs.createJob({ ...manifest, metadata: other })).rejects.toMatchObject(taken);
      }
    });

    it('lists Jobs by label, and only those of the namespace', async () => {
      const namespace = await open().openNamespace();
      const elsewhere = await open().openNamespace();
      const { job } = await open().jobs.createJob(await manifestIn(namespace));
      await open().jobs.createJob(await manifestIn(elsewhere));
      const names = async (selector: string) =>
        (await open().jobs.listJobs(namespace, selector)).map(({ name: one }) => one);
      expect(await names(TOOLBOX_SELECTOR)).toEqual([job.name]);
      expect(await names('app=migrations')).toEqual([]);
      await runJob(namespace);
      expect(findRunningBackups(await open().jobs.listJobs(namespace, TOOLBOX_SELECTOR))).toEqual([]);
    });

    it('streams a log in chunks, and goes on behind the one that was read last', async () => {
      const namespace = await open().openNamespace();
      const { pod } = await runJob(namespace);
      const read = (from?: LogCursor, chunkCharacters?: number): Promise<LogChunk[]> =>
        Array.fromAsync(
          open().jobs.streamLog(
            { namespace, pod, container: 'toolbox-backup' },
            { ...(from ? { from } : {}), ...(chunkCharacters ? { chunkCharacters } : {}) },
          ),
        );
      const lines = LOG_LINES.map((line) => `${line}\n`);
      expect((await read()).map(({ text }) => text)).toEqual([lines.join('')]);
      const [first, second] = await read(undefined, 26);
      expect([first?.text, second?.text]).toEqual(lines);
      expect((await read(first?.cursor)).map(({ text }) => text)).toEqual(lines.slice(1));
      expect(await read(second?.cursor)).toEqual([]);
      const later = { at: new Date(Date.now() + 3_600_000).toISOString(), lines: 0 };
      expect(await read(later)).toEqual([]);
    });

    it('has an empty log of a pod that is not there', async () => {
      const namespace = await open().openNamespace();
      const place = { namespace, pod: 'gone', container: 'toolbox-backup' };
      expect(await Array.fromAsync(open().jobs.streamLog(place, {}))).toEqual([]);
    });

    it('deletes the Job that was meant with its pods, and no other one of its name', async () => {
      const namespace = await open().openNamespace();
      const { job } = await runJob(namespace);
      expect(await open().jobs.deleteJob({ ...job, uid: 'another' })).toBe('gone');
      expect((await open().jobs.observeJob(job)).job?.deleting).toBe(false);
      expect(await open().jobs.deleteJob(job)).toBe('deleted');
      await vi.waitFor(async () => {
        expect(await open().jobs.observeJob(job)).toEqual({ job: undefined, pods: [] });
      }, PATIENT);
      expect(await open().jobs.deleteJob(job)).toBe('gone');
    });
  });
};
