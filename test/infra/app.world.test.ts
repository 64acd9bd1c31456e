import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The entries of infra as processes of their own, as the command line starts them. */

const ROOT = path.join(import.meta.dirname, '../..');
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'drydock-app-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the app as the cdk command line does, with this context. */
const run = (context: Record<string, string>) => {
  const env = {
    ...process.env,
    CDK_CONTEXT_JSON: JSON.stringify(context),
    CDK_OUTDIR: path.join(folder, 'out'),
  };
  return spawnSync(process.execPath, ['infra/app.ts'], { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 });
};

const write = (text: string): string => {
  const file = path.join(folder, 'drydock.yaml');
  writeFileSync(file, text);
  return file;
};

test('a mistake in drydock.yaml ends the synth with its line and no stack trace', () => {
  const file = write("version: 1\nsites:\n  main:\n    account: '111122223333'\n    regoin: eu-central-1\n");
  const { status, stderr } = run({ configuration: file });
  expect(status).toBe(1);
  expect(stderr).toContain(`${file}:5:5`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a file that is not there is named', () => {
  const { status, stderr } = run({ configuration: '/nowhere/drydock.yaml' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^\/nowhere\/drydock\.yaml:1:1 there is no such file/);
});

test('node infra/install-policy.ts prints the policy as JSON, without a word more', () => {
  const args = ['infra/install-policy.ts', '--for', 'cloudformation'];
  const { stdout, status } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(JSON.parse(stdout)).toMatchObject({ Version: '2012-10-17' });
  expect(status).toBe(0);
});
