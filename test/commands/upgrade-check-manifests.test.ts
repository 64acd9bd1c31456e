import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runUpgradeCheck } from '../../functions/commands/upgrade-check.ts';
import { removedApis } from '../../functions/upgrade/checks/removed-apis.ts';
import { collectManifests } from '../../functions/upgrade/collectors/manifests.ts';
import { buildInstruments, GONE_API } from '../support/upgrade-check-tools.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-manifests-'));
  await writeFile(join(folder, 'gone.yaml'), GONE_API);
  await writeFile(join(folder, 'fine.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: fine }\n');
  await mkdir(join(folder, 'charts', 'web', 'templates'), { recursive: true });
  await writeFile(join(folder, 'charts', 'web', 'Chart.yaml'), 'name: web\n');
  await writeFile(join(folder, 'charts', 'web', 'templates', 'vac.yaml'), GONE_API);
});
afterAll(() => rm(folder, { recursive: true }));

describe('manifests for upgrade-check', () => {
  const files = (...paths: readonly string[]) => [
    '--files-only',
    '--target',
    '1.37',
    ...paths.flatMap((path) => ['--manifests', path]),
  ];
  const judgeFiles = (args: readonly string[], stdin = '') =>
    runUpgradeCheck(args, {
      ...buildInstruments([]),
      collectors: [collectManifests],
      checks: [removedApis],
      readStdin: async () => stdin,
    });

  it('are judged without any cluster, with file and line', async () => {
    const { exitCode, output } = await judgeFiles(files(join(folder, 'gone.yaml')));
    expect(exitCode).toBe(4);
    expect(output).toContain('1 file  1.36 -> 1.37');
    expect(output).toContain('VolumeAttributesClass gold');
    expect(output).not.toMatch(/support/);
  });

  it('are blocked by what has been gone for long: nothing says that it was ever applied', async () => {
    const old = 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: web\n';
    const { exitCode, output } = await judgeFiles(files('-'), old);
    expect(exitCode).toBe(4);
    expect(output).toContain('Applying it fails.');
  });

  it.each(['', ' \n'])('are not clean when a broken pipe gave none: %j', async (nothing) => {
    const { exitCode, output } = await judgeFiles(files('-'), nothing);
    expect(exitCode).toBe(5);
    expect(output).toContain('there is no manifest in it');
  });

  it.each([
    ['the words of an error', 'Error: chart "web" not found\n'],
    ['a page that asks for a sign-in', '<!doctype html><title>Sign in</title>'],
    ['values of a chart', 'replicas: 3\nimage: web\n'],
  ])('are not clean when they are %s', async (_, given) => {
    const { exitCode, output } = await judgeFiles(files('-'), given);
    expect([exitCode, output]).toEqual([5, expect.stringContaining('there is no manifest in it')]);
    expect(output).toContain('> Look at what was given');
    const file = join(folder, 'given.txt');
    await writeFile(file, given);
    expect(await judgeFiles(files(file))).toMatchObject({ exitCode: 5 });
  });

  it('in a folder may lie beside files that are none', async () => {
    const mixed = await mkdtemp(join(folder, 'mixed-'));
    await writeFile(join(mixed, 'values.yaml'), 'replicas: 3\n');
    await writeFile(join(mixed, 'fine.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n');
    expect(await judgeFiles(files(mixed))).toMatchObject({ exitCode: 0 });
    await rm(mixed, { recursive: true });
  });

  it('are not clean when they are a chart that was not rendered', async () => {
    const { exitCode, output } = await judgeFiles(files(join(folder, 'charts', 'web')));
    expect(exitCode).toBe(5);
    expect(output).toMatch(/0 files {2}1\.36 -> 1\.37[^]*not checked/);
    expect(output).toContain(`helm template ${join(folder, 'charts', 'web')} |`);
  });

  it('are clean when nothing in them is gone', async () => {
    expect(await judgeFiles(files(join(folder, 'fine.yaml')))).toMatchObject({ exitCode: 0 });
  });

  it('come from a folder, and a chart in it is named instead of judged', async () => {
    const { output } = await judgeFiles(files(folder));
    expect(output).toContain('2 files');
    expect(output).toContain(`helm template ${join(folder, 'charts', 'web')} |`);
  });

  it('come from the standard input', async () => {
    expect(await judgeFiles(files('-'), GONE_API)).toMatchObject({
      exitCode: 4,
      output: expect.stringContaining('standard input'),
    });
  });

  it.each([['a path that is not there', '/nowhere', 'There is no file or folder /nowhere (--manifests).']])(
    '%s is said',
    async (_, path, expected) => {
      expect(await judgeFiles(files(path))).toEqual({ exitCode: 1, output: expected });
    },
  );

  it('a folder without any is said', async () => {
    const empty = await mkdtemp(join(folder, 'empty-'));
    const { exitCode, output } = await judgeFiles(files(empty));
    expect(exitCode).toBe(1);
    expect(output).toContain(`In ${empty} there is no .yaml`);
  });
});
