import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import {
  makeBackupConfiguration,
  OPENS_A_LOCK,
  SITE_ACCOUNT,
  TOOL_ROLE,
  VAULT_ACCOUNT,
} from './support/backup-stacks.ts';
import { rightsOf, synthesise } from './support/stacks.ts';

const SCRATCH_ROLE = `arn:aws:iam::${SITE_ACCOUNT}:role/gitlab-scratch`;
const FULL = {
  copy: { bucket: 'copies', region: 'eu-west-1' },
  sourceBuckets: ['gitlab-*'],
  restore: { scratch: { cluster: 'green', namespace: 'gitlab-scratch', role: SCRATCH_ROLE } },
};
const small = synthesise(makeBackupConfiguration()).template;
const full = synthesise(makeBackupConfiguration(FULL)).template;

/** Logs, traces and the key of the ledger are the same for every Lambda. */
const isOwn = (right: string): boolean =>
  !/^(logs|xray):| on SiteKey$/.test(right) && right !== 's3:ListBucket on LedgerBucket';
const outside = (role: string, of = full): string[] =>
  rightsOf(of, role).filter((right) => isOwn(right) && !right.includes(' on LedgerBucket/'));
const on = (resource: string, ...actions: readonly string[]) =>
  actions.map((action) => `${action} on ${resource}`);

const eks = (cluster: string) => `arn:aws:eks:eu-central-1:${SITE_ACCOUNT}:cluster/${cluster}`;
const CLUSTERS = [eks('blue'), eks('green')].flatMap((one) => on(one, 'eks:DescribeCluster'));
const states = (what: string) => `arn:aws:states:eu-central-1:${SITE_ACCOUNT}:${what}:drydock-main-backup`;
const keys = (account: string) => `arn:aws:kms:eu-central-1:${account}:key/*`;

/** What a place is judged by. */
const LOOKING = [
  ...CLUSTERS,
  ...on(SCRATCH_ROLE, 'iam:SimulatePrincipalPolicy'),
  ...on(TOOL_ROLE, 'iam:SimulatePrincipalPolicy'),
  ...on(keys(SITE_ACCOUNT), 'kms:DescribeKey'),
  ...on('arn:aws:s3:::gitlab-*', 's3:GetEncryptionConfiguration', 's3:ListBucket'),
];

describe('out of the ledger', () => {
  test.each<[string, readonly string[]]>([
    ['PlanRole', LOOKING],
    ['BeginRole', LOOKING],
    [
      'AdvanceRole',
      [
        ...CLUSTERS,
        ...on(states('stateMachine'), 'states:StartExecution'),
        ...on(`${states('execution')}:*`, 'states:DescribeExecution'),
        ...on('arn:aws:s3:::archives', 's3:ListBucket'),
      ],
    ],
    [
      'SecretsRole',
      [
        ...CLUSTERS,
        ...on(keys(VAULT_ACCOUNT), 'kms:Decrypt', 'kms:GenerateDataKey'),
        ...on('arn:aws:s3:::secrets', 's3:GetBucketLocation', 's3:ListBucket'),
        ...on('arn:aws:s3:::secrets/production/*', 's3:GetObject'),
        ...on('arn:aws:s3:::secrets/production/sets/restore-*', 's3:PutObject'),
      ],
    ],
    [
      'ObjectsRole',
      [
        ...on(keys(SITE_ACCOUNT), 'kms:Decrypt', 'kms:GenerateDataKey'),
        ...on('arn:aws:s3:::tmp', 's3:ListBucket'),
        ...on('arn:aws:s3:::tmp/*', 's3:GetObject'),
        ...on(
          'arn:aws:s3:::gitlab-*/*',
          's3:AbortMultipartUpload',
          's3:ListMultipartUploadParts',
          's3:PutObject',
        ),
      ],
    ],
    ['RequestRestoreApprovalRole', on('NotificationsTopic', 'sns:Publish')],
    ['AcceptRestoreApprovalRole', []],
    ['AskRestoreChoiceRole', on('NotificationsTopic', 'sns:Publish')],
    ['AcceptRestoreChoiceRole', []],
    ['FinishRestoreRole', on('NotificationsTopic', 'sns:Publish')],
  ])('%s has exactly its rights', (role, rights) => {
    expect(outside(`BackupRestore${role}`)).toEqual(rights.toSorted());
  });

  test('objects are written into no bucket where none is named', () => {
    expect(outside('BackupRestoreObjectsRole', small)).toEqual([]);
  });
});

/** Every role of a restore and what it may do, once each. */
const all = Object.keys(full.findResources('AWS::IAM::Role'))
  .filter((role) => /^BackupRestore|^BackupSecretsRole/.test(role))
  .map((role) => [role.replace(/[0-9A-F]{8}$/, ''), rightsOf(full, role)] as const);
const holders = (isMeant: (right: string) => boolean): string[] =>
  all.filter(([, rights]) => rights.some(isMeant)).map(([role]) => role);

describe('no role of a restore', () => {
  test('opens a lock, deletes a version, or reads archives and their copies: one sees their names, and no more', () => {
    expect(holders((right) => OPENS_A_LOCK.some((action) => right.startsWith(`${action} `)))).toEqual([]);
    expect(
      holders((right) => /^s3:(\*|Delete|Put\*|Bypass)/.test(right) && !/LedgerBucket/.test(right)),
    ).toEqual([]);
    const touching = all.flatMap(([role, rights]) =>
      rights.flatMap((right) => (/:::(archives|copies)/.test(right) ? [[role, right]] : [])),
    );
    expect(touching).toEqual([['BackupRestoreAdvanceRole', 's3:ListBucket on arn:aws:s3:::archives']]);
  });

  test('takes anything out of the ledger but messages that are sent', () => {
    const removed = all.flatMap(([, rights]) =>
      rights.filter((right) => right.startsWith('s3:DeleteObject ')),
    );
    expect(
      [...new Set(removed)].filter((right) => !right.includes('/messages/') && !right.includes('/verified/')),
    ).toEqual([]);
  });

  test.each([
    [
      'opens the key of secrets',
      `kms:Decrypt on ${keys(VAULT_ACCOUNT)}`,
      ['BackupSecretsRole', 'BackupRestoreSecretsRole'],
    ],
    ['starts a backup', 'states:StartExecution', ['BackupRestoreAdvanceRole']],
    ['writes an object of GitLab', 's3:PutObject on arn:aws:s3:::gitlab-', ['BackupRestoreObjectsRole']],
    [
      'writes an approval',
      's3:PutObject on LedgerBucket/backup/restore-approvals/',
      ['BackupRestoreAcceptRestoreApprovalRole'],
    ],
    ['writes a plan', 's3:PutObject on LedgerBucket/backup/restore-plans/', ['BackupRestorePlanRole']],
    ['writes a log', 's3:PutObject on LedgerBucket/backup/logs/restores/', ['BackupRestoreAdvanceRole']],
  ])('but one %s', (_, beginning, roles) => {
    expect(holders((right) => right.startsWith(beginning)).toSorted()).toEqual(roles.toSorted());
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const statementsOf = (of: Template, role: string): readonly Statement[] =>
  Object.values(of.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.Roles.some(({ Ref }: { Ref: string }) => Ref.startsWith(role)))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

describe('whoever writes objects back', () => {
  const statements = statementsOf(full, 'BackupRestoreObjectsRole');

  test('is denied the buckets of backups, whichever the pattern of sources covers', () => {
    const denied = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(denied).toMatchObject([
      {
        Action: 's3:*',
        Resource: ['archives', 'copies', 'secrets'].flatMap((bucket) => [
          `arn:aws:s3:::${bucket}`,
          `arn:aws:s3:::${bucket}/*`,
        ]),
      },
    ]);
  });

  test('does so in the account of the site alone, and uses keys through S3 alone', () => {
    const writing = statements.filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
    const ofGitLab = writing.filter(({ Resource }) => JSON.stringify(Resource).includes('gitlab-'));
    expect(ofGitLab).toMatchObject([
      { Condition: { StringEquals: { 'aws:ResourceAccount': SITE_ACCOUNT } } },
    ]);
    const opening = statements.filter(({ Condition }) =>
      JSON.stringify(Condition ?? '').includes('ViaService'),
    );
    expect(opening).toMatchObject([
      { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } } },
    ]);
  });
});

describe('in the ledger', () => {
  test('the record of a drill is read by whoever plans and begins, and no restore writes it', () => {
    const drills = 's3:GetObject on LedgerBucket/backup/drills/*';
    const restoring = holders((right) => right === drills).filter((role) => role.startsWith('BackupRestore'));
    expect(restoring.toSorted()).toEqual(['BackupRestoreBeginRole', 'BackupRestorePlanRole']);
    const written = holders((right) => /^s3:Put.*drills/.test(right));
    expect(written.filter((role) => role.startsWith('BackupRestore'))).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['PlanRole', /restore-plans/],
    ['AdvanceRole', /restores|restore-extensions|logs|locks/],
    ['SecretsRole', /restores/],
    ['ObjectsRole', /restores/],
    ['RequestRestoreApprovalRole', /messages/],
    ['AcceptRestoreApprovalRole', /restore-approvals/],
    ['BeginRole', /restores|locks/],
    ['AskRestoreChoiceRole', /messages/],
    ['AcceptRestoreChoiceRole', /restores|locks/],
    ['FinishRestoreRole', /restores|locks|messages/],
  ])('%s writes %s and nothing else', (role, prefixes) => {
    const written = rightsOf(full, `BackupRestore${role}`).flatMap(
      (right) => /^s3:PutObject on LedgerBucket\/(?:backup\/)?([\w-]+)/.exec(right)?.[1] ?? [],
    );
    expect(written.toSorted()).toEqual(prefixes.source.split('|').toSorted());
  });
});
