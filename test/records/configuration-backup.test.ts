import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { BUCKET_COMPONENTS } from '../../functions/records/backup/components.ts';
import { Backup, COMPLIANCE_CONFIRMATION } from '../../functions/records/configuration/backup.ts';
import { findBackupProblems } from '../../functions/records/configuration/backup-references.ts';
import { explainIssue } from '../../functions/records/configuration/explanation.ts';
import { formatProblems } from '../../functions/records/configuration/problem.ts';
import { readYamlDocument } from '../../functions/records/configuration/yaml-document.ts';
import { Configuration } from '../../functions/records/configuration.ts';

const VALID = `backup:
  environments:
    production:
      role: arn:aws:iam::123456789012:role/gitlab-toolbox
      database: { instance: gitlab }
      gitaly: { bucket: acme-gitaly }
      destination: { bucket: acme-archives, account: '210987654321', region: eu-central-1, kmsKey: alias/archives }
      tmpBucket: acme-tmp
      secrets: { bucket: acme-secrets, kmsKey: alias/secrets }
      policies:
        hourly: { schedule: cron(30 * * * ? *), skip: [registry, artifacts], freshnessHours: 3 }
        daily: { schedule: cron(0 3 * * ? *), timeZone: Europe/Berlin }
        monthly:
          schedule: cron(0 5 1 * ? *)
          kind: native
          storageClass: GLACIER_IR
          freshnessHours: 800
          retention: { days: 400, gfs: { monthly: 24 } }
`;

const VOLUME = 'arn:aws:ec2:eu-central-1:123456789012:volume/vol-0a1b2c3d4e5f67890';

const KNOWN = {
  environments: { production: { cluster: { name: 'gitlab' } }, staging: { cluster: { name: 's' } } },
};

/** What a person reads of this text: every problem with its line, or that there is none. */
const explain = (text: string): string => {
  const document = readYamlDocument(text);
  if (document.faults.length > 0) return JSON.stringify(document.faults);
  const parsed = z.strictObject({ backup: Backup }).safeParse(document.value);
  const found = parsed.success
    ? findBackupProblems(KNOWN, parsed.data.backup).map((problem) => ({ at: 'value' as const, ...problem }))
    : parsed.error.issues.flatMap((issue) => explainIssue(issue, document));
  return formatProblems(
    found.map(({ path, at, message }) => ({
      file: 'drydock.yaml',
      path: path.map((key) => (typeof key === 'number' ? key : String(key))),
      ...document.locate(path, at),
      message,
    })),
  );
};

/** The valid text with one of its lines written otherwise. */
const withLine = (line: string, instead: string): string => {
  const changed = VALID.replace(line, instead);
  if (changed === VALID) throw new Error(`There is no such line: ${line}`);
  return explain(changed);
};

const parse = (text: string) =>
  Backup.parse(Reflect.get(Object(readYamlDocument(text).value), 'backup')).environments['production'];

describe('the backup section', () => {
  it('of these tests is valid', () => {
    expect(explain(VALID)).toBe('');
  });

  it('has sensible defaults', () => {
    const settings = parse(VALID);
    expect(settings).toMatchObject({
      namespace: 'gitlab',
      release: 'gitlab',
      lock: { mode: 'governance', days: 14 },
      job: { deadlineHours: 12 },
      destination: { create: true },
      secrets: { helmValues: true },
      sourceBuckets: ['*'],
      recoveryPoints: [],
      verifyEveryDays: 7,
    });
    expect(settings).not.toHaveProperty('copy');
    expect(settings?.policies['daily']).toEqual({
      schedule: 'cron(0 3 * * ? *)',
      timeZone: 'Europe/Berlin',
      kind: 'tar',
      skip: [],
      versions: ['registry', 'artifacts'],
      storageClass: 'STANDARD',
      acceptUnreadDumps: false,
      freshnessHours: 26,
      retention: { days: 30, count: 7, gfs: { daily: 0, weekly: 0, monthly: 0 }, reportOnlyDays: 30 },
    });
  });

  it('leaves to versions nothing that is skipped', () => {
    expect(parse(VALID)?.policies['hourly']).toMatchObject({ skip: ['registry', 'artifacts'], versions: [] });
    expect(
      parse(VALID.replace('skip: [registry, artifacts]', 'skip: [artifacts, lfs]'))?.policies,
    ).toMatchObject({
      hourly: { skip: ['artifacts', 'lfs'], versions: ['registry'] },
    });
  });

  it('goes in again as it came out', () => {
    const once = Backup.parse(Reflect.get(Object(readYamlDocument(VALID).value), 'backup'));
    expect(Backup.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it('backs nothing up when it names no environment', () => {
    expect(Backup.parse({})).toEqual({ environments: {} });
  });

  it('takes a compliance lock by the whole sentence alone', () => {
    const lock = (confirmation: string) =>
      withLine(
        '      tmpBucket: acme-tmp',
        `      tmpBucket: acme-tmp\n      lock: { mode: compliance${confirmation} }`,
      );
    expect(lock(`, confirmation: ${COMPLIANCE_CONFIRMATION}`)).toBe('');
    expect(lock('')).toMatch(/production\.lock\.confirmation: is missing; allowed: nobody can delete/);
    expect(lock(', confirmation: yes please')).toMatch(
      /"yes please" is not allowed; allowed: nobody can delete these backups before their time/,
    );
  });
});

const HOURLY = 'schedule: cron(30 * * * ? *), skip: [registry, artifacts], freshnessHours: 3';
const DAILY = 'schedule: cron(0 3 * * ? *), timeZone: Europe/Berlin';

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

  it.each<[string, string, string | RegExp]>([
    [
      '    production:',
      '    prod:',
      /^drydock.yaml:3:5 backup\.environments\.prod: "prod" is no environment of this file; known: production, staging$/,
    ],
    [
      'tmpBucket: acme-tmp',
      'tmpBucket: acme-archives',
      /^drydock.yaml:8:18 .*tmpBucket: is the bucket of destination\.bucket already/,
    ],
    [
      'bucket: acme-secrets',
      'bucket: acme-archives',
      /secrets\.bucket: is the bucket of destination\.bucket already/,
    ],
    [
      '      database: { instance: gitlab }\n',
      '',
      /policies\.monthly\.kind: is native and needs the RDS instance/,
    ],
    [
      '      gitaly: { bucket: acme-gitaly }\n',
      '',
      /policies\.monthly\.kind: is native and needs the server-side/,
    ],
    ['/secrets }', '/secrets, helmValues: false }', /daily\.kind: leaves .*\n.*monthly\.kind: .* the values/],
    ['acme-gitaly', 'acme-archives', /gitaly\.bucket: is the bucket of destination\.bucket already/],
    ['alias/secrets', 'alias/archives', /secrets\.kmsKey: is the key of destination already/],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      copy: { region: eu-central-1, bucket: acme-copy }',
      /copy\.region: is the region of destination/,
    ],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      copy: { region: eu-west-1, bucket: acme-tmp }',
      /copy\.bucket: is the bucket of tmpBucket already/,
    ],
    [
      '      tmpBucket: acme-tmp',
      '      tmpBucket: acme-tmp\n      lock: { mode: governance, days: 31 }',
      /policies\.hourly\.retention\.days: 30 is shorter than the lock of 31 days.*allowed: 31 or more\n.*policies\.daily/,
    ],
    [
      HOURLY,
      'schedule: cron(0 * * * ? *), timeZone: Europe/Berlin, freshnessHours: 3',
      /^drydock.yaml:12:28 .*policies\.daily\.schedule: starts at the same time as "hourly", for example on 2027-01-01 03:00/,
    ],
    [HOURLY, 'schedule: cron(10 5 * * ? *)', /policies\.monthly\.schedule: starts 10 minutes from "hourly"/],
  ])('that contradicts: %s written as %s', (line, instead, expected) => {
    expect(withLine(line, instead)).toMatch(expected);
  });

  it('is a meeting of two time zones in one half of the year', () => {
    expect(withLine(HOURLY, 'schedule: cron(0 1 * * ? *)')).toMatch(
      /policies\.daily\.schedule: starts at the same time as "hourly", for example on 2027-03-28 01:00 UTC;/,
    );
  });

  it('is an environment without a policy', () => {
    const without = `${VALID.slice(0, VALID.indexOf('      policies:'))}      policies: {}\n`;
    expect(explain(without)).toMatch(/production\.policies: needs at least one policy$/);
  });

  it('is no native policy that skips what nothing is named for', () => {
    const without = VALID.replace(/^ +(database|gitaly): .*\n/gm, '');
    expect(explain(without)).toMatch(/monthly\.kind: is native/);
    expect(explain(without.replace('kind: native', 'kind: native\n          skip: [db, repositories]'))).toBe(
      '',
    );
  });

  it('is no policy without values that leaves nothing to versions', () => {
    const without = VALID.replace('alias/secrets }', 'alias/secrets, helmValues: false }')
      .replace('timeZone: Europe/Berlin }', 'versions: [] }')
      .replace(/ {8}monthly:[^]*/, '');
    expect(explain(without)).toBe('');
  });

  it('is one bucket for two environments', () => {
    const second = VALID.slice(VALID.indexOf('    production:'))
      .replace('production', 'staging')
      .replace('acme-tmp', 'acme-tmp-2')
      .replace('acme-gitaly', 'acme-gitaly-2');
    expect(explain(VALID + second)).toMatch(
      /staging\.destination\.bucket: is the bucket of "production" already/,
    );
  });
});

describe('the whole file', () => {
  const parseFile = (environment: string) =>
    Configuration.safeParse({
      version: 1,
      sites: { main: { account: '123456789012', region: 'eu-central-1' } },
      environments: { [environment]: { cluster: { name: 'gitlab' } } },
      backup: Reflect.get(Object(readYamlDocument(VALID).value), 'backup'),
    });

  it('takes the section as it comes out of it, since that is what Lambdas read', () => {
    const once = parseFile('production').data;
    expect(once?.backup?.environments['production']?.policies['hourly']?.versions).toEqual([]);
    expect(Configuration.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it('is refused for what contradicts in the section', () => {
    expect(parseFile('staging').error?.issues.map(({ path }) => path.join('.'))).toEqual([
      'backup.environments.production',
    ]);
  });
});
