import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { drillHistoryKey, drillRunKey } from '../../functions/records/backup/drill.ts';
import { drillFactPrefix, drillInspectionKey } from '../../functions/records/backup/drill-inspection.ts';
import { ageAlarm, makeBackupConfiguration, SITE_ACCOUNT } from './support/backup-stacks.ts';
import { makeDrillConfiguration, TWO_PLACES } from './support/drill-stacks.ts';
import { listResources, synthesise, warningsOf } from './support/stacks.ts';

const { template, stack } = synthesise(makeDrillConfiguration());
const without = synthesise(makeBackupConfiguration({ restore: { scratch: TWO_PLACES.restore.scratch } }));
const ofType = (type: string, of = template) =>
  listResources(of).filter((resource) => resource.Type === type);
const idsOf = (of: typeof template): string[] => Object.keys(of.toJSON()['Resources'] ?? {});

describe('a site that rehearses restores', () => {
  test('has the machine, and says which, and under which role its place is changed', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'drydock-main-restore-drill',
    });
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining(['BackupDrillMachineArn', 'BackupDrillAdvanceRoleArn']),
    );
  });

  test('starts it by the schedule and the clock of drydock.yaml', () => {
    template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 10 ? * TUE#1 *)',
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { Ref: Match.stringLikeRegexp('^BackupDrillMachine') },
        Input: JSON.stringify({ environment: 'production', scheduled: true }),
        DeadLetterConfig: {
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupDrillNotStarted'), 'Arn'] },
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 21_600 },
      },
    });
  });

  test('has one schedule and one alarm for each environment', () => {
    const two = synthesise(makeDrillConfiguration({}, ['production', 'staging'])).template;
    const inputs = ofType('AWS::Scheduler::Schedule', two).map(({ Properties }) =>
      JSON.stringify(Properties),
    );
    expect(inputs.filter((input) => input.includes('scheduled'))).toHaveLength(2);
    const alarms = ofType('AWS::CloudWatch::Alarm', two).map(({ Properties }) => Properties['AlarmName']);
    expect(alarms).toEqual(
      expect.arrayContaining([
        'drydock-main-Backup-DrillAge-production',
        'drydock-main-Backup-DrillAge-staging',
      ]),
    );
    two.resourceCountIs('AWS::StepFunctions::StateMachine', 6);
  });

  test('hears of its failures, under the name by which executions are started', () => {
    const [rule] = Object.entries(template.findResources('AWS::Events::Rule')).filter(([id]) =>
      id.startsWith('BackupFailures'),
    );
    expect(rule?.[1]['Properties'].EventPattern.detail.stateMachineArn).toContain(
      `arn:aws:states:eu-central-1:${SITE_ACCOUNT}:stateMachine:drydock-main-restore-drill`,
    );
  });

  test('restores by the machine of all restores', () => {
    const [advance] = ofType('AWS::Lambda::Function').filter(
      ({ Properties }) => Properties['Description'] === 'Looks at a drill and does its next step',
    );
    expect(JSON.stringify(advance?.Properties['Environment'])).toContain(
      `arn:aws:states:eu-central-1:${SITE_ACCOUNT}:stateMachine:drydock-main-restore"`,
    );
  });

  test('forgets what drills learned on their way after 90 days, and never a drill', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Prefix: drillFactPrefix('production'), ExpirationInDays: 90 }),
        ]),
      },
    });
    const drill = { environment: 'production', id: 'drill-1' };
    expect(drillInspectionKey(drill).startsWith(drillFactPrefix('production'))).toBe(true);
    for (const key of [drillRunKey('production'), drillHistoryKey('production', 'drill-1')]) {
      expect(key.startsWith(drillFactPrefix('production'))).toBe(false);
    }
  });

  test.each([
    'Backup-Drill-Machine-Failed',
    'Backup-Drill-Machine-TimedOut',
    'Backup-Drill-Machine-Aborted',
    'Backup-Drill-NotStarted-Messages',
  ])('has the alarm %s', (name) => {
    const names = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => String(Properties['AlarmName']));
    expect(names).toContain(`drydock-main-${name}`);
  });

  const packs: readonly (() => NagPack)[] = [() => new AwsSolutionsChecks(), () => new ServerlessChecks()];
  test('passes cdk-nag', () => {
    const found = packs.flatMap((make) => make().validateScope(stack).violations);
    expect(
      found.map(({ ruleName, violatingResources }) => [ruleName, violatingResources[0]?.constructPath]),
    ).toEqual([]);
  });
});

describe('the alarm on the age of the last drill', () => {
  test('goes off when none passed within the days of drydock.yaml, or nobody looked', () => {
    template.hasResourceProperties(
      'AWS::CloudWatch::Alarm',
      ageAlarm('DrillAge-production', 'LastDrillAge', { Environment: 'production' }, 45 * 86_400),
    );
  });

  test('is on the page of the site', () => {
    expect(JSON.stringify(ofType('AWS::CloudWatch::Dashboard'))).toMatch(
      /BackupDrillAgeproduction[0-9A-F]{8}/,
    );
  });
});

describe('the cluster of the place', () => {
  const groupsIn = (cluster: string, of = template): string[] =>
    Object.values(of.findResources('AWS::EKS::AccessEntry'))
      .filter(({ Properties }) => Properties.ClusterName === cluster)
      .flatMap(({ Properties }) => Properties.KubernetesGroups)
      .map(String)
      .toSorted();

  test('lets in whoever changes it, as a group of its own', () => {
    template.hasResourceProperties('AWS::EKS::AccessEntry', {
      ClusterName: 'green',
      KubernetesGroups: ['drydock:drill'],
      PrincipalArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^BackupDrillAdvanceRole'), 'Arn'] },
    });
  });

  test('is the only one that does: where people work, no drill comes in', () => {
    expect(groupsIn('green')).toContain('drydock:drill');
    expect(groupsIn('blue')).not.toContain('drydock:drill');
    expect(groupsIn('green', without.template)).not.toContain('drydock:drill');
  });

  test('lets the reader of Secrets in, as does that of every GitLab', () => {
    expect(groupsIn('green')).toContain('drydock:backup-secrets');
    expect(groupsIn('blue')).toContain('drydock:backup-secrets');
  });
});

describe('a site without a drill', () => {
  test('has nothing of it', () => {
    const drills = idsOf(template).filter((id) => /Drill/.test(id));
    expect(drills.length).toBeGreaterThan(20);
    expect(idsOf(without.template).filter((id) => /Drill/.test(id))).toEqual([]);
    expect(JSON.stringify(without.template.toJSON())).not.toContain('restore-drill');
  });
});

describe('in a network', () => {
  test.each([
    ['Looks at a drill and does its next step', true],
    ['Reads what tells the place of a drill from every GitLab that people use', true],
    ['Takes the place of a drill, or takes up what an earlier one has left', false],
    ['Ends a drill, and tells whether a restore works and how long it took', false],
  ])('who "%s" lies in the one of the site: %s', (description, isInside) => {
    const network = { vpc: 'vpc-1', subnets: ['subnet-1'], securityGroups: ['sg-1'] };
    const site = { main: { account: SITE_ACCOUNT, region: 'eu-central-1', network } };
    const inside = synthesise(makeDrillConfiguration({}, ['production'], { sites: site })).template;
    const [found] = ofType('AWS::Lambda::Function', inside).filter(
      ({ Properties }) => Properties['Description'] === description,
    );
    expect(found?.Properties['VpcConfig'] !== undefined).toBe(isInside);
  });
});

describe('where no address of S3 is allowed', () => {
  test('synth says that no drill would get to its restore', () => {
    const closed = synthesise(makeDrillConfiguration({ allowed: [] })).stack;
    expect(warningsOf(closed)).toEqual([
      expect.stringMatching(/^backup.environments.production.restore.drill.allowed names no address/),
    ]);
    expect(warningsOf(stack)).toEqual([]);
  });
});
