import { describe, expect, test } from 'vitest';
import {
  makeBackupConfiguration,
  OPENS_A_LOCK,
  rolesOf,
  SITE_ACCOUNT,
  type Statement,
  statementsOf,
  synthesiseVaults,
  TOOL_ROLE,
} from './support/backup-stacks.ts';
import { listResources } from './support/stacks.ts';

/** The tool of a scratch place restores from the vault of the GitLab beside it, and empties its own place at the end. */

const SCRATCH_ROLE = `arn:aws:iam::${SITE_ACCOUNT}:role/gitlab-drill`;

const documentsOf = (role: string | undefined, type: string, document: string): Statement[][] => {
  const restore = { scratch: { namespace: 'gitlab-drill', ...(role === undefined ? {} : { role }) } };
  const configuration = makeBackupConfiguration({ restore });
  const vault = synthesiseVaults(configuration).get('drydock-vault-production');
  if (!vault) throw new Error('There is no vault.');
  return listResources(vault.template)
    .filter((resource) => resource.Type === type)
    .map(({ Properties }) => statementsOf(Properties[document]));
};
const bucketsOf = (role: string | undefined) => documentsOf(role, 'AWS::S3::BucketPolicy', 'PolicyDocument');
const keysOf = (role: string | undefined) => documentsOf(role, 'AWS::KMS::Key', 'KeyPolicy');
/** Actions that this effect has for a role. */
const actionsFor = (statements: readonly Statement[], role: string, effect: Statement['Effect']): string[] =>
  statements
    .filter((one) => one.Effect === effect && rolesOf(one).includes(role))
    .flatMap(({ Action }) => Action)
    .toSorted();

describe('the tool of a scratch place', () => {
  const [archives = [], secrets = []] = bucketsOf(SCRATCH_ROLE);
  const [archivesKey = [], secretsKey = []] = keysOf(SCRATCH_ROLE);

  test('reads archives and opens their key, and nothing else of the vault', () => {
    expect(actionsFor(archives, SCRATCH_ROLE, 'Allow')).toEqual([
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
    ]);
    expect(actionsFor(secrets, SCRATCH_ROLE, 'Allow')).toEqual([]);
    expect(actionsFor(archivesKey, SCRATCH_ROLE, 'Allow')).toEqual(['kms:Decrypt']);
    expect(actionsFor(secretsKey, SCRATCH_ROLE, 'Allow')).toEqual([]);
  });

  test.each([
    ['archives', archives],
    ['secrets', secrets],
  ])('opens no lock of %s, deletes nothing there and writes nothing, whatever else it may', (_, policy) => {
    expect(actionsFor(policy, SCRATCH_ROLE, 'Deny')).toEqual(
      [...OPENS_A_LOCK, 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObject'].toSorted(),
    );
    expect(actionsFor(policy, TOOL_ROLE, 'Deny')).not.toContain('s3:PutObject');
  });
});

test.each([
  ['no role of its own', undefined],
  ['that of the tool', TOOL_ROLE],
])('a scratch place with %s changes nothing of the vault', (_, role) => {
  const before = synthesiseVaults(makeBackupConfiguration()).get('drydock-vault-production');
  const policies = (before ? listResources(before.template) : [])
    .filter(({ Type }) => Type === 'AWS::S3::BucketPolicy')
    .map(({ Properties }) => statementsOf(Properties['PolicyDocument']));
  expect(bucketsOf(role)).toEqual(policies);
});
