import { describe, expect, it } from 'vitest';
import { makeBackupJob } from '../../../functions/backup/job/backup-job.ts';
import { findRunningBackups } from '../../../functions/backup/job/running-backups.ts';
import { makeProbeJob, type ProbeRequest } from '../../../functions/backup/probe/probe-job.ts';
import { JOB_ID_ANNOTATION, type JobManifest } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJob } from '../../support/chart-cron-job.ts';
import { buildJob } from '../../support/job-builders.ts';

const REQUEST: ProbeRequest = {
  backupId: '1795230000_2026_11_21_18.10.0-ee',
  execution: 'nightly-1',
  sources: ['acme-uploads', 'acme-lfs'],
  backup: 'acme-backups',
};

type Overrides = Parameters<typeof chartCronJob>[0];

const make = (overrides?: Overrides, request: Partial<ProbeRequest> = {}): JobManifest => {
  const plan = makeProbeJob(chartCronJob(overrides), { ...REQUEST, ...request });
  if (!plan.ok) throw new Error(plan.why);
  return plan.job;
};

const containerOf = (job: JobManifest) =>
  job.spec.template.spec.containers.find(({ name }) => name === 'toolbox-probe');
/** Region, endpoint, and then tools and buckets. */
const toldTo = (job: JobManifest) => containerOf(job)?.args?.slice(4);

describe('the Job of a probe', () => {
  it('has the pod of a backup, but for what it runs, its disk and one label', () => {
    const cronJob = chartCronJob();
    const backup = makeBackupJob(cronJob, {
      backupId: REQUEST.backupId,
      skip: [],
      deadlineSeconds: 60,
      execution: 'nightly-1',
      fence: 1,
    });
    if (!backup.ok) throw new Error(backup.reason);
    const [pod, backupPod] = [make().spec.template, backup.job.spec.template];
    const { containers, ...others } = pod.spec;
    const { containers: backupContainers, ...backupOthers } = backupPod.spec;
    expect(others).toEqual(backupOthers);
    const bare = { name: '', args: [] };
    expect(containers.map((one) => ({ ...one, ...bare }))).toEqual(
      backupContainers.map((one) => ({ ...one, ...bare })),
    );
    expect(pod.metadata?.labels).toEqual({ ...backupPod.metadata?.labels, 'drydock.dev/purpose': 'probe' });
  });

  it('takes no disk, neither its own nor one that a backup waits for', () => {
    const cronJob = chartCronJob();
    const { spec } = cronJob.spec.jobTemplate.spec.template;
    const claim = { name: 'toolbox-tmp', persistentVolumeClaim: { claimName: 'tmp' } };
    Object.assign(spec, { volumes: [claim] });
    const plan = makeProbeJob(cronJob, REQUEST);
    expect(plan.ok && plan.job.spec.template.spec['volumes']).toEqual([
      { name: 'toolbox-tmp', emptyDir: {} },
    ]);
  });

  it('ends soon, once, and goes by itself', () => {
    expect(make().spec).toMatchObject({
      backoffLimit: 0,
      activeDeadlineSeconds: 600,
      ttlSecondsAfterFinished: 600,
      template: { spec: { restartPolicy: 'Never' } },
    });
  });

  it('is the same for the same set, another for another, and neither is the Job of the backup', () => {
    const names = [make(), make(), make({}, { backupId: '1795230001_2026_11_21_18.10.0-ee' })].map(
      ({ metadata }) => metadata.name,
    );
    expect(names[0]).toBe(names[1]);
    expect(names[0]).not.toBe(names[2]);
    expect(names[0]).toMatch(/^gitlab-toolbox-backup-probe-1795230000-[0-9a-f]{8}$/);
    expect(make().metadata.annotations[JOB_ID_ANNOTATION]).not.toBe(REQUEST.backupId);
  });

  it('is no backup that runs', () => {
    const { metadata, spec } = make();
    const running = buildJob({
      ...metadata,
      podLabels: spec.template.metadata?.labels ?? {},
      containers: spec.template.spec.containers.map(({ name }) => name),
    });
    expect(findRunningBackups([running])).toEqual([]);
  });

  it.each<[string, string, (string | undefined)[]]>([
    [
      's3cmd where nothing is said',
      '',
      ['', '', 's3cmd', 'acme-uploads', 's3cmd', 'acme-lfs', 's3cmd', 'acme-backups'],
    ],
    [
      'awscli for all',
      '--s3tool awscli',
      ['', '', 'awscli', 'acme-uploads', 'awscli', 'acme-lfs', 'awscli', 'acme-backups'],
    ],
    [
      'one for its own bucket, one for the others',
      '--s3tool-backup awscli --s3tool-data s3cmd',
      ['', '', 's3cmd', 'acme-uploads', 's3cmd', 'acme-lfs', 'awscli', 'acme-backups'],
    ],
  ])('lists by the tool of the backup: %s', (_, extraArgs, told) => {
    expect(toldTo(make({ extraArgs }))).toEqual(told);
  });

  it('goes where the values send aws', () => {
    const extraArgs = '--s3tool awscli --aws-region eu-west-1 --aws-s3-endpoint-url https://s3.example.com';
    expect(toldTo(make({ extraArgs }))?.slice(0, 2)).toEqual(['eu-west-1', 'https://s3.example.com']);
  });

  it('asks for no bucket whose name is none', () => {
    const sources = ['UPPER', 'a b', '$(id)', '', 'fine.name'];
    expect(toldTo(make({}, { sources }))).toEqual(['', '', 's3cmd', 'fine.name', 's3cmd', 'acme-backups']);
  });

  it.each([
    ['no script of bash', { script: '' }, 'backup-utility'],
    ['a command that is none of the chart', { script: 'backup-utility | tee log' }, 'extraArgs hold more'],
  ])('can not be made of %s', (_, overrides, why) => {
    const plan = makeProbeJob(chartCronJob(overrides), REQUEST);
    expect(plan).toMatchObject({ ok: false, why: expect.stringContaining(why) });
  });
});
