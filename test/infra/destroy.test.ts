import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DeployedResource } from '../../infra/destroy/deployed-stack.ts';
import { describeRemoval, listRemovalCommands } from '../../infra/destroy/removal.ts';
import { type DestroyTools, runDestroy } from '../../infra/destroy.ts';

const resource = (type: string, physicalId: string, isRetained = false): DeployedResource => ({
  logicalId: physicalId,
  physicalId,
  type,
  isRetained,
});
const STACK = [
  resource('AWS::Lambda::Function', 'apply-image'),
  resource('AWS::Lambda::Function', 'watch-rollout'),
  resource('AWS::SNS::Topic', 'topic'),
  resource('AWS::KMS::Key', 'key-1', true),
  resource('AWS::S3::Bucket', 'ledger-1', true),
  resource('AWS::S3::BucketPolicy', 'ledger-1', true),
];

const write = (sites: string): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'drydock-destroy-')), 'drydock.yaml');
  writeFileSync(file, `version: 1\nsites:\n${sites}`);
  return file;
};
const site = (name: string) => `  ${name}: { account: '111122223333', region: eu-central-1 }\n`;
const ONE = write(site('main'));
const BACKED = write(
  `${site('main')}environments:\n  production: { cluster: { name: blue } }\n` +
    'backup:\n  environments:\n    production:\n      role: arn:aws:iam::111122223333:role/gitlab-toolbox\n' +
    "      destination: { bucket: archives, account: '999900001111' }\n      tmpBucket: tmp\n" +
    '      secrets: { bucket: secrets, kmsKey: alias/secrets }\n' +
    '      policies: { daily: { schedule: cron(0 3 * * ? *) } }\n',
);
const TWO = write(site('east') + site('west'));

/** Runs the command with these answers of the outside, and notes what it did. */
const run = async (
  args: string[],
  answers: { stack?: readonly DeployedResource[]; typed?: string; cdk?: number },
) => {
  const written: string[] = [];
  const cdk: string[][] = [];
  const asked: string[] = [];
  const tools: DestroyTools = {
    readStack: async (name, region) => {
      asked.push(`${name} in ${region}`);
      return answers.stack;
    },
    ask: async () => answers.typed,
    runCdk: async (given) => {
      cdk.push([...given]);
      return answers.cdk ?? 0;
    },
    write: (text) => written.push(text),
  };
  const exitCode = await runDestroy(args, tools);
  return { exitCode, text: written.join('\n'), cdk, asked };
};

describe('before it removes a site', () => {
  test('says what goes, by type, and names what stays', () => {
    const text = describeRemoval({
      site: 'main',
      stack: 'drydock-main',
      account: '111122223333',
      region: 'eu-central-1',
      resources: STACK,
    });
    expect(text).toContain('stack drydock-main in account 111122223333, region eu-central-1');
    expect(text).toContain('Removed: 3 resources');
    expect(text).toMatch(/2 {2}AWS::Lambda::Function\n {4}1 {2}AWS::SNS::Topic/);
    expect(text).toMatch(/Stays: 3 resources.*\n.*AWS::KMS::Key {2}key-1\n.*AWS::S3::Bucket {2}ledger-1/);
  });

  test('says where backups stay, and of none that are of another site', () => {
    const removal = {
      site: 'main',
      stack: 'drydock-main',
      account: '1',
      region: 'eu-central-1',
      resources: STACK,
    };
    const vaults = [
      { environment: 'production', account: '999900001111', stacks: ['drydock-vault-production'] },
    ];
    expect(describeRemoval({ ...removal, vaults })).toMatch(
      /backups of production stay in account 999900001111, under their lock: drydock-vault-production\. No new one is made\.$/,
    );
    expect(describeRemoval(removal)).not.toContain('lock');
  });

  test('finds in the file where backups stay', async () => {
    const { text } = await run(['--file', BACKED], { stack: STACK });
    expect(text).toContain('in account 999900001111, under their lock: drydock-vault-production.');
  });

  test.each([
    ['another name', 'mian'],
    ['nothing', ''],
    ['the end of the input', undefined],
  ])('%s for an answer removes nothing', async (_, typed) => {
    const answered = typed === undefined ? {} : { typed };
    const { exitCode, cdk, text } = await run(['--file', ONE], { stack: STACK, ...answered });
    expect({ exitCode, cdk }).toEqual({ exitCode: 1, cdk: [] });
    expect(text).toContain('Nothing was removed');
  });

  test('a stack that cannot be looked at is left alone, and the reason told', async () => {
    const written: string[] = [];
    const exitCode = await runDestroy(['--file', ONE, '--yes'], {
      readStack: async () => {
        throw new Error('Could not load credentials from any providers');
      },
      ask: async () => 'main',
      runCdk: async () => {
        throw new Error('never called');
      },
      write: (text) => written.push(text),
    });
    expect(exitCode).toBe(1);
    expect(written).toEqual([
      'Nothing was removed: drydock-main in eu-central-1 could not be looked at. ' +
        'Could not load credentials from any providers',
    ]);
  });

  test('a site that is not deployed needs no answer', async () => {
    const { exitCode, cdk, text } = await run(['--file', ONE], {});
    expect({ exitCode, cdk }).toEqual({ exitCode: 0, cdk: [] });
    expect(text).toBe('There is no stack drydock-main in eu-central-1; nothing to remove.');
  });
});

describe('removing', () => {
  const COMMAND = ['destroy', 'drydock-main', '--force', '--context', `configuration=${ONE}`];

  test.each([
    ['the name of the site, typed', ['--file', ONE], 'main'],
    ['--yes', ['--file', ONE, '--yes'], undefined],
  ])('%s runs the real cdk destroy for that stack', async (_, args, typed) => {
    const { exitCode, cdk } = await run(args, { stack: STACK, ...(typed === undefined ? {} : { typed }) });
    expect({ exitCode, cdk }).toEqual({ exitCode: 0, cdk: [COMMAND] });
  });

  test('hands on what stands behind --', async () => {
    const { cdk } = await run(['--file', ONE, '--yes', '--', '-c', 'stage=local'], { stack: STACK });
    expect(cdk).toEqual([[...COMMAND, '-c', 'stage=local']]);
  });

  test('prints the commands that remove what stays, the key last', async () => {
    const { text } = await run(['--file', ONE, '--yes'], { stack: STACK });
    const commands = text.split('\n').filter((line) => line.includes('aws '));
    expect(commands.map((line) => /aws (s3api|kms) [a-z-]+/.exec(line)?.[0])).toEqual([
      'aws s3api delete-bucket-policy',
      'aws s3api list-object-versions',
      'aws s3api delete-bucket',
      'aws kms schedule-key-deletion',
    ]);
    expect(commands.every((line) => line.includes('--region eu-central-1'))).toBe(true);
  });

  test('names a resource for which it knows no command', () => {
    expect(
      listRemovalCommands([resource('AWS::Backup::BackupVault', 'vault', true)], 'eu-central-1'),
    ).toEqual(['# AWS::Backup::BackupVault vault: remove it in the console of its service.']);
  });

  test('a cdk that fails is told and ends in 1, without commands for the rest', async () => {
    const { exitCode, text } = await run(['--file', ONE, '--yes'], { stack: STACK, cdk: 1 });
    expect(exitCode).toBe(1);
    expect(text).toContain('drydock-main is not gone');
    expect(text).not.toContain('aws s3api');
  });
});

describe('what cannot be done', () => {
  test.each([
    ['several sites and none named', ['--file', TWO], /several sites; name one with --site: east, west/],
    [
      'a site that is not there',
      ['--file', TWO, '--site', 'wets'],
      /no site wets; known: east, west. Did you mean "west"/,
    ],
    ['an unknown option', ['--force'], /--force[\s\S]*npm run destroy/],
    ['a file that is not there', ['--file', '/nowhere.yaml'], /\/nowhere.yaml:1:1 there is no such file/],
  ])('%s ends in 2 and asks AWS nothing', async (_, args, message) => {
    const { exitCode, text, asked } = await run(args, { stack: STACK });
    expect({ exitCode, asked }).toEqual({ exitCode: 2, asked: [] });
    expect(text).toMatch(message);
  });

  test('of several sites the named one is removed', async () => {
    const { asked, cdk } = await run(['--file', TWO, '--site', 'west', '--yes'], { stack: STACK });
    expect(asked).toEqual(['drydock-west in eu-central-1']);
    expect(cdk[0]?.slice(0, 2)).toEqual(['destroy', 'drydock-west']);
  });

  test('--help tells how it is called and what the exit codes mean', async () => {
    const { exitCode, text } = await run(['--help'], {});
    expect(exitCode).toBe(0);
    expect(text).toMatch(/npm run destroy[\s\S]*Exit code: 0/);
  });
});
