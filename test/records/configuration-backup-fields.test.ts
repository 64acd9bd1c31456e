import { describe, expect, it } from 'vitest';
import { BUCKET_COMPONENTS } from '../../functions/records/backup/components.ts';
import { DAILY, explain, VALID, withLine } from './backup-section.ts';

/** One field of the backup section that can not be what it says. */

const VOLUME = 'arn:aws:ec2:eu-central-1:123456789012:volume/vol-0a1b2c3d4e5f67890';

describe('a problem of the backup section', () => {
  it.each<[string, string, string | RegExp]>([
    [
      'acme-archives',
      'Acme_Archives',
      /^drydock.yaml:7:30 backup\.environments\.production\.destination\.bucket: "Acme_Archives" must be the name of an S3 bucket/,
    ],
    ['alias/archives', 'archives', /^drydock.yaml:7:\d+ .*kmsKey: "archives" must be the alias or the ARN/],
    ['alias/archives', 'alias/aws/s3', /must be the alias or the ARN of a KMS key of yours/],
    ["'210987654321'", '210987654321', /must be a text, and YAML takes it for a number/],
    [
      '      tmpBucket: acme-tmp\n',
      '',
      /^drydock.yaml:3:5 backup\.environments\.production\.tmpBucket: is missing$/,
    ],
    [
      '      tmpBucket: acme-tmp\n',
      '      tmpBucket: acme-tmp\n      job: { storageClass: gp3 }\n',
      /job\.storageClass: .*is of a disk without a size; write scratchSize beside it$/,
    ],
    [
      DAILY,
      'schedule: 0 3 * * *',
      /^drydock.yaml:12:28 .*policies\.daily\.schedule: "0 3 \* \* \*" must be "cron\(/,
    ],
    [
      DAILY,
      'schedule: cron(0/10 * * * ? *)',
      /policies\.daily\.schedule: .*starts again after 10 minutes; allowed: 15 minutes or more$/,
    ],
    [DAILY, 'schedule: cron(0 0 30 2 ? *)', /does not come twice in the next two years/],
    [
      'timeZone: Europe/Berlin',
      'timeZone: Europe/Berlinn',
      /policies\.daily\.timeZone: "Europe\/Berlinn" must be a time zone/,
    ],
    [
      'skip: [registry, artifacts]',
      'skip: [registry, artefacts]',
      /policies\.hourly\.skip\.1: "artefacts" is not allowed; allowed: db, .*Did you mean "artifacts"\?$/,
    ],
    [
      'role/gitlab-toolbox',
      'user/gitlab-toolbox',
      /^drydock.yaml:4:13 .*production\.role: .* must be the ARN of an IAM role/,
    ],
    ['      role: arn:aws:iam::123456789012:role/gitlab-toolbox\n', '', /production\.role: is missing$/],
    [
      'instance: gitlab',
      'instance: gitlab--1',
      /database\.instance: .* must be the identifier of an RDS instance/,
    ],
    ['bucket: acme-gitaly', 'bucket: s3://acme', /gitaly\.bucket: .* must be the name of an S3 bucket/],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      sourceBuckets: [s3://acme-gitlab]',
      /sourceBuckets\.0: "s3:\/\/acme-gitlab" must be the name of an S3 bucket, in which/,
    ],
    [
      '      tmpBucket: acme-tmp',
      "      tmpBucket: acme-tmp\n      sourceBuckets: ['**']",
      /sourceBuckets\.0: "\*\*" means any bucket: write "\*"/,
    ],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      recoveryPoints: [{ vault: main, resource: gitaly }]',
      /recoveryPoints\.0\.resource: "gitaly" must be the ARN/,
    ],
    [
      '      tmpBucket: acme-tmp',
      `      tmpBucket: acme-tmp\n      recoveryPoints: [${`{ vault: main, resource: '${VOLUME}' }, `.repeat(2)}]`,
      /recoveryPoints: names a recovery point twice/,
    ],
    [
      'skip: [registry, artifacts]',
      'versions: [db]',
      /hourly\.versions\.0: "db" is not allowed; allowed: registry, /,
    ],
    ['skip: [registry, artifacts]', 'versions: [lfs, lfs]', /hourly\.versions: names a component twice/],
    [
      'skip: [registry, artifacts]',
      `skip: [db, repositories], versions: [${BUCKET_COMPONENTS.join(', ')}]`,
      /hourly\.versions: leaves nothing for the archive, together with skip/,
    ],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      verifyEveryDays: 0',
      /production\.verifyEveryDays: 0 .*/,
    ],
    ['skip: [registry, artifacts]', 'skip: [lfs, lfs]', /policies\.hourly\.skip: names a component twice/],
    [
      'storageClass: GLACIER_IR',
      'storageClass: DEEP_ARCHIVE',
      /"DEEP_ARCHIVE" is not allowed; allowed: STANDARD, STANDARD_IA, INTELLIGENT_TIERING, GLACIER_IR/,
    ],
    [
      'freshnessHours: 800',
      'freshnessHours: 700',
      'drydock.yaml:17:27 backup.environments.production.policies.monthly.freshnessHours: 700 would tell an alarm before the next run is due: up to 744 hours lie between two runs; allowed: 745 or more',
    ],
    ['          freshnessHours: 800\n', '', /policies\.monthly\.freshnessHours: would tell an alarm/],
    ['kind: native', 'kind: snapshot', /"snapshot" is not allowed; allowed: tar, native/],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      job: { scratchSize: 400 GB }',
      /job\.scratchSize: "400 GB" must be a size such as "400Gi"/,
    ],
  ])('%s written as %s', (line, instead, expected) => {
    expect(withLine(line, instead)).toMatch(expected);
  });

  it('is an environment without a policy', () => {
    const without = `${VALID.slice(0, VALID.indexOf('      policies:'))}      policies: {}\n`;
    expect(explain(without)).toMatch(/production\.policies: needs at least one policy$/);
  });
});
