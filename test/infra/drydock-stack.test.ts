import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { LEFT_OUT_LOCALLY } from '../../infra/stage.ts';
import { listResources, makeConfiguration, rightsOf, synthesise } from './support/stacks.ts';

const { template, app } = synthesise(makeConfiguration());
const ofType = (type: string) => listResources(template).filter((resource) => resource.Type === type);

describe('the ledger', () => {
  test('is versioned, encrypted with the key of the site, and closed to the public', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test('forgets old versions after 90 days and container logs after 14', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: Match.arrayWith([
          Match.objectLike({ Id: 'noncurrent', NoncurrentVersionExpiration: { NoncurrentDays: 90 } }),
          Match.objectLike({
            Prefix: 'logs/',
            ExpirationInDays: 14,
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          }),
        ]),
      },
    });
  });

  test.each([
    ['deployment/plans/', 90],
    ['deployment/deferred/', 90],
    ['deployment/unreadable/', 90],
    ['deployment/rollouts/', 400],
    ['messages/sent/', 90],
  ])('%s, which grows with each deployment, is forgotten after %i days', (Prefix, ExpirationInDays) => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix, ExpirationInDays })]) },
    });
  });

  test('never forgets a history', () => {
    const [bucket] = ofType('AWS::S3::Bucket');
    expect(JSON.stringify(bucket)).not.toMatch(/"Prefix":"deployment\/(targets|images)/);
    expect(JSON.stringify(bucket)).toContain('"Prefix":"deployment/plans/"');
  });

  test.each([
    ['http', { Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
    ['deleting an entry of a history', { Action: 's3:DeleteObject', Sid: 'KeepHistory' }],
    ['deleting a version', { Action: 's3:DeleteObjectVersion', Sid: 'KeepVersions' }],
  ])('refuses %s to everybody', (_, statement) => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', ...statement })]) },
    });
  });

  test.each(['AWS::S3::Bucket', 'AWS::S3::BucketPolicy', 'AWS::KMS::Key'])(
    '%s stays when the stack goes',
    (type) => {
      expect(ofType(type).map((resource) => resource.DeletionPolicy)).toEqual(['Retain']);
    },
  );
});

describe('what a Lambda may delete', () => {
  const deletable = Object.keys(template.findResources('AWS::IAM::Role'))
    .flatMap((role) => rightsOf(template, role))
    .filter((right) => right.includes('Delete') && right.startsWith('s3:'));

  test('are pointers that have served, and never a history', () => {
    expect([...new Set(deletable)].sort()).toEqual([
      's3:DeleteObject on LedgerBucket/deployment/deferred/*',
      's3:DeleteObject on LedgerBucket/deployment/open-rollouts/*',
      's3:DeleteObject on LedgerBucket/messages/unsent/*',
    ]);
  });
});

describe('the alarms', () => {
  const names = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => String(Properties['AlarmName']));

  test.each([
    'Deployment-ReceiveWebhook-Errors',
    'Deployment-StartDeployment-Errors',
    'Deployment-HandleFailure-Errors',
    'Deployment-Steps1-NearTimeout',
    'Deployment-Steps1-Throttles',
    'Deployment-ReceiveWebhook-NearTimeout',
    'Deployment-ReceiveWebhook-Throttles',
    'Deployment-RolloutMachine-Failed',
    'Deployment-RolloutMachine-TimedOut',
    'Deployment-RolloutMachine-Aborted',
    'Deployment-Events-Age',
    'Deployment-Events-DeadLetters-Messages',
    'Deployment-FailuresNotHandled-Messages',
    'Deployment-Webhook-ClientErrors',
    'Deployment-Webhook-ServerErrors',
  ])('%s is there', (name) => {
    expect(names).toContain(`drydock-main-${name}`);
  });

  test('an error that a machine retries wakes nobody', () => {
    expect(names).not.toContain('drydock-main-Deployment-ApplyImage-Errors');
  });

  test('all tell the topic, say what to do, and stay quiet in a quiet hour', () => {
    for (const { Properties } of ofType('AWS::CloudWatch::Alarm')) {
      expect(Properties).toMatchObject({
        AlarmActions: [{ Ref: expect.stringContaining('NotificationsTopic') }],
      });
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching' });
      expect(String(Properties['AlarmDescription']).length).toBeGreaterThan(40);
    }
  });

  test('one dashboard shows them', () => {
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});

describe('cdk-nag', () => {
  const packs: readonly (() => NagPack)[] = [() => new AwsSolutionsChecks(), () => new ServerlessChecks()];
  test.each<[string, object]>([
    ['with a public door', {}],
    ['with a private door', { webhook: { exposure: 'private', vpcEndpoint: 'vpce-0a1b' } }],
    ['in a network', { network: { vpc: 'vpc-1', subnets: ['subnet-1'], securityGroups: ['sg-1'] } }],
  ])('finds nothing that is not acknowledged at a site %s', (_, settings) => {
    const { stack } = synthesise(makeConfiguration(settings));
    const found = packs.flatMap((make) => make().validateScope(stack).violations);
    expect(
      found.map(({ ruleName, violatingResources }) => [ruleName, violatingResources[0]?.constructPath]),
    ).toEqual([]);
  });

  test('every acknowledgement says why', () => {
    const reasons = app.node
      .findAll()
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === 'aws:cdk:acknowledged-rules')
          .flatMap(({ data }) => Object.values(data as Record<string, string>)),
      );
    expect(reasons.length).toBeGreaterThan(10);
    expect(reasons.filter((reason) => reason.split(' ').length < 6)).toEqual([]);
  });
});

describe('settings of a site', () => {
  test('path and permissions boundary are on every role', () => {
    const bounded = synthesise(makeConfiguration({ rolePath: '/platform/', permissionsBoundary: 'limits' }));
    const roles = Object.values(bounded.template.findResources('AWS::IAM::Role'));
    expect(roles.length).toBeGreaterThan(15);
    for (const role of roles) {
      expect(role['Properties']).toMatchObject({
        Path: '/platform/',
        PermissionsBoundary: expect.stringMatching(/^arn:aws:iam::111122223333:policy\/limits$/),
      });
    }
  });

  test('without a door there is no endpoint', () => {
    const closed = synthesise(makeConfiguration({ webhook: { exposure: 'none' } }));
    closed.template.resourceCountIs('AWS::ApiGatewayV2::Api', 0);
    closed.template.resourceCountIs('AWS::ApiGateway::RestApi', 0);
  });

  test('a bootstrap qualifier names the roles and the bucket of that bootstrap', () => {
    const { stack } = synthesise(makeConfiguration({ bootstrapQualifier: 'platform' }));
    expect(stack.synthesizer.bootstrapQualifier).toBe('platform');
  });

  test('mail addresses are subscribed', () => {
    const site = { notifications: { subscribe: ['night@example.com'] } };
    synthesise(makeConfiguration(site)).template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'night@example.com',
    });
  });
});

describe('the local stage', () => {
  const local = synthesise(makeConfiguration(), 'local').template;

  test('leaves out what the list says, and the list is all there is: without backups, access entries and shared alarms', () => {
    expect(Object.keys(LEFT_OUT_LOCALLY)).toEqual([
      'accessEntry',
      'metricMath',
      'keyConditions',
      'metricNamespace',
    ]);
    local.resourceCountIs('AWS::EKS::AccessEntry', 0);
  });

  test('has every other resource that an account gets, to the letter but for the page that shows the alarms', () => {
    const isThere = (resource: unknown): boolean => {
      const [type, properties]: unknown[] = ['Type', 'Properties'].map((key) =>
        Reflect.get(Object(resource), key),
      );
      if (type === 'AWS::CloudWatch::Alarm') return !Object.hasOwn(Object(properties), 'Metrics');
      return type !== 'AWS::EKS::AccessEntry' && type !== 'AWS::CloudWatch::Dashboard';
    };
    const { Resources: there, ...rest } = template.toJSON();
    const { Resources: here, ...others } = local.toJSON();
    const pick = (resources: object) =>
      Object.fromEntries(Object.entries(resources).filter(([, resource]) => isThere(resource)));
    expect({ ...others, Resources: pick(here) }).toEqual({ ...rest, Resources: pick(there) });
    expect(Object.values(here).filter((resource) => !isThere(resource))).toHaveLength(1);
  });
});
