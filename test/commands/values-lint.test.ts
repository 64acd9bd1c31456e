import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runValuesLint } from '../../functions/commands/values-lint.ts';
import { args, cron, ORDINARY } from '../backup/values/ordinary-values.ts';

const CANARY = 'canary-hunter2-0a1b2c3d4e5f';

/** Files by name; what is not among them is not there. */
const FILES: Readonly<Record<string, string>> = {
  'values.yaml': ORDINARY,
  'prune.yaml': args('--s3tool awscli --maximum-backups 7'),
  'loss.yaml': 'gitlab: { gitaly: { persistence: { enabled: false } } }',
  'mend.yaml': 'gitlab: { gitaly: { persistence: { enabled: true } } }',
  'connection.yaml': `provider: AWS\nuse_iam_profile: true\naws_secret_access_key: ${CANARY}\n`,
  'endpoint.yaml': `use_iam_profile: true\nendpoint: https://${CANARY}\n`,
  'registry.yaml': 's3: { bucket: acme-registry }\n',
  s3cfg: '[default]\nmultipart_chunk_size_mb = 128\n',
  'default-tool.yaml': args(''),
  'running.yaml': cron('suspend: false'),
  'broken.yaml': `a: 1\nb: "${CANARY}\n`,
  'other.yaml': 'replicas: 3\nimage: web\n',
  'wrapped.yaml': 'mygitlab: { gitlab: { toolbox: { replicas: 1 } } }\n',
  'secrets.yaml': `
global:
  psql: { host: ${CANARY}, password: { value: ${CANARY} } }
  registry: { bucket: "${CANARY} x" }
  appConfig:
    lfs: { bucket: "https://u:${CANARY}@h" }
    uploads: { bucket: "https://u:${CANARY}@h" }
    omniauth: { providers: [{ secret: ${CANARY} }] }
gitlab:
  toolbox: { backups: { cron: { enabled: true, extraArgs: "--aws-secret-key=${CANARY} --token ${CANARY} -t ${CANARY}" } } }
`,
};
const run = (...given: readonly string[]) =>
  runValuesLint(given, {
    width: 120,
    readText: async (file) => {
      const text = FILES[file];
      if (text === undefined)
        throw Object.assign(new Error('no'), { code: file === 'locked' ? 'EACCES' : 'ENOENT' });
      return text;
    },
  });

const KNOWN = [
  '--chart-version',
  '10.2.0',
  '--expected-size',
  '120GB',
  '--postgresql',
  '17.4',
  '--connection',
  'connection.yaml',
  '--registry-storage',
  'registry.yaml',
];

describe('the exit code of values-lint', () => {
  it.each<[number, string, string[]]>([
    [0, 'nothing is found', ['values.yaml', ...KNOWN]],
    [3, 'there is a risk', ['values.yaml', 'prune.yaml', ...KNOWN]],
    [4, 'there is a trap', ['values.yaml', 'loss.yaml', ...KNOWN]],
    [4, 'there are a trap and a risk', ['values.yaml', 'loss.yaml', 'prune.yaml']],
    [5, 'something could not be checked', ['values.yaml']],
    [0, 'a later file mends it', ['values.yaml', 'loss.yaml', 'mend.yaml', ...KNOWN]],
    [4, 'a later file undoes that', ['values.yaml', 'mend.yaml', 'loss.yaml', ...KNOWN]],
    [0, 'help is asked for', ['--help']],
  ])('is %i when %s', async (exitCode, _, given) => {
    expect(await run(...given)).toMatchObject({ exitCode });
  });

  it.each<[string, string[], string]>([
    ['there is no such file', ['nowhere.yaml'], 'nowhere.yaml: there is no such file.'],
    ['it may not be read', ['locked'], 'locked: cannot be read (EACCES).'],
    ['it is no YAML', ['values.yaml', 'broken.yaml'], 'broken.yaml:3:1 a sign is missing here'],
    ['a secret is none', ['values.yaml', '--connection', 'broken.yaml'], 'broken.yaml:3:1'],
    ['it holds values of another chart', ['other.yaml'], 'these are no values of the GitLab chart'],
    ['it holds values of a chart around it', ['wrapped.yaml'], 'a chart around the GitLab chart'],
  ])('is 1 when %s', async (_, given, says) => {
    const { exitCode, output } = await run(...given);
    expect([exitCode, output]).toEqual([1, expect.stringContaining(says)]);
    expect(output).not.toContain(CANARY);
  });

  it.each<[string, string[], string]>([
    ['no file', [], 'Name a file of values'],
    ['an option that there is not', ['values.yaml', '--chart', '9'], "Unknown option '--chart'"],
    [
      'a chart that was never looked at',
      ['values.yaml', '--chart-version', '8.9.0'],
      '9.x or 10.x, not 8.9.0',
    ],
    ['a chart that is none', ['values.yaml', '--chart-version', '90'], '9.x or 10.x, not 90'],
    ['a size that is none', ['values.yaml', '--expected-size', 'huge'], '120GB, not huge'],
    ['a version that is none', ['values.yaml', '--postgresql', 'new'], '17.4, not new'],
    ['a format that there is not', ['values.yaml', '--format', 'pdf'], 'table or json, not pdf'],
    ['a clock that there is not', ['values.yaml', '--clock', 'wall'], 'outside or chart, not wall'],
    ['the standard input twice', ['-', '-'], '- can be given once'],
  ])('is 2 for %s', async (_, given, says) => {
    const { exitCode, output } = await run(...given);
    expect([exitCode, output]).toEqual([2, expect.stringContaining(says)]);
  });
});

const findingsOf = async (...given: readonly string[]): Promise<{ code: string; severity: string }[]> => {
  const { output } = await run(...given, '--format', 'json');
  return (JSON.parse(output) as { findings: { code: string; severity: string }[] }).findings;
};
const codesOf = async (...given: readonly string[]): Promise<string[]> =>
  (await findingsOf(...given)).map(({ code }) => code);

describe('the options of values-lint', () => {
  it('the help says what each code means', async () => {
    const { output } = await run('--help');
    for (const code of [0, 1, 2, 3, 4, 5]) expect(output).toMatch(new RegExp(`^  ${code}  \\w`, 'm'));
  });

  it('-f and a bare name stand in one order', async () => {
    expect(await codesOf('-f', 'values.yaml', 'loss.yaml', '--values', 'mend.yaml', ...KNOWN)).toEqual([]);
    expect(await codesOf('values.yaml', '-f', 'mend.yaml', 'loss.yaml', ...KNOWN)).toEqual([
      'gitaly-volumes',
    ]);
  });

  it.each(['9.10.0', 'v9.2', 'gitlab-9.10.0', '9'])(
    '--chart-version takes %s for chart 9',
    async (version) => {
      const findings = await findingsOf('values.yaml', '--chart-version', version, '--postgresql', '16.5');
      expect(findings.map(({ code }) => code)).not.toContain('postgresql-version');
    },
  );

  it('--connection, --registry-storage and --postgresql answer what could not be checked', async () => {
    expect(await codesOf('values.yaml')).toEqual(['registry-bucket', 'role-endpoint', 'postgresql-version']);
    expect(await codesOf('values.yaml', ...KNOWN, '--connection', 'endpoint.yaml')).toEqual([
      'role-endpoint',
    ]);
  });

  it('--postgresql is named where it would tell more', async () => {
    const { output } = await run('values.yaml', '--chart-version', '10.2.0');
    expect(output).toMatch(
      /> See which version "show server_version" tells\.\n +> Give it with --postgresql 17\.4/,
    );
  });

  it('--expected-size and --s3cfg decide what s3cmd can carry', async () => {
    const codes = (more: readonly string[]) => codesOf('values.yaml', '--expected-size', '1TB', ...more);
    expect(await codes([])).not.toContain('s3cmd-ceiling');
    expect(await codes(['default-tool.yaml'])).toContain('s3cmd-ceiling');
    expect(await codes(['default-tool.yaml', '--s3cfg', 's3cfg'])).not.toContain('s3cmd-ceiling');
  });

  it('--clock says who may start backups', async () => {
    expect(await codesOf('values.yaml', 'running.yaml', ...KNOWN)).toContain('two-clocks');
    expect(await codesOf('values.yaml', 'running.yaml', ...KNOWN, '--clock', 'chart')).not.toContain(
      'two-clocks',
    );
  });
});

describe('what values-lint prints', () => {
  it('is a block a finding, and a last line that counts', async () => {
    const { output } = await run('values.yaml', 'loss.yaml', ...KNOWN);
    expect(output).toMatch(/^trap {2}gitaly-volumes {2}gitlab\.gitaly\.persistence\.enabled\n +Gitaly keeps/);
    expect(output).toMatch(/\n +> Write gitlab\.gitaly\.persistence\.enabled: true/);
    expect(output).toMatch(/\nTraps: .* 1 trap, 0 risks, 0 not checked\.$/);
  });

  it.each(['table', 'json'])('as a %s is never what may be a secret', async (format) => {
    const { exitCode, output } = await run('secrets.yaml', '--format', format);
    expect(exitCode).toBe(4);
    expect(output).toContain('unknown-flags');
    expect(output).toContain('shared-buckets');
    expect(output).not.toContain(CANARY);
  });
});

describe('the command itself', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drydock-values-lint-'));
    await writeFile(join(folder, 'huge.yaml'), `a: ${'x'.repeat(1024 ** 2)}`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const start = (given: readonly string[], input = '') =>
    execa(process.execPath, ['functions/commands/values-lint.ts', ...given], { input, reject: false });

  it('reads what helm get values prints, and ends with its code', async () => {
    const { stdout, exitCode } = await start(['-'], ORDINARY);
    expect(stdout).toContain('not checked');
    expect(exitCode).toBe(5);
  });

  it('is not clean when the pipe before it broke', async () => {
    const { stderr, exitCode } = await start(['-']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('standard input:1:1 is empty')]);
  });

  it('does not read a file that is far too large, nor a folder', async () => {
    expect(await start([join(folder, 'huge.yaml')])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('more than 1 MiB'),
    });
    expect(await start([folder])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('this is a folder'),
    });
  });
});
