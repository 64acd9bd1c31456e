import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { runDeploy } from '../../infra/deploy.ts';

const write = (text: string): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'drydock-deploy-')), 'drydock.yaml');
  writeFileSync(file, text);
  return file;
};
const site = (name: string) => `  ${name}: { account: '111122223333', region: eu-central-1 }\n`;
const TWO = write(`version: 1\nsites:\n${site('east')}${site('west')}`);
const BROKEN = write("version: 1\nsites:\n  main:\n    account: '111122223333'\n    regoin: eu-central-1\n");

const BACKED = write(
  `version: 1\nsites:\n${site('east')}${site('west')}environments:\n  production: { site: east, cluster: { name: blue } }\n` +
    'backup:\n  environments:\n    production:\n      role: arn:aws:iam::111122223333:role/gitlab-toolbox\n' +
    "      destination: { bucket: archives, account: '999900001111' }\n      tmpBucket: tmp\n" +
    '      secrets: { bucket: secrets, kmsKey: alias/secrets }\n      copy: { bucket: copies, region: eu-west-1 }\n' +
    '      policies: { daily: { schedule: cron(0 3 * * ? *) } }\n',
);

const run = async (args: string[], code = 0) => {
  const written: string[] = [];
  const cdk: string[][] = [];
  const exitCode = await runDeploy(args, {
    runCdk: async (given) => {
      cdk.push([...given]);
      return code;
    },
    write: (text) => written.push(text),
  });
  return { exitCode, cdk, text: written.join('\n') };
};

describe('npm run deploy', () => {
  test.each([
    ['every site', [], ['drydock-east', 'drydock-west']],
    ['the site that is named', ['--site', 'west'], ['drydock-west']],
    [
      'what stands behind -- as cdk takes it',
      ['--site', 'east', '--', '--require-approval', 'never'],
      ['drydock-east'],
    ],
  ])('deploys %s', async (_, args, stacks) => {
    const { exitCode, cdk } = await run(['--file', TWO, ...args]);
    const behind = args.includes('--') ? args.slice(args.indexOf('--') + 1) : [];
    expect(cdk).toEqual([['deploy', ...stacks, '--context', `configuration=${TWO}`, ...behind]]);
    expect(exitCode).toBe(0);
  });

  test('a mistake in the file is told with its line, and cdk never runs', async () => {
    const { exitCode, cdk, text } = await run(['--file', BROKEN]);
    expect({ exitCode, cdk }).toEqual({ exitCode: 2, cdk: [] });
    expect(text).toMatch(/drydock\.yaml:5:5 sites\.main\.regoin: .*Did you mean "region"/);
  });

  test('an unknown site is told, and cdk never runs', async () => {
    const { exitCode, cdk, text } = await run(['--file', TWO, '--site', 'esat']);
    expect({ exitCode, cdk }).toEqual({ exitCode: 2, cdk: [] });
    expect(text).toContain('no site esat; known: east, west. Did you mean "east"?');
  });

  test('names the next command when it went well, and none when it did not', async () => {
    expect((await run(['--file', TWO, '--site', 'west'])).text).toContain('npm run doctor -- --site west');
    expect(await run(['--file', TWO], 3)).toMatchObject({ exitCode: 1, text: '' });
  });

  test('deploys the vault of an environment, its copies too, and no site', async () => {
    const { exitCode, cdk } = await run(['--file', BACKED, '--vault', 'production']);
    const stacks = ['drydock-vault-production', 'drydock-vault-production-copy'];
    expect(cdk).toEqual([['deploy', ...stacks, '--context', `configuration=${BACKED}`]]);
    expect(exitCode).toBe(0);
    expect((await run(['--file', BACKED, '--vault', 'production'], 1)).exitCode).toBe(1);
  });

  test.each([
    [['--site', 'east'], true],
    [['--site', 'west'], false],
    [[], true],
  ])('%j says of the vault what it takes: %s', async (args, isSaid) => {
    const { text } = await run(['--file', BACKED, ...args]);
    const told =
      'Backups of production need their vault, once: npm run deploy -- --vault production, with credentials of account 999900001111.';
    expect(text.includes(told)).toBe(isSaid);
  });

  test.each([
    [
      ['--vault', 'prodution'],
      /no vault of an environment prodution; known: production\. Did you mean "production"\?/,
    ],
    [['--vault', 'production', '--site', 'east'], /either sites or vaults/],
  ])('%j is refused, and cdk never runs', async (args, message) => {
    const { exitCode, cdk, text } = await run(['--file', BACKED, ...args]);
    expect({ exitCode, cdk }).toEqual({ exitCode: 2, cdk: [] });
    expect(text).toMatch(message);
  });

  test('--help tells how it is called', async () => {
    const { exitCode, cdk, text } = await run(['--help']);
    expect({ exitCode, cdk }).toEqual({ exitCode: 0, cdk: [] });
    expect(text).toMatch(/npm run deploy --[^]*Exit code/);
  });
});
