import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { Configuration } from '../../functions/records/configuration.ts';
import { MAX_CLUSTERS, MAX_COLLECTION_PARTS } from '../../functions/records/upgrade/limits.ts';
import { MAX_HISTORY_EVENTS, worstCaseHistory } from '../../infra/constructs/asl-history.ts';
import { readMachine } from '../support/walk-machine.ts';
import { listResources, makeConfiguration, rightsOf, synthesise } from './support/stacks.ts';

const ARN = 'arn:aws:eks:eu-central-1:111122223333';

/** A site with nothing but the upgrade capability, unless more is given. */
const configure = (upgrade: object = {}, more: object = {}): Configuration =>
  Configuration.parse({
    version: 1,
    sites: { main: { account: '111122223333', region: 'eu-central-1' } },
    environments: { production: { cluster: { name: 'blue' } }, staging: { cluster: { name: 'green' } } },
    upgrade,
    ...more,
  });

const { template } = synthesise(configure());
const ofType = (type: string) => listResources(template).filter((resource) => resource.Type === type);

describe('the role that reads', () => {
  const rights = rightsOf(template, 'UpgradeReadRole');

  test('asks EKS about the clusters of the site, and about no other', () => {
    const about = (clusters: string[], resource: string) =>
      clusters.map((one) => `${ARN}:${resource}/${one}`);
    const clusters = about(['blue', 'green'], 'cluster');
    const parts = (name: string) => about(['blue/*', 'green/*'], name);
    const expected = [
      ...[
        'DescribeCluster',
        'DescribeInsight',
        'DescribeInsightsRefresh',
        'ListAddons',
        'ListFargateProfiles',
        'ListInsights',
        'ListNodegroups',
        'StartInsightsRefresh',
      ].flatMap((action) => clusters.map((arn) => `eks:${action} on ${arn}`)),
      ...parts('addon').map((arn) => `eks:DescribeAddon on ${arn}`),
      ...parts('fargateprofile').map((arn) => `eks:DescribeFargateProfile on ${arn}`),
      ...parts('nodegroup').map((arn) => `eks:DescribeNodegroup on ${arn}`),
      ...['DescribeUpdate', 'ListUpdates'].flatMap((action) =>
        [...clusters, ...parts('addon'), ...parts('nodegroup')].map((arn) => `eks:${action} on ${arn}`),
      ),
      'eks:DescribeAddonVersions on *',
      'eks:DescribeClusterVersions on *',
    ];
    expect(rights.filter((right) => right.startsWith('eks:'))).toEqual(expected.sort());
  });

  test('reads the account around them, and changes nothing', () => {
    expect(rights.filter((right) => /^(ec2|iam|kms:Describe|servicequotas)/.test(right))).toEqual([
      'ec2:DescribeInstances on *',
      'ec2:DescribeLaunchTemplateVersions on *',
      'ec2:DescribeSecurityGroups on *',
      'ec2:DescribeSubnets on *',
      'ec2:DescribeVolumes on *',
      'iam:GetRole on arn:aws:iam::111122223333:role/*',
      'kms:DescribeKey on arn:aws:kms:eu-central-1:111122223333:key/*',
      'servicequotas:GetAWSDefaultServiceQuota on *',
      'servicequotas:GetServiceQuota on *',
    ]);
    const verbs = rights.map((right) => right.replace(/^[a-z0-9]+:| on .*$/g, ''));
    const changing = verbs.filter((verb) =>
      /^(Create|Update|Delete|Put|Run|Terminate|Modify|Attach|Pass)/.test(verb),
    );
    // What it collects, what it logs, and its traces.
    expect([...new Set(changing)]).toEqual([
      'CreateLogStream',
      'PutLogEvents',
      'PutObject',
      'PutTelemetryRecords',
      'PutTraceSegments',
    ]);
  });

  test('writes parts of collections only', () => {
    expect(rights.filter((right) => right.startsWith('s3:'))).toEqual([
      's3:GetObject on LedgerBucket/upgrade/collections/*',
      's3:GetObject on LedgerBucket/upgrade/manifests/*',
      's3:ListBucket on LedgerBucket',
      's3:PutObject on LedgerBucket/upgrade/collections/*',
    ]);
  });

  test.each(['blue', 'green'])('is let into cluster %s as a group that lists', (ClusterName) => {
    template.hasResourceProperties('AWS::EKS::AccessEntry', {
      ClusterName,
      KubernetesGroups: ['drydock:upgrade'],
      PrincipalArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^UpgradeReadRole'), 'Arn'] },
    });
  });
});

describe('the other functions', () => {
  test('no secret is opened where no issue is kept', () => {
    expect(rightsOf(template, 'UpgradeTellReport').join('\n')).not.toContain('secretsmanager');
  });

  test('the token of an issue is read by the one that keeps it', () => {
    const gitlab = {
      url: 'https://gitlab.example.com',
      project: 'platform/clusters',
      token: { secret: 'drydock/gitlab' },
      issue: true,
    };
    const { template: kept } = synthesise(configure({ environments: { production: { gitlab } } }));
    const readers = Object.keys(kept.findResources('AWS::IAM::Role')).filter((role) =>
      rightsOf(kept, role).some(
        (right) => right.includes('secretsmanager:') && right.includes('drydock/gitlab'),
      ),
    );
    expect(readers).toEqual([expect.stringMatching(/^UpgradeTellReportRole/)]);
  });

  test('nobody but the judge writes reports, and nobody deletes one', () => {
    const writers = Object.keys(template.findResources('AWS::IAM::Role')).filter((role) =>
      rightsOf(template, role).includes('s3:PutObject on LedgerBucket/upgrade/reports/*'),
    );
    expect(writers).toEqual([expect.stringMatching(/^UpgradeJudgeClusterRole/)]);
    const deletable = Object.keys(template.findResources('AWS::IAM::Role'))
      .flatMap((role) => rightsOf(template, role))
      .filter((right) => right.startsWith('s3:Delete') && right.includes('upgrade/'));
    expect(deletable).toEqual([]);
  });
});

describe('the check machines', () => {
  test('have a time limit each', () => {
    const limits = ofType('AWS::StepFunctions::StateMachine').map(({ Properties }) => {
      const definition = JSON.parse(String(Properties['DefinitionString']));
      return [String(Properties['StateMachineName']), Number(definition.TimeoutSeconds)];
    });
    expect(Object.fromEntries(limits)).toMatchObject({
      'drydock-main-upgrade-check': 43_200,
      'drydock-main-cluster-check': 7_200,
    });
  });

  test.each([
    ['cluster-check', { CollectFacts: MAX_COLLECTION_PARTS }],
    ['upgrade-check', { CheckClusters: MAX_CLUSTERS }],
  ])('%s stays within half of the history that Step Functions takes', (name, bounds) => {
    expect(worstCaseHistory(readMachine(name), bounds)).toBeLessThan(MAX_HISTORY_EVENTS / 2);
  });

  test('upgrade-check starts and watches checks of clusters, and nothing else', () => {
    const states = rightsOf(template, 'UpgradeCheckMachineRole').filter((right) =>
      /^(states|events|lambda):/.test(right),
    );
    const machine = 'arn:aws:states:eu-central-1:111122223333';
    expect(states).toEqual([
      ...['DescribeRule', 'PutRule', 'PutTargets'].map(
        (action) =>
          `events:${action} on arn:aws:events:eu-central-1:111122223333:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule`,
      ),
      'lambda:InvokeFunction on UpgradePlanChecksFunction',
      `states:DescribeExecution on ${machine}:execution:drydock-main-cluster-check:*`,
      `states:StartExecution on ${machine}:stateMachine:drydock-main-cluster-check`,
      `states:StopExecution on ${machine}:execution:drydock-main-cluster-check:*`,
    ]);
  });
});

describe('the schedule', () => {
  test.each([
    [{}, 'cron(0 5 * * ? *)', 'UTC'],
    [{ check: { at: '23:05', timeZone: 'Europe/Berlin' } }, 'cron(5 23 * * ? *)', 'Europe/Berlin'],
  ])('%j checks each day at %s in %s', (settings, ScheduleExpression, ScheduleExpressionTimezone) => {
    synthesise(configure(settings)).template.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression,
      ScheduleExpressionTimezone,
    });
  });
});

describe('a site', () => {
  const failuresOf = (configuration: Configuration, expected: string[]) =>
    synthesise(configuration).template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: {
          stateMachineArn: Match.arrayWith(
            expected.map((name) => Match.stringLikeRegexp(`:drydock-main-${name}$`)),
          ),
        },
      },
    });
  const both = () => Configuration.parse({ ...makeConfiguration(), upgrade: {} });

  test('with nothing but upgrades has the stop button, and hears when it fails', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'drydock-main-control',
    });
    template.hasOutput('DeploymentControlMachineArn', {});
    expect(rightsOf(template, 'DeploymentSetControl').join('\n')).not.toContain('states:StartExecution');
    failuresOf(configure(), ['upgrade-check', 'cluster-check', 'upgrade', 'control']);
  });

  test('with both capabilities has one stop button, in the place in which it was before', () => {
    const { template: stack } = synthesise(both());
    const buttons = (one: typeof stack) =>
      Object.entries(one.findResources('AWS::StepFunctions::StateMachine')).flatMap(([id, { Properties }]) =>
        Properties.StateMachineName === 'drydock-main-control' ? [id] : [],
      );
    expect(buttons(stack)).toEqual(buttons(synthesise(makeConfiguration()).template));
    expect(buttons(stack)).toEqual(buttons(template));
    failuresOf(both(), ['upgrade-check', 'cluster-check', 'upgrade']);
  });

  test('without the section has nothing of it', () => {
    const { template: stack } = synthesise(makeConfiguration());
    expect(JSON.stringify(stack.toJSON()).toLowerCase()).not.toContain('drydock-main-upgrade');
  });

  test.each(['UpgradeCheckMachineArn', 'UpgradeClusterCheckMachineArn', 'UpgradeReadRoleArn'])(
    'says its %s',
    (name) => {
      expect(Object.keys(template.findOutputs('*'))).toContain(name);
    },
  );

  test.each([
    ['upgrade/collections/', 14],
    ['upgrade/pages/', 400],
    ['upgrade/plans/', 400],
  ])('forgets %s after %i days, and never a report', (Prefix, ExpirationInDays) => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix, ExpirationInDays })]) },
    });
    expect(JSON.stringify(ofType('AWS::S3::Bucket'))).not.toMatch(
      /"Prefix":"upgrade\/(reports|clusters|runs)/,
    );
  });

  test.each([
    'Upgrade-CheckMachine-Failed',
    'Upgrade-ClusterCheckMachine-TimedOut',
    'Upgrade-Steps1-NearTimeout',
    'Upgrade-HandleFailure-Errors',
    'Upgrade-ChecksNotStarted-Messages',
  ])('has the alarm %s', (name) => {
    const names = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => String(Properties['AlarmName']));
    expect(names).toContain(`drydock-main-${name}`);
  });

  const packs: readonly (() => NagPack)[] = [() => new AwsSolutionsChecks(), () => new ServerlessChecks()];
  test('with more clusters than one check takes is refused, with what to do', () => {
    const environments = Object.fromEntries(
      Array.from({ length: MAX_CLUSTERS + 1 }, (_, index) => [
        `e${index}`,
        { cluster: { name: `c${index}` } },
      ]),
    );
    expect(() => synthesise(configure({}, { environments }))).toThrow(
      /The site main has 201 clusters, and one check takes 200; split it into two sites/,
    );
  });

  test('passes cdk-nag', () => {
    const { stack } = synthesise(configure());
    const found = packs.flatMap((make) => make().validateScope(stack).violations);
    expect(
      found.map(({ ruleName, violatingResources }) => [ruleName, violatingResources[0]?.constructPath]),
    ).toEqual([]);
  });
});
