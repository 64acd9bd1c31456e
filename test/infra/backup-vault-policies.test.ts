import { describe, expect, test } from 'vitest';
import { COMPLIANCE_CONFIRMATION } from '../../functions/records/configuration/backup.ts';
import { OPENS_A_LOCK, rolesOf, SITE_ACCOUNT, type Statement, TOOL_ROLE } from './support/backup-stacks.ts';
import { COPY, NAMES, policiesOf, vaultOf } from './support/vaults.ts';

/** Who may do what with the buckets of a vault. */

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
