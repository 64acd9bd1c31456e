import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { RESTORE_PREFIX } from '../../functions/records/backup/restore.ts';
import {
  RESTORE_EXTENSION_PREFIX,
  RESTORE_INSPECTION_PREFIX,
} from '../../functions/records/backup/restore-limits.ts';
import { RESTORE_APPROVAL_PREFIX, RESTORE_PLAN_PREFIX } from '../../functions/records/backup/restore-plan.ts';
import { makeBackupConfiguration, SITE_ACCOUNT } from './support/backup-stacks.ts';
import { listResources, synthesise, warningsOf } from './support/stacks.ts';

const { template, stack } = synthesise(makeBackupConfiguration());
const SCRATCH = { scratch: { cluster: 'green', namespace: 'gitlab-scratch' } };
const ofType = (type: string) => listResources(template).filter((resource) => resource.Type === type);

describe('a cluster', () => {
  const ENTRIES = [
    ['BackupRestorePlanRole', 'drydock:restore-plan'],
    ['BackupRestoreBeginRole', 'drydock:restore-plan'],
    ['BackupRestoreAdvanceRole', 'drydock:restore'],
    ['BackupRestoreSecretsRole', 'drydock:restore-secrets'],
  ] as const;
  const entry = (ClusterName: string, role: string, group: string) => ({
    ClusterName,
    KubernetesGroups: [group],
    PrincipalArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${role}`), 'Arn'] },
  });

  test.each(ENTRIES)('lets %s in as %s', (role, group) => {
    template.hasResourceProperties('AWS::EKS::AccessEntry', entry('blue', role, group));
  });

  test('of a scratch lets the same in, and the reader of Secrets, and nobody who makes backups', () => {
    const { template: other } = synthesise(makeBackupConfiguration({ restore: SCRATCH }));
    for (const [role, group] of [...ENTRIES, ['BackupSecretsRole', 'drydock:backup-secrets'] as const]) {
      other.hasResourceProperties('AWS::EKS::AccessEntry', entry('green', role, group));
    }
    const groups = Object.values(other.findResources('AWS::EKS::AccessEntry'))
      .filter(({ Properties }) => Properties.ClusterName === 'green')
      .flatMap(({ Properties }) => Properties.KubernetesGroups);
    expect(groups.map(String).toSorted()).toEqual([
      'drydock:backup-secrets',
      'drydock:restore',
      'drydock:restore-plan',
      'drydock:restore-plan',
      'drydock:restore-secrets',
    ]);
  });
});

describe('a token of the GitLab that is restored', () => {
  test('is read by whoever carries a restore, and by nobody else', () => {
    const configuration = makeBackupConfiguration();
    const [name = '', environment] = Object.entries(configuration.environments)[0] ?? [];
    const gitlab = { url: 'https://gitlab.example.com', token: { secret: 'drydock/look' } };
    const environments = {
      ...configuration.environments,
      ...(environment && { [name]: { ...environment, gitlab } }),
    };
    const { template: other } = synthesise({ ...configuration, environments });
    const readers = Object.entries(other.findResources('AWS::IAM::Policy'))
      .filter(([, { Properties }]) =>
        JSON.stringify(Properties.PolicyDocument).includes('secret:drydock/look-'),
      )
      .map(([id]) => id.replace(/DefaultPolicy.*$/, ''));
    expect(readers).toEqual([expect.stringMatching(/^BackupRestoreAdvanceRole/)]);
  });
});

describe('a site that backs up', () => {
  test('has the machine that restores, and says which', () => {
    template.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      StateMachineName: 'drydock-main-restore',
    });
    expect(Object.keys(template.findOutputs('*'))).toEqual(
      expect.arrayContaining([
        'BackupRestoreMachineArn',
        'BackupRestorePlanRoleArn',
        'BackupRestoreBeginRoleArn',
        'BackupRestoreAdvanceRoleArn',
        'BackupRestoreSecretsRoleArn',
        'BackupRestoreObjectsRoleArn',
      ]),
    );
  });

  test('starts no restore by itself', () => {
    const targets = ofType('AWS::Scheduler::Schedule').map(({ Properties }) => JSON.stringify(Properties));
    expect(targets.filter((target) => /Restore/.test(target))).toEqual([]);
  });

  test.each([
    'Backup-Restore-Machine-Failed',
    'Backup-Restore-Machine-TimedOut',
    'Backup-Restore-Machine-Aborted',
  ])('has the alarm %s', (name) => {
    const names = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => String(Properties['AlarmName']));
    expect(names).toContain(`drydock-main-${name}`);
  });

  test.each([
    [RESTORE_INSPECTION_PREFIX, 90],
    [RESTORE_EXTENSION_PREFIX, 90],
    [RESTORE_PLAN_PREFIX, 400],
    [RESTORE_APPROVAL_PREFIX, 400],
  ])('forgets %s after %i days, and never a restore', (Prefix, ExpirationInDays) => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Prefix, ExpirationInDays })]) },
    });
    expect(JSON.stringify(ofType('AWS::S3::Bucket'))).not.toContain(`"Prefix":"${RESTORE_PREFIX}`);
  });
});

describe('where no bucket of GitLab is named', () => {
  test('synth says that no objects can be put back', () => {
    expect(warningsOf(stack)).toEqual([
      expect.stringMatching(/^backup.environments.production.sourceBuckets names no bucket/),
    ]);
  });

  test('and says nothing where they are', () => {
    const named = synthesise(makeBackupConfiguration({ sourceBuckets: ['gitlab-*'] }));
    expect(warningsOf(named.stack)).toEqual([]);
  });
});

test('the safety backup is made by the machine of all backups', () => {
  const [advance] = ofType('AWS::Lambda::Function').filter(
    ({ Properties }) => Properties['Description'] === 'Looks at a restore and does its next step',
  );
  expect(JSON.stringify(advance?.Properties['Environment'])).toContain(
    `arn:aws:states:eu-central-1:${SITE_ACCOUNT}:stateMachine:drydock-main-backup"`,
  );
});
