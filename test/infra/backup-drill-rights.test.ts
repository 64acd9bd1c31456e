import { describe, expect, test } from 'vitest';
import { OPENS_A_LOCK, SITE_ACCOUNT } from './support/backup-stacks.ts';
import { makeDrillConfiguration } from './support/drill-stacks.ts';
import { rightsOf, synthesise } from './support/stacks.ts';

const { template } = synthesise(makeDrillConfiguration({}, ['production', 'staging']));

/** Logs, traces and the key of the ledger are the same for every Lambda. */
const isOwn = (right: string): boolean =>
  !/^(logs|xray):| on SiteKey$/.test(right) && right !== 's3:ListBucket on LedgerBucket';
const outside = (role: string): string[] =>
  rightsOf(template, role).filter((right) => isOwn(right) && !right.includes(' on LedgerBucket/'));
const inLedger = (role: string, action: string): string[] => [
  ...new Set(
    rightsOf(template, role).flatMap((right) =>
      right.startsWith(`${action} on LedgerBucket/`)
        ? right.slice(`${action} on LedgerBucket/`.length).replace(/\*$/, '')
        : [],
    ),
  ),
];
const states = (what: string, name: string) =>
  `arn:aws:states:eu-central-1:${SITE_ACCOUNT}:${what}:drydock-main-${name}`;

describe('out of the ledger', () => {
  test.each<[string, readonly string[]]>([
    [
      'AdvanceRole',
      [
        `eks:DescribeCluster on arn:aws:eks:eu-central-1:${SITE_ACCOUNT}:cluster/green`,
        `states:StartExecution on ${states('stateMachine', 'restore')}`,
        `states:DescribeExecution on ${states('execution', 'restore')}:*`,
        `states:StopExecution on ${states('execution', 'restore')}:*`,
      ],
    ],
    ['BeginDrillRole', []],
    ['FinishDrillRole', ['sns:Publish on NotificationsTopic']],
  ])('%s has exactly its rights', (role, rights) => {
    expect(outside(`BackupDrill${role}`)).toEqual(rights.toSorted());
  });
});

/** Every role of a drill that no other machine has as well, and what it may do. */
const all = Object.keys(template.findResources('AWS::IAM::Role'))
  .filter((role) => /^BackupDrill(?!Machine|Schedule)/.test(role))
  .map((role) => [role.replace(/[0-9A-F]{8}$/, ''), rightsOf(template, role)] as const);
const holders = (isMeant: (right: string) => boolean): string[] =>
  all.filter(([, rights]) => rights.some(isMeant)).map(([role]) => role);

describe('no role of a drill', () => {
  test('is left out of what follows', () => {
    expect(
      all
        .map(([role]) => role)
        .filter((role) => !role.includes('Scheduler'))
        .toSorted(),
    ).toEqual(['BackupDrillAdvanceRole', 'BackupDrillBeginDrillRole', 'BackupDrillFinishDrillRole']);
  });

  test('opens a lock, reads, writes or deletes an object of S3 but in the ledger, or uses another key', () => {
    expect(holders((right) => OPENS_A_LOCK.some((action) => right.startsWith(`${action} `)))).toEqual([]);
    expect(holders((right) => right.startsWith('s3:') && !right.includes(' on LedgerBucket'))).toEqual([]);
    expect(
      holders((right) => right.startsWith('kms:') && !/ on (SiteKey|Notifications)/.test(right)),
    ).toEqual([]);
  });

  test('takes the role of another, answers for a person, stops a backup, or starts one or another drill', () => {
    expect(holders((right) => /^(iam|sts):|states:SendTask|states:Stop.*backup/.test(right))).toEqual([]);
    expect(holders((right) => /StartExecution on .*(backup|restore-drill)$/.test(right))).toEqual([]);
  });

  test('writes a plan, an approval, a restore, a set or an index of sets', () => {
    const written = ['AdvanceRole', 'BeginDrillRole', 'FinishDrillRole'].flatMap((role) =>
      inLedger(`BackupDrill${role}`, 's3:PutObject'),
    );
    expect([...new Set(written)].toSorted()).toEqual([
      'backup/drills/',
      'backup/environments/production/drill.json',
      'backup/environments/staging/drill.json',
      'locks/',
      'messages/',
    ]);
  });

  test('takes anything out of the ledger but messages that are sent', () => {
    const removed = all.flatMap(([role]) => inLedger(role, 's3:DeleteObject'));
    expect([...new Set(removed)]).toEqual(['messages/unsent/']);
  });
});

describe('in the ledger', () => {
  test.each<[string, readonly string[]]>([
    ['AdvanceRole', ['backup/drills/', 'locks/']],
    ['BeginDrillRole', ['backup/drills/', 'locks/']],
    [
      'FinishDrillRole',
      [
        'backup/drills/',
        'backup/environments/production/drill.json',
        'backup/environments/staging/drill.json',
        'locks/',
        'messages/',
      ],
    ],
  ])('%s writes %j and nothing else', (role, prefixes) => {
    expect(inLedger(`BackupDrill${role}`, 's3:PutObject').toSorted()).toEqual(prefixes.toSorted());
  });

  test('the reader of Secrets writes what it saw, and no record of a drill', () => {
    const written = inLedger('BackupSecretsRole', 's3:PutObject').filter((key) => key.includes('drill'));
    expect(written.toSorted()).toEqual(['backup/drills/production/facts/', 'backup/drills/staging/facts/']);
    expect(inLedger('BackupSecretsRole', 's3:GetObject')).toContain('backup/drills/');
  });

  test('the look at freshness may keep the age of the last drill', () => {
    expect(inLedger('BackupFreshnessJudgeFreshnessRole', 's3:PutObject')).toContain('backup/environments/');
  });
});

describe('whoever hears that an execution died', () => {
  test('starts another one of the same machine, and reaches no cluster', () => {
    const rights = rightsOf(template, 'BackupHandleFailureRole');
    expect(rights).toContain(`states:StartExecution on ${states('stateMachine', 'restore-drill')}`);
    expect(rights.filter((right) => right.startsWith('eks:'))).toEqual([]);
    expect(inLedger('BackupHandleFailureRole', 's3:PutObject')).toContain('backup/drills/');
  });
});

test('the rights for ten rehearsed environments of long names fit into each role', () => {
  const names = Array.from({ length: 10 }, (_, index) => `gitlab-of-a-large-department-${index}`);
  const ten = synthesise(makeDrillConfiguration({}, names)).template;
  const sizes = Object.values(ten.findResources('AWS::IAM::Policy')).map(
    ({ Properties }) => JSON.stringify(Properties.PolicyDocument).length,
  );
  expect(Math.max(...sizes)).toBeLessThan(10_240);
});
