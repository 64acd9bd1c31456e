import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type BackupJobRequest,
  KEPT_SECONDS,
  makeBackupJob,
  nameCronJob,
  nameJob,
} from '../../../functions/backup/job/backup-job.ts';
import { CronJob, type JobManifest } from '../../../functions/records/kubernetes-job.ts';
import { chartCronJob } from '../../support/chart-cron-job.ts';

const REQUEST: BackupJobRequest = {
  backupId: '1763690405_2025_11_21_18.10.0-ee',
  skip: ['registry'],
  deadlineSeconds: 43_200,
  execution: 'backup-daily-1763690400',
  fence: 7,
};

const make = (cronJob: CronJob = chartCronJob(), request: BackupJobRequest = REQUEST): JobManifest => {
  const plan = makeBackupJob(cronJob, request);
  if (!plan.ok) throw new Error(plan.reason);
  return plan.job;
};

describe('the Job', () => {
  const cronJob = chartCronJob();
  const { metadata, spec } = make(cronJob);
  const template = cronJob.spec.jobTemplate.spec.template;

  it('says whose it is and for what it was made', () => {
    expect(metadata.namespace).toBe('gitlab');
    expect(metadata.ownerReferences).toEqual([
      { apiVersion: 'batch/v1', kind: 'CronJob', name: 'gitlab-toolbox-backup', uid: 'cron-1' },
    ]);
    expect(metadata.annotations).toEqual({
      'cronjob.kubernetes.io/instantiate': 'manual',
      'drydock.dev/job-id': '1763690405_2025_11_21_18.10.0-ee',
      'drydock.dev/execution': 'backup-daily-1763690400',
      'drydock.dev/fence': '7',
    });
    expect(metadata.labels).toMatchObject({ app: 'toolbox', release: 'gitlab' });
  });

  it('is tried once, ends in time, and stays for its log', () => {
    expect(spec).toMatchObject({
      backoffLimit: 0,
      activeDeadlineSeconds: 43_200,
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: { spec: { restartPolicy: 'Never' } },
    });
    expect(KEPT_SECONDS).toBeGreaterThanOrEqual(24 * 3_600);
  });

  it('has a pod that neither Cluster Autoscaler nor Karpenter takes away', () => {
    expect(spec.template.metadata?.annotations).toEqual({
      'checksum/config': 'a4d1',
      'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
      'karpenter.sh/do-not-disrupt': 'true',
    });
  });

  it('keeps everything else of the template as it is', () => {
    const [mesh, backup] = spec.template.spec.containers;
    const [ownMesh, ownBackup] = template.spec.containers;
    expect(mesh).toEqual(ownMesh);
    expect({ ...backup, args: [] }).toEqual({ ...ownBackup, args: [] });
    expect(backup?.args?.slice(0, 2)).toEqual(['/bin/bash', '-c']);
    const rest = { restartPolicy: '', containers: [] };
    expect({ ...spec.template.spec, ...rest }).toEqual({ ...template.spec, ...rest });
    expect(spec.template.metadata?.labels).toEqual(template.metadata?.labels);
  });

  it('leaves the CronJob that was read as it was', () => {
    expect(cronJob).toEqual(chartCronJob());
  });
});

test('annotations and labels of the Job template are copied, and pods stay undisturbed whatever the values say', () => {
  const cronJob = chartCronJob();
  const { jobTemplate } = cronJob.spec;
  jobTemplate.metadata = { labels: { team: 'platform' }, annotations: { 'team.example/on-call': 'yes' } };
  jobTemplate.spec.template.metadata = {
    annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true' },
  };
  const { metadata, spec } = make(cronJob);
  expect(metadata.labels).toMatchObject({ team: 'platform' });
  expect(metadata.annotations).toMatchObject({ 'team.example/on-call': 'yes' });
  expect(spec.template.metadata?.annotations).toMatchObject({
    'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
  });
});

test('what would make a second pod, or hold the first back, is taken out', () => {
  const cronJob = chartCronJob();
  Object.assign(cronJob.spec.jobTemplate.spec, { podFailurePolicy: { rules: [] }, suspend: true, x: 1 });
  const { spec } = make(cronJob);
  expect(Object.keys(spec)).not.toContain('podFailurePolicy');
  expect(Object.keys(spec)).not.toContain('suspend');
  expect(spec).toMatchObject({ x: 1 });
});

test('a CronJob that is suspended is what we expect, and another warns', () => {
  const warn = (suspend: boolean) => {
    const plan = makeBackupJob(chartCronJob({ suspend }), REQUEST);
    return plan.ok && plan.warnings;
  };
  expect(warn(true)).toEqual([]);
  expect(warn(false)).toEqual([expect.stringContaining('gitlab.toolbox.backups.cron.suspend: true')]);
});

describe('is refused, when it is not the CronJob of the chart', () => {
  it.each([
    ['another container', { name: 'backup', args: ['/bin/bash', '-c', 'backup-utility'] }],
    ['no arguments', { name: 'toolbox-backup' }],
    ['no script', { name: 'toolbox-backup', args: ['backup-utility'] }],
    ['another shell', { name: 'toolbox-backup', args: ['/bin/tcsh', '-c', 'backup-utility'] }],
    ['another option', { name: 'toolbox-backup', args: ['/bin/bash', '-x', 'backup-utility'] }],
  ])('%s', (_, container) => {
    const cronJob = chartCronJob();
    cronJob.spec.jobTemplate.spec.template.spec.containers = [container];
    expect(makeBackupJob(cronJob, REQUEST)).toMatchObject({ ok: false, code: 'container' });
  });
});

describe('the name', () => {
  it('is that of the chart', () => expect(nameCronJob('gitlab')).toBe('gitlab-toolbox-backup'));

  it('is the same for the same set, so that nobody makes a second Job', () => {
    const other = { ...REQUEST, execution: 'another', fence: 8, skip: [], deadlineSeconds: 60 };
    expect(make(chartCronJob(), other).metadata.name).toBe(make().metadata.name);
    expect(make().metadata.name).toMatch(/^gitlab-toolbox-backup-1763690405-[0-9a-f]{8}$/);
  });

  it('is another one for another version, or another GitLab, in the same second', () => {
    const names = [
      nameJob('gitlab-toolbox-backup', '1763690405_2025_11_21_18.10.0-ee'),
      nameJob('gitlab-toolbox-backup', '1763690405_2025_11_21_18.10.1-ee'),
      nameJob(`${'a'.repeat(50)}-1`, '1763690405_2025_11_21_18.10.0-ee'),
      nameJob(`${'a'.repeat(50)}-2`, '1763690405_2025_11_21_18.10.0-ee'),
    ];
    expect(new Set(names).size).toBe(4);
  });

  it('is a label of Kubernetes and another one for each set, however long the name of the release', () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,50}[a-z0-9])?$/);
    const id = fc.nat({ max: 9_999 }).map((more) => `17636${more + 10_000}_2025_11_21_18.10.0-ee`);
    fc.assert(
      fc.property(name, id, id, (cronJob, one, other) => {
        expect(nameJob(cronJob, one)).toMatch(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
        expect(nameJob(cronJob, one) === nameJob(cronJob, other)).toBe(one === other);
      }),
    );
  });
});

test('what a newer Kubernetes has and we do not know comes through', () => {
  const body = chartCronJob();
  const strange = { ...body.spec.jobTemplate.spec, newField: { deep: [1] } };
  const read = CronJob.parse({ ...body, spec: { ...body.spec, jobTemplate: { spec: strange } } });
  expect(make(read).spec).toMatchObject({ newField: { deep: [1] } });
});

test('it has a disk of its own where drydock.yaml wants one, and that of the chart otherwise', () => {
  const scratchOf = ({ spec }: JobManifest): unknown => {
    const { volumes } = spec.template.spec;
    return Array.isArray(volumes) ? volumes[0] : undefined;
  };
  expect(scratchOf(make())).toEqual({ name: 'toolbox-tmp', emptyDir: {} });
  expect(scratchOf(make(chartCronJob(), { ...REQUEST, scratch: { size: '2Ti' } }))).toMatchObject({
    name: 'toolbox-tmp',
    ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '2Ti' } } } } },
  });
});
