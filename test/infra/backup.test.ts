import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { Configuration } from '../../functions/records/configuration.ts';
import { ageAlarm, makeBackupConfiguration, SITE_ACCOUNT } from './support/backup-stacks.ts';
import { listResources, makeConfiguration, synthesise } from './support/stacks.ts';

const TWO = {
  policies: {
    daily: { schedule: 'cron(0 3 * * ? *)', timeZone: 'Europe/Berlin' },
    hourly: { schedule: 'rate(1 hour)', skip: ['repositories'], freshnessHours: 3 },
  },
};
const { template, stack } = synthesise(makeBackupConfiguration(TWO));
const ofType = (type: string) => listResources(template).filter((resource) => resource.Type === type);
const machineArn = (name: string) =>
  `arn:aws:states:eu-central-1:${SITE_ACCOUNT}:stateMachine:drydock-main-${name}`;

describe('the schedule of a policy', () => {
  test.each([
    ['daily', 'cron(0 3 * * ? *)', 'Europe/Berlin'],
    ['hourly', 'rate(1 hour)', 'UTC'],
  ])('%s comes %s by the clock of %s, and starts a backup by it', (policy, expression, zone) => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: expression,
      ScheduleExpressionTimezone: zone,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { Ref: Match.stringLikeRegexp('^BackupMachine') },
        Input: JSON.stringify({ environment: 'production', policy }),
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupNotStartedproduction'), 'Arn'] },
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 7_200 },
      },
    });
  });

  test('is beside those of the daily upkeep and the look at freshness the only one', () => {
    const schedules = ofType('AWS::Scheduler::Schedule').map(
      ({ Properties }) => Properties['ScheduleExpression'],
    );
    expect(schedules.map(String).toSorted()).toEqual([
      'cron(0 3 * * ? *)',
      'cron(0 4 * * ? *)',
      'rate(1 hour)',
      'rate(15 minutes)',
    ]);
  });
});

describe('the dead man’s alarm', () => {
  test.each([
    ['daily', 26],
    ['hourly', 3],
  ])('of %s goes off when nothing verified is younger than %i hours, or nobody looked', (policy, hours) => {
    template.hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      ageAlarm(
        `Freshness-production-${policy}`,
        'VerifiedBackupAge',
        { Environment: 'production', Policy: policy },
        hours * 3_600,
      ),
    );
  });

  test('is on the page of the site', () => {
    const [dashboard] = ofType('AWS::CloudWatch::Dashboard');
    expect(JSON.stringify(dashboard)).toMatch(/BackupFreshnessproductionhourly[0-9A-F]{8}/);
  });

  test('goes by the look that comes each quarter of an hour, whatever else runs', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'rate(15 minutes)',
      Target: {
        Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupFreshnessJudgeFreshnessFunction'), 'Arn'] },
      },
    });
  });
});

describe('a cluster', () => {
  test.each([
    ['BackupClusterRole', 'drydock:backup'],
    ['BackupPreflightRole', 'drydock:backup-preflight'],
    ['BackupSecretsRole', 'drydock:backup-secrets'],
  ])('lets %s in as %s', (role, group) => {
    template.hasResourceProperties('AWS::EKS::AccessEntry', {
      ClusterName: 'blue',
      KubernetesGroups: [group],
      PrincipalArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${role}`), 'Arn'] },
    });
  });

  test('lets nobody in who is not named here', () => {
    // Four more are those of restores.
    template.resourceCountIs('AWS::EKS::AccessEntry', 7);
  });

  test('without a backup is left alone', () => {
    const environments = {
      production: { cluster: { name: 'blue' } },
      staging: { cluster: { name: 'green' } },
    };
    const other = synthesise(makeBackupConfiguration({}, { environments })).template;
    expect(JSON.stringify(other.findResources('AWS::EKS::AccessEntry'))).not.toContain('green');
  });
});

describe('a failure', () => {
  const watched = (configuration: Configuration): unknown =>
    Object.entries(synthesise(configuration).template.findResources('AWS::Events::Rule'))
      .filter(([id]) => id.startsWith('BackupFailures'))
      .flatMap(([, { Properties }]) => Properties.EventPattern.detail.stateMachineArn);
  const OURS = ['backup', 'backup-verification', 'backup-upkeep', 'restore'];

  test('of a machine of the capability is heard, and of the stop button where nobody else listens', () => {
    expect(watched(makeBackupConfiguration())).toEqual([...OURS, 'control'].map(machineArn));
    const beside = Configuration.parse({ ...makeBackupConfiguration(), upgrade: {} });
    expect(watched(beside)).toEqual(OURS.map(machineArn));
  });
});

describe('a site', () => {
  test.each([
    'drydock-main-backup',
    'drydock-main-backup-verification',
    'drydock-main-backup-upkeep',
    'drydock-main-control',
  ])('that backs up has the machine %s', (StateMachineName) => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', { StateMachineName });
  });

  test('without the section has nothing of it', () => {
    const { template: other } = synthesise(makeConfiguration());
    const ids = Object.keys(other.toJSON()['Resources'] ?? {});
    expect(ids.filter((id) => id.startsWith('Backup'))).toEqual([]);
    expect(Object.keys(other.findOutputs('*')).filter((name) => name.startsWith('Backup'))).toEqual([]);
  });

  test.each([
    'BackupMachineArn',
    'BackupVerificationMachineArn',
    'BackupUpkeepMachineArn',
    'BackupClusterRoleArn',
    'BackupSecretsRoleArn',
    'BackupPreflightRoleArn',
    'BackupMarksRoleArn',
    'BackupVerifyRoleArn',
    'BackupCopyRoleArn',
    'BackupDeleteRoleArn',
  ])('says its %s', (name) => {
    expect(Object.keys(template.findOutputs('*'))).toContain(name);
  });

  test.each([
    ['backup/logs/', 14],
    ['backup/runs/', 90],
    ['backup/upkeep/', 90],
  ])('forgets %s after %i days, and never a set', (Prefix, ExpirationInDays) => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix, ExpirationInDays })]) },
    });
    expect(JSON.stringify(ofType('AWS::S3::Bucket'))).not.toMatch(
      /"Prefix":"backup\/(sets|environments|verified)/,
    );
  });

  test.each([
    'Backup-Machine-Failed',
    'Backup-VerificationMachine-TimedOut',
    'Backup-UpkeepMachine-Aborted',
    'Backup-Steps1-NearTimeout',
    'Backup-Steps2-Throttles',
    'Backup-Freshness-JudgeFreshness-Errors',
    'Backup-Freshness-NotLooked-Messages',
    'Backup-NotStarted-production-Messages',
    'Backup-FailuresNotHandled-Messages',
  ])('has the alarm %s', (name) => {
    const names = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => String(Properties['AlarmName']));
    expect(names).toContain(`drydock-main-${name}`);
  });

  describe('with several environments', () => {
    /** Each with everything that a role gets rights for, under long names. */
    const many = (count: number): Configuration => {
      const whole = makeBackupConfiguration({
        copy: { bucket: 'copies', region: 'eu-west-1' },
        database: { instance: 'gitlab' },
      });
      const settings = whole.backup?.environments['production'];
      const names = Array.from({ length: count }, (_, index) => `gitlab-of-a-large-department-${index}`);
      const bucket = (name: string, what: string) => ({ bucket: `${name}-${what}` });
      return Configuration.parse({
        ...whole,
        environments: Object.fromEntries(names.map((name) => [name, { cluster: { name } }])),
        backup: {
          environments: Object.fromEntries(
            names.map((name) => [
              name,
              {
                ...settings,
                destination: { ...settings?.destination, ...bucket(name, 'archives') },
                secrets: { ...settings?.secrets, ...bucket(name, 'secrets') },
                copy: { ...settings?.copy, ...bucket(name, 'copies') },
                gitaly: bucket(name, 'gitaly'),
                tmpBucket: `${name}-tmp`,
                sourceBuckets: [`${name}-*`],
              },
            ]),
          ),
        },
      });
    };

    test('fits the rights for ten of them into each role', () => {
      const policies = Object.values(synthesise(many(10)).template.findResources('AWS::IAM::Policy'));
      const sizes = policies.map(({ Properties }) => JSON.stringify(Properties.PolicyDocument).length);
      expect(Math.max(...sizes)).toBeLessThan(10_240);
    });

    test('is refused with more, and told what to do', () => {
      expect(() => synthesise(many(11))).toThrow(
        'The site main backs up 11 environments, and the roles of one site hold the rights for 10; split it into two sites.',
      );
    });
  });

  test('says at synth where backups and upgrades meet', () => {
    const five = makeBackupConfiguration({ policies: { daily: { schedule: 'cron(0 5 * * ? *)' } } });
    const { stack: warned } = synthesise(Configuration.parse({ ...five, upgrade: {} }));
    const texts = warned.node.metadata
      .filter(({ type }) => type === 'aws:cdk:warning')
      .map(({ data }) => data);
    expect(texts).toEqual([
      expect.stringContaining('starts within 15 minutes of the daily check of upgrades'),
    ]);
  });

  test.each([
    ['no account', undefined, 1],
    ['its own account', SITE_ACCOUNT, 1],
    ['another account', '999988887777', 0],
  ])('whose destination has %s (%s) is warned at synth %i times', (_, account, count) => {
    const destination = { bucket: 'archives', ...(account === undefined ? {} : { account }) };
    const { stack: made } = synthesise(makeBackupConfiguration({ destination, sourceBuckets: ['gitlab-*'] }));
    const warnings = made.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === 'aws:cdk:warning');
    expect(warnings.map(({ data }) => data)).toEqual(
      Array(count).fill(
        expect.stringContaining(`production lie in the account of its site, ${SITE_ACCOUNT}`),
      ),
    );
  });

  const packs: readonly (() => NagPack)[] = [() => new AwsSolutionsChecks(), () => new ServerlessChecks()];
  test('passes cdk-nag', () => {
    const found = packs.flatMap((make) => make().validateScope(stack).violations);
    expect(
      found.map(({ ruleName, violatingResources }) => [ruleName, violatingResources[0]?.constructPath]),
    ).toEqual([]);
  });
});
