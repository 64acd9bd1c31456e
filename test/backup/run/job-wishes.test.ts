import { describe, expect, it } from 'vitest';
import { jobWishes, needsJob, skippedByTool } from '../../../functions/backup/run/job-wishes.ts';
import { ARCHIVE_COMPONENTS } from '../../../functions/records/backup/components.ts';
import { buildSubject } from '../../support/backup-step.ts';
import { chartCronJob } from '../../support/chart-cron-job.ts';

const KEY = 'arn:aws:kms:eu-central-1:444455556666:key/0a1b2c3d-0000-4000-8000-000000000001';
const vault = (kmsKey: string) => ({ destination: { bucket: 'acme-backups', kmsKey } });
const awscli = chartCronJob({ extraArgs: '--s3tool awscli' });

describe('what the tool leaves out', () => {
  it.each<[string, object, readonly string[]]>([
    ['by default what the versions of buckets protect', {}, ['registry', 'artifacts']],
    ['what the policy skips too', { skip: ['pages'] }, ['registry', 'artifacts', 'pages']],
    ['nothing when the policy leaves nothing to versions', { versions: [] }, []],
    [
      'of a native set everything but the repositories',
      { kind: 'native' },
      ARCHIVE_COMPONENTS.filter((name) => name !== 'repositories'),
    ],
  ])('is %s', (_, policy, skipped) => {
    expect(skippedByTool(buildSubject(policy, { gitaly: { bucket: 'acme-gitaly' } }))).toEqual(skipped);
  });
});

describe('a Job', () => {
  it.each<[string, object, boolean]>([
    ['a tar', {}, true],
    ['a native set', { kind: 'native' }, true],
    ['a native set without repositories', { kind: 'native', skip: ['repositories'] }, false],
  ])('of %s is needed: %j', (_, policy, needed) => {
    expect(needsJob(buildSubject(policy, { gitaly: { bucket: 'acme-gitaly' } }))).toBe(needed);
  });

  it('gets the deadline and the storage class of its policy', () => {
    const subject = buildSubject({ storageClass: 'GLACIER_IR' }, { job: { deadlineHours: 48 } });
    expect(jobWishes(subject, chartCronJob())).toMatchObject({
      storageClass: 'GLACIER_IR',
      deadlineSeconds: 172_800,
    });
  });

  it.each<[string, object, object, object | undefined]>([
    [
      'its own, as drydock.yaml says',
      { scratchSize: '2Ti', storageClass: 'gp3' },
      {},
      { size: '2Ti', storageClass: 'gp3' },
    ],
    ['its own of the default class', { scratchSize: '400Gi' }, {}, { size: '400Gi' }],
    ['that of the chart', {}, {}, undefined],
    ['that of the chart for a native set', { scratchSize: '400Gi' }, { kind: 'native' }, undefined],
  ])('has a disk: %s', (_, job, policy, scratch) => {
    const subject = buildSubject(policy, { job, gitaly: { bucket: 'acme-gitaly' } });
    expect(jobWishes(subject, chartCronJob()).scratch).toEqual(scratch);
  });

  it.each([
    ['an ARN with awscli', KEY, awscli, KEY],
    ['an ARN with s3cmd, which can not', KEY, chartCronJob(), undefined],
    ['an alias, which is another one in the account of the tool', 'alias/archives', awscli, undefined],
  ])('names its key: %s', (_, key, cronJob, named) => {
    expect(jobWishes(buildSubject({}, vault(key)), cronJob).kmsKeyId).toBe(named);
  });
});
