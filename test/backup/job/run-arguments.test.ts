import { execa } from 'execa';
import { describe, expect, it, test } from 'vitest';
import { makeBackupJob } from '../../../functions/backup/job/backup-job.ts';
import type { RunWishes } from '../../../functions/backup/job/run-arguments.ts';
import { chartCronJob, chartScript } from '../../support/chart-cron-job.ts';

const ID = '1763690405_2025_11_21_18.10.0-ee';

const plan = (wishes: Partial<RunWishes>, template: { extraArgs?: string; script?: string } = {}) =>
  makeBackupJob(chartCronJob(template), {
    backupId: ID,
    skip: [],
    deadlineSeconds: 60,
    execution: 'test',
    fence: 1,
    ...wishes,
  });

const scriptOf = (...args: Parameters<typeof plan>): string => {
  const made = plan(...args);
  if (!made.ok) throw new Error(made.reason);
  return made.job.spec.template.spec.containers[1]?.args?.[2] ?? '';
};

/** What the tool is given, by a real bash. */
const callTool = async (script: string): Promise<string[]> => {
  const tool = `cp() { :; }; backup-utility() { printf '%s\\0' "$@"; };`;
  const { stdout } = await execa('bash', ['-c', `${tool} ${script}`], { env: { KEY: 'alias/of-env' } });
  return stdout.split('\0').slice(0, -1);
};

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/9f1c';

test('the whole of it, as the chart writes it', () => {
  expect(scriptOf({ skip: ['registry', 'artifacts'], s3Tool: 'awscli', storageClass: 'STANDARD_IA' })).toBe(
    `${chartScript()} -t ${ID} --skip registry --skip artifacts --storage-class STANDARD_IA --s3tool awscli`,
  );
});

describe.each<[string, Partial<RunWishes>, string, string[]]>([
  ['nothing asked', {}, '', []],
  [
    'a --skip each',
    { skip: ['registry', 'ci_secure_files'] },
    '',
    ['--skip', 'registry', '--skip', 'ci_secure_files'],
  ],
  ['a key', { s3Tool: 'awscli', kmsKeyId: KEY }, '', ['--s3tool', 'awscli', '--aws-kms-key-id', KEY]],
  ['server-side', { repositoriesServerSide: true }, '', ['--repositories-server-side']],
  ['what the values say', {}, '--rsyncable --s3tool awscli', ['--rsyncable', '--s3tool', 'awscli']],
  ['the same once', { skip: ['registry'] }, '--skip registry', ['--skip', 'registry']],
  [
    'the same class',
    { storageClass: 'STANDARD' },
    '--storage-class STANDARD',
    ['--storage-class', 'STANDARD'],
  ],
  [
    'the same tool, and a key beside it',
    { s3Tool: 'awscli', kmsKeyId: KEY },
    '--s3tool awscli',
    ['--aws-kms-key-id', KEY, '--s3tool', 'awscli'],
  ],
  [
    'a key with the tool of the values',
    { kmsKeyId: KEY },
    "--s3tool 'awscli'",
    ['--aws-kms-key-id', KEY, '--s3tool', 'awscli'],
  ],
  [
    'a key of the values from a variable',
    {},
    '--s3tool awscli --aws-kms-key-id "$KEY"',
    ['--s3tool', 'awscli', '--aws-kms-key-id', 'alias/of-env'],
  ],
  [
    'server-side of the values',
    { repositoriesServerSide: true },
    '--repositories-server-side',
    ['--repositories-server-side'],
  ],
  ['a flag of a newer tool', {}, '--new-flag', ['--new-flag']],
])('%s', (_, wishes, extraArgs, expected) => {
  it(`the tool is given ${expected.join(' ') || 'its name alone'}`, async () => {
    expect(await callTool(scriptOf(wishes, { extraArgs }))).toEqual(['-t', ID, ...expected]);
  });
});

describe('is refused', () => {
  it.each<[string, Partial<RunWishes>, string, RegExp]>([
    ['a name of their own', {}, '-t nightly', /name the archive themselves/],
    ['a name of their own, written out', {}, '--timestamp "nightly"', /name the archive themselves/],
    ['pruning', {}, '--maximum-backups 5', /delete older archives/],
    ['a restore', {}, '--restore', /something else than a backup/],
    ['a cleanup', {}, '--cleanup', /something else than a backup/],
    ['a file', {}, '-f https://example.com/x.tar', /something else than a backup/],
    ['help', {}, '--help', /something else than a backup/],
    [
      'a part that is not to be skipped',
      { skip: ['registry'] },
      '--skip db',
      /skip db, which this run does not/,
    ],
    ['a list with such a part', { skip: ['registry'] }, '--skip registry,db', /skip db,/],
    ['a list', { skip: ['registry', 'db'] }, '--skip registry,db', /no component by its own name/],
    ['a strange part', {}, '--skip nothing', /no component by its own name/],
    ['another class', { storageClass: 'STANDARD' }, '--storage-class GLACIER_IR', /of --storage-class/],
    ['another tool', { s3Tool: 'awscli' }, '--s3tool s3cmd', /of --s3tool/],
    ['two tools', { s3Tool: 'awscli' }, '--s3tool-data s3cmd', /choose a tool for S3 in parts/],
    ['another key', { s3Tool: 'awscli', kmsKeyId: KEY }, '--aws-kms-key-id alias/x', /of --aws-kms-key-id/],
    ['a class without its value', { storageClass: 'STANDARD' }, '--storage-class', /of --storage-class/],
    ['a key that s3cmd would pass over', { kmsKeyId: KEY }, '', /with --s3tool awscli only/],
    ['a key with s3cmd', { kmsKeyId: KEY, s3Tool: 's3cmd' }, '', /with --s3tool awscli only/],
    [
      'repositories that are skipped and server-side',
      { skip: ['repositories'], repositoriesServerSide: true },
      '',
      /backs up no repository at all/,
    ],
    [
      'the same with the flag in the values',
      { skip: ['repositories'] },
      '--repositories-server-side',
      /backs up no repository at all/,
    ],
    ['another command', {}, '--rsyncable && curl https://example.com', /more than arguments/],
    ['a pipe', {}, '2>&1 | tee /tmp/log', /more than arguments/],
    ['a command in the place of a value', {}, '--storage-class $(cat class)', /more than arguments/],
    ['the same in old quotes', {}, '--storage-class `cat class`', /more than arguments/],
    ['what a kubelet fills in', {}, "--aws-region '$(REGION)'", /more than arguments/],
    ['a second line', {}, '--rsyncable\nbackup-utility-2', /more than arguments|more than once/],
    ['a quote that does not end', {}, "--aws-region 'eu", /more than arguments/],
    ['signs that stand for files', {}, '--aws-region *', /more than arguments/],
    ['a variable that could be anything', {}, '$EXTRA', /variable in the place of an argument/],
    ['the same in quotes', {}, '"${EXTRA}"', /variable in the place of an argument/],
    ['an id of another shape', { backupId: 'nightly' }, '', /no id that the tool would find again/],
    ['an id with a command', { backupId: `${ID};id` }, '', /no id that the tool would find again/],
    ['a class that is none', { storageClass: "X'; id; '" }, '', /storage class or the key/],
    ['a key that is none', { kmsKeyId: '$(id)', s3Tool: 'awscli' }, '', /storage class or the key/],
  ])('%s', (_, wishes, extraArgs, reason) => {
    expect(plan(wishes, { extraArgs })).toEqual({
      ok: false,
      code: 'arguments',
      reason: expect.stringMatching(reason),
    });
  });

  it.each([
    ['a script that makes no backup', 'sleep infinity', /does not call backup-utility/],
    ['a script that calls it twice', 'backup-utility; backup-utility', /more than once/],
  ])('%s', (_, script, reason) => {
    expect(plan({}, { script })).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });
});
