import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import { describe, expect, test } from 'vitest';
import { COMPLIANCE_CONFIRMATION } from '../../functions/records/configuration/backup.ts';
import {
  makeBackupConfiguration,
  OPENS_A_LOCK,
  rolesOf,
  SITE_ACCOUNT,
  type Statement,
  statementsOf,
  synthesiseVaults,
  TOOL_ROLE,
  VAULT_ACCOUNT,
} from './support/backup-stacks.ts';
import { listResources } from './support/stacks.ts';

const COPY = { copy: { bucket: 'copies', region: 'eu-west-1' } };
const NAMES = { archives: 'drydock-vault-production', copies: 'drydock-vault-production-copy' };

const vaultOf = (settings: object = {}, more: object = {}, name = NAMES.archives) => {
  const found = synthesiseVaults(makeBackupConfiguration(settings, more)).get(name);
  if (!found) throw new Error(`There is no vault ${name}.`);
  return found;
};
type Template = ReturnType<typeof vaultOf>['template'];

const policiesOf = (template: Template, type: string, document: string): Statement[][] =>
  listResources(template)
    .filter((resource) => resource.Type === type)
    .map(({ Properties }) => statementsOf(Properties[document]));
const [archivePolicy = [], secretPolicy = []] = policiesOf(
  vaultOf().template,
  'AWS::S3::BucketPolicy',
  'PolicyDocument',
);
const [copyPolicy = []] = policiesOf(
  vaultOf(COPY, {}, NAMES.copies).template,
  'AWS::S3::BucketPolicy',
  'PolicyDocument',
);

/** `role: action`, of everything that a policy allows; the roles of the site by the end of their names. */
const allowed = (statements: readonly Statement[]): string[] =>
  statements
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) =>
      rolesOf(statement).flatMap((role) =>
        statement.Action.map(
          (action) => `${role.replace(/^.*(role\/drydock-main-backup-|role\/)/, '')}: ${action}`,
        ),
      ),
    )
    .toSorted();

const LOOK = ['s3:GetBucketLocation', 's3:ListBucket'];
const READ = [
  's3:GetObject',
  's3:GetObjectAttributes',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:GetObjectVersion',
  's3:GetObjectVersionAttributes',
];
const DELETE = [
  's3:DeleteObjectVersion',
  's3:GetBucketLocation',
  's3:GetObjectLegalHold',
  's3:GetObjectRetention',
  's3:ListBucket',
  's3:ListBucketVersions',
];
const WRITE = ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject'];
const by = (role: string, ...actions: readonly string[]) => actions.map((action) => `${role}: ${action}`);

describe('the policy of the bucket', () => {
  test('of archives gives each role its part, and the tool all but deleting', () => {
    expect(allowed(archivePolicy)).toEqual(
      [
        ...by(
          'preflight',
          ...LOOK,
          's3:GetBucketObjectLockConfiguration',
          's3:GetBucketVersioning',
          's3:GetEncryptionConfiguration',
        ),
        ...by('verify', ...LOOK, ...READ),
        ...by('copy', ...LOOK, ...READ),
        ...by('advance', 's3:ListBucket'),
        ...by('delete', ...DELETE),
        ...by('gitlab-toolbox', ...LOOK, 's3:ListBucketMultipartUploads', 's3:GetObject', ...WRITE),
      ].toSorted(),
    );
  });

  test('of secrets lets those read and write who save and restore them, and nobody else in: not even to delete', () => {
    expect(allowed(secretPolicy)).toEqual(
      ['restore', 'secrets'].flatMap((role) => by(role, ...LOOK, 's3:GetObject', 's3:PutObject')).toSorted(),
    );
  });

  test('of copies lets one role write, another delete, and nobody else in', () => {
    expect(allowed(copyPolicy)).toEqual(
      [
        ...by('copy', ...LOOK, 's3:ListBucketMultipartUploads', ...READ, ...WRITE),
        ...by('delete', ...DELETE),
      ].toSorted(),
    );
  });

  test.each([
    ['archives', archivePolicy],
    ['secrets', secretPolicy],
    ['copies', copyPolicy],
  ])('of %s allows nobody without naming the role', (_, statements) => {
    expect(statements.filter(({ Effect }) => Effect === 'Allow').map(rolesOf)).not.toContainEqual([]);
  });
});

describe('a lock', () => {
  test.each([
    ['archives', archivePolicy],
    ['secrets', secretPolicy],
    ['copies', copyPolicy],
  ])(
    'of %s is opened, shortened or switched off by no role of ours and no tool, whatever else they may',
    (_, policy) => {
      const keep = policy.filter(
        ({ Effect, Action }) => Effect === 'Deny' && Action.includes('s3:PutObjectRetention'),
      );
      expect(keep.map(({ Action }) => Action.toSorted())).toEqual([OPENS_A_LOCK]);
      expect(keep.flatMap(rolesOf)).toEqual([`arn:aws:iam::${SITE_ACCOUNT}:role/drydock-main-*`, TOOL_ROLE]);
      expect(
        allowed(policy).filter((right) => /Retention$|LegalHold$/.test(right) && !/: s3:Get/.test(right)),
      ).toEqual([]);
    },
  );

  test.each([
    ['archives', archivePolicy],
    ['secrets', secretPolicy],
    ['copies', copyPolicy],
  ])('of %s aside, the tool deletes nothing, whatever else it may', (_, policy) => {
    const keep = policy.filter(
      ({ Effect, Action }) => Effect === 'Deny' && Action.includes('s3:DeleteObject'),
    );
    expect(keep.map(rolesOf)).toEqual([[TOOL_ROLE]]);
    expect(keep.flatMap(({ Action }) => Action)).toEqual(['s3:DeleteObject', 's3:DeleteObjectVersion']);
  });

  test('is not allowed to anybody by the policies of the vault', () => {
    const everything = [...archivePolicy, ...secretPolicy, ...copyPolicy].filter(
      ({ Effect }) => Effect === 'Allow',
    );
    const actions = everything.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => OPENS_A_LOCK.includes(action) || action.includes('*'))).toEqual([]);
  });

  test('lasts as long as the configuration says, in governance mode', () => {
    const { template } = vaultOf({ lock: { mode: 'governance', days: 21 } });
    for (const BucketName of ['archives', 'secrets']) {
      template.hasResourceProperties('AWS::S3::Bucket', {
        BucketName,
        ObjectLockEnabled: true,
        ObjectLockConfiguration: {
          ObjectLockEnabled: 'Enabled',
          Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 21 } },
        },
      });
    }
  });

  test('is one of compliance when the configuration has the whole sentence, and not otherwise', () => {
    const mode = (confirmation: string) =>
      vaultOf({ lock: { mode: 'compliance', confirmation } }).template.hasResourceProperties(
        'AWS::S3::Bucket',
        {
          ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 14 } } },
        },
      );
    expect(() => mode(COMPLIANCE_CONFIRMATION)).not.toThrow();
    expect(() => mode('yes')).toThrow(/nobody can delete these backups before their time/);
  });
});

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
