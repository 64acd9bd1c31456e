import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UpgradeCheckTools } from '../../functions/commands/upgrade-check/tools.ts';
import { runUpgradeCheck } from '../../functions/commands/upgrade-check.ts';
import { UpgradeReport } from '../../functions/records/upgrade/report.ts';
import { RefusedError, TransientError } from '../../functions/runtime/errors.ts';
import { refreshInsights } from '../../functions/upgrade/collectors/aws-insights.ts';
import { fakeAws } from '../support/fake-aws.ts';
import { buildInstruments, type Told } from '../support/upgrade-check-tools.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-upgrade-check-'));
  await writeFile(
    join(folder, 'drydock.yaml'),
    `version: 1
sites: { main: { account: '111122223333', region: eu-central-1 } }
environments: { production: { cluster: { name: gitlab } } }
upgrade:
  ignore:
    - { check: nodes, subject: 'node group b*', environment: production, reason: It goes away, expires: '2027-01-01' }
  environments: { production: { target: '1.37', helmNamespaces: [gitlab] } }
`,
  );
});
afterAll(() => rm(folder, { recursive: true }));

const run = (args: readonly string[], tools: Partial<UpgradeCheckTools> = {}, told: Told[] = []) =>
  runUpgradeCheck(args, { ...buildInstruments(told), ...tools });

/** The report that the command prints as JSON. */
const judge = async (args: readonly string[], told: Told[] = []): Promise<UpgradeReport> => {
  const { output } = await run([...args, '--format', 'json'], {}, told);
  return UpgradeReport.parse(JSON.parse(output));
};

describe('the exit code of upgrade-check', () => {
  it.each([
    [0, 'nothing blocks or warns', ['--context', 'clean']],
    [3, 'something warns', ['--context', 'warn']],
    [4, 'something blocks', ['--context', 'block']],
    [5, 'something could not be checked', ['--context', 'not-checked']],
  ])('is %i when %s', async (exitCode, _, args) => {
    expect(await run(args)).toMatchObject({ exitCode });
  });

  it.each([
    ['there is no such context', new RefusedError('kubeconfig.no-context', 'no context x'), 'no context x'],
    ['the cluster does not answer', new TransientError('kubernetes.unreachable', 'no answer'), 'no answer'],
  ])('is 1 when %s', async (_, error, expected) => {
    const answer = await run([], {
      openCluster: () => {
        throw error;
      },
    });
    expect(answer).toEqual({ exitCode: 1, output: expected });
  });

  it('is 1 when the API server does not say a version, and when the report cannot be written', async () => {
    expect(await run(['--context', 'strange'])).toMatchObject({ exitCode: 1 });
    const write = async (): Promise<void> => {
      throw new Error('EACCES: permission denied');
    };
    const answer = await run(['--context', 'clean', '--output', 'x.html'], { write });
    expect(answer).toMatchObject({ exitCode: 1, output: expect.stringContaining('EACCES') });
  });

  it.each([
    ['an option that there is not', ['--contxt', 'x'], "Unknown option '--contxt'"],
    [
      'a target that is none',
      ['--target', 'v1.37'],
      '--target takes a Kubernetes version such as 1.37, not v1.37.',
    ],
    ['a target that the cluster has', ['--target', '1.35'], '1.35 is not above 1.35, which the cluster runs'],
    [
      'a format that there is not',
      ['--format', 'pdf'],
      '--format takes table, json, html, markdown, not pdf.',
    ],
    [
      'a report that ends with what no format is',
      ['--context', 'clean', '--output', 'report.pdf'],
      'ends with .json, .html, .htm, .md, .txt; no format ends with .pdf.',
    ],
    ['a report without an ending', ['--context', 'clean', '--output', 'report'], 'report has no ending.'],
    ['files only without files', ['--files-only', '--target', '1.37'], '--files-only needs --manifests.'],
    ['files only without a target', ['--files-only', '--manifests', '-'], '--files-only needs --target'],
    ['a drydock.yaml that is not there', ['--ignore-file', '/nowhere/drydock.yaml'], '/nowhere/drydock.yaml'],
  ])('is 2 for %s', async (_, args, expected) => {
    const { exitCode, output } = await run(args);
    expect(exitCode).toBe(2);
    expect(output).toContain(expected);
  });

  it('is 0 for the help, which says what each code means', async () => {
    const { exitCode, output } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const code of [0, 1, 2, 3, 4, 5]) expect(output).toMatch(new RegExp(`^  ${code}  \\w`, 'm'));
  });

  it('lets a bug of ours through', async () => {
    const bug = {
      openCluster: () => {
        throw new TypeError('x is not a function');
      },
    };
    await expect(run([], bug)).rejects.toThrow(TypeError);
  });
});

describe('the options of upgrade-check', () => {
  it('--context and --kubeconfig choose the cluster', async () => {
    const told: Told[] = [];
    await run(['--context', 'clean', '--kubeconfig', '/k'], {}, told);
    expect(told).toContainEqual(['open', { context: 'clean', kubeconfig: '/k' }]);
  });

  it('--target may lie several versions ahead; without it the next one counts', async () => {
    expect(await judge(['--context', 'clean', '--target', '1.38'])).toMatchObject({
      steps: ['1.36', '1.37', '1.38'],
    });
    expect(await judge(['--context', 'clean'])).toMatchObject({ current: '1.35', target: '1.36' });
  });

  it('--cluster and --region go before what the kubeconfig says', async () => {
    const told: Told[] = [];
    expect(await judge(['--context', 'block'], told)).toMatchObject({
      cluster: 'gitlab',
      region: 'eu-central-1',
    });
    expect(told).toContainEqual(['aws', { region: 'eu-central-1', profile: 'work' }]);
    expect(await judge(['--cluster', 'other', '--region', 'us-east-1'])).toMatchObject({
      cluster: 'other',
      region: 'us-east-1',
    });
  });

  it('asks no AWS when nothing names a cluster of it, and says how it would', async () => {
    const told: Told[] = [];
    const { output } = await run(['--context', 'kind'], {}, told);
    expect(told.map(([what]) => what)).not.toContain('aws');
    expect(output).toContain('With --cluster and --region it is');
  });

  it.each([
    [[], []],
    [['--all-helm'], 'all'],
    [
      ['--helm-namespace', 'gitlab', '--helm-namespace', 'shop'],
      ['gitlab', 'shop'],
    ],
  ])('%j reads the Helm releases of %j', async (args, expected) => {
    const told: Told[] = [];
    const { output } = await run(['--context', 'clean', ...args], {}, told);
    expect(told).toContainEqual(['helm', expected]);
    expect(output.includes('Helm releases were not read')).toBe(args.length === 0);
  });

  it.each([
    ['is left as it is', [], 0],
    ['judges its insights anew with --refresh', ['--refresh'], 1],
  ])('EKS %s', async (_, args, refreshes) => {
    const aws = fakeAws();
    await run(['--context', 'clean', ...args], { collectors: [refreshInsights], openAws: () => aws });
    expect(aws.calls.filter(([method]) => method === 'startInsightsRefresh')).toHaveLength(refreshes);
  });

  it('--ignore-file brings exceptions, target and Helm namespaces of the environment on this cluster', async () => {
    const told: Told[] = [];
    const report = await judge(['--context', 'block', '--ignore-file', join(folder, 'drydock.yaml')], told);
    expect(report).toMatchObject({ target: '1.37', verdict: 'clean', environments: ['production'] });
    expect(report.findings).toMatchObject([
      { subject: 'node group blue', ignored: { reason: 'It goes away' } },
    ]);
    expect(told).toContainEqual(['helm', ['gitlab']]);
  });

  it.each([
    ['--format json', ['--format', 'json'], /^\{\n {2}"version": 1/],
    ['--format html', ['--format', 'html'], /^<!doctype html>/],
    ['--format markdown', ['--format', 'markdown'], /^## gitlab: 1\.35 → 1\.36/],
    ['no format', [], /^gitlab {2}1\.35 -> 1\.36\n\n.*blocks {7}nodes {2}node group blue/s],
  ])('%s prints that and nothing else', async (_, args, expected) => {
    const { output } = await run(['--context', 'block', '--all-helm', ...args]);
    expect(output).toMatch(expected);
    expect(output).not.toContain('--all-helm');
  });

  it('--ignore-file brings nothing of a cluster of the same name in another region', async () => {
    const file = join(folder, 'two-sites.yaml');
    const written = await readFile(join(folder, 'drydock.yaml'), 'utf8');
    await writeFile(file, written.replace('region: eu-central-1', 'region: eu-west-1'));
    const report = await judge(['--context', 'block', '--ignore-file', file]);
    await rm(file);
    expect(report).toMatchObject({ target: '1.36', verdict: 'blocked', environments: [] });
  });

  it('no format shows what an exception covers, with its end and its reason', async () => {
    const { output } = await run([
      '--context',
      'block',
      '--all-helm',
      '--ignore-file',
      join(folder, 'drydock.yaml'),
    ]);
    expect(output).toMatch(/ignored {6}nodes {2}node group blue: until 2027-01-01, It goes away/);
  });

  it('--output writes what its ending says, and prints the table', async () => {
    const file = join(folder, 'report.html');
    const { output } = await run(['--context', 'block', '--output', file], {
      write: (path, content) => writeFile(path, content),
    });
    expect(await readFile(file, 'utf8')).toMatch(/^<!doctype html>/);
    expect(output).toContain('> Move them.');
    expect(output).toContain(`Written to ${file}.`);
  });

  it.each([
    ['report.json', [], /^\{/],
    ['REPORT.HTML', [], /^<!doctype html>/],
    ['report.htm', [], /^<!doctype html>/],
    ['report.md', [], /^#/],
    ['report.txt', [], /Blocked:/],
    ['report.pdf', ['--format', 'json'], /^\{/],
    ['/dev/stdout', ['--format', 'markdown'], /^#/],
  ])(
    '--output %s with %j takes the format of its ending, or the one that is named',
    async (file, more, text) => {
      const written: [string, string][] = [];
      const write = async (path: string, content: string): Promise<void> =>
        void written.push([path, content]);
      await run(['--context', 'block', '--output', file, ...more], { write });
      expect(written).toEqual([[file, expect.stringMatching(text)]]);
    },
  );

  it('shows how far it is, and clears that at the end, also when it fails', async () => {
    const lines: string[] = [];
    const showProgress = (line: string): void => void lines.push(line);
    await run(['--context', 'clean'], { showProgress });
    expect(lines).toContain('1 of 2 read; reading helm');
    expect(lines.at(-1)).toBe('');
    await run(['--context', 'strange'], { showProgress });
    expect(lines.at(-1)).toBe('');
  });
});
