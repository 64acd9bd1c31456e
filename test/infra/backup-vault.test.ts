import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import {
  makeBackupConfiguration,
  rolesOf,
  SITE_ACCOUNT,
  synthesiseVaults,
  VAULT_ACCOUNT,
} from './support/backup-stacks.ts';
import { listResources } from './support/stacks.ts';
import { COPY, NAMES, policiesOf, vaultOf } from './support/vaults.ts';

describe('the keys', () => {
  const keysOf = (settings: object = {}, name = NAMES.archives) => {
    const { template } = vaultOf(settings, {}, name);
    return policiesOf(template, 'AWS::KMS::Key', 'KeyPolicy').map((statements) =>
      statements
        .filter((statement) => rolesOf(statement).length > 0)
        .flatMap((statement) =>
          rolesOf(statement).flatMap((role) =>
            statement.Action.map(
              (action) =>
                `${role.replace(/^.*(backup-|role\/)/, '')}: ${action} ${JSON.stringify(statement.Condition['StringEquals'])}`,
            ),
          ),
        ),
    );
  };
  const byS3 = '{"kms:ViaService":["s3.eu-central-1.amazonaws.com"]}';

  test('of archives and of secrets are two, and each is for its own roles', () => {
    const sealing = '{"kms:EncryptionContext:environment":["production"]}';
    expect(keysOf()).toEqual([
      [
        `gitlab-toolbox: kms:Decrypt ${byS3}`,
        `gitlab-toolbox: kms:GenerateDataKey ${byS3}`,
        `verify: kms:Decrypt ${byS3}`,
        `copy: kms:Decrypt ${byS3}`,
      ],
      ['secrets', 'restore'].flatMap((role) => [
        `${role}: kms:Decrypt ${sealing}`,
        `${role}: kms:GenerateDataKey ${sealing}`,
      ]),
    ]);
  });

  test('of copies is used by the copy alone', () => {
    const there = byS3.replace('central', 'west');
    expect(keysOf(COPY, NAMES.copies)).toEqual([
      [`copy: kms:Decrypt ${there}`, `copy: kms:GenerateDataKey ${there}`],
    ]);
  });

  test('have the aliases of the configuration, or one of ours', () => {
    const aliasesOf = (settings: object) =>
      listResources(vaultOf(settings).template)
        .filter(({ Type }) => Type === 'AWS::KMS::Alias')
        .map(({ Properties }) => Properties['AliasName']);
    expect(aliasesOf({})).toEqual(['alias/drydock-vault-production', 'alias/secrets']);
    const named = { destination: { bucket: 'archives', kmsKey: 'alias/archives' } };
    expect(aliasesOf(named)).toEqual(['alias/archives', 'alias/secrets']);
  });

  test('that somebody keeps elsewhere are used and not made', () => {
    const kmsKey = `arn:aws:kms:eu-central-1:${VAULT_ACCOUNT}:key/12345678-1234-1234-1234-123456789012`;
    const { template } = vaultOf({ destination: { bucket: 'archives', kmsKey } });
    template.resourceCountIs('AWS::KMS::Key', 1);
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'archives',
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: kmsKey } },
        ],
      },
    });
  });
});

describe('a vault', () => {
  test('lies in the account and region of its destination, its copy in the other region', () => {
    const places = [...synthesiseVaults(makeBackupConfiguration(COPY))].map(([name, { stack }]) => [
      name,
      stack.account,
      stack.region,
    ]);
    expect(places).toEqual([
      [NAMES.archives, VAULT_ACCOUNT, 'eu-central-1'],
      [NAMES.copies, VAULT_ACCOUNT, 'eu-west-1'],
    ]);
  });

  test('is not made where the buckets are somebody else’s', () => {
    const destination = { bucket: 'archives', create: false };
    expect([...synthesiseVaults(makeBackupConfiguration({ destination, ...COPY })).keys()]).toEqual([]);
  });

  test.each([NAMES.archives, NAMES.copies])('keeps everything when the stack goes: %s', (name) => {
    const { stack, template } = vaultOf(COPY, {}, name);
    expect(stack.terminationProtection).toBe(true);
    expect(listResources(template).filter(({ DeletionPolicy }) => DeletionPolicy !== 'Retain')).toEqual([]);
  });

  test('has versions, takes no insecure or public request, and owns what others write', () => {
    const { template } = vaultOf();
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.allResourcesProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    });
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  test('knows the roles of a site that has a path for them', () => {
    const sites = { main: { account: SITE_ACCOUNT, region: 'eu-central-1', rolePath: '/ops/' } };
    const { template } = vaultOf({}, { sites });
    const [policy = []] = policiesOf(template, 'AWS::S3::BucketPolicy', 'PolicyDocument');
    expect(policy.flatMap(rolesOf)).toContain(
      `arn:aws:iam::${SITE_ACCOUNT}:role/ops/drydock-main-backup-verify`,
    );
    expect(policy.flatMap(rolesOf)).toContain(`arn:aws:iam::${SITE_ACCOUNT}:role/ops/drydock-main-*`);
  });

  const packs: readonly (() => NagPack)[] = [() => new AwsSolutionsChecks(), () => new ServerlessChecks()];
  test.each([NAMES.archives, NAMES.copies])('passes cdk-nag: %s', (name) => {
    const { stack } = vaultOf(COPY, {}, name);
    const found = packs.flatMap((make) => make().validateScope(stack).violations);
    expect(
      found.map(({ ruleName, violatingResources }) => [ruleName, violatingResources[0]?.constructPath]),
    ).toEqual([]);
  });
});
