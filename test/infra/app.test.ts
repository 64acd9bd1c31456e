import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '../..');

/** Runs the app as the cdk command line does, with this context. */
const run = (context: Record<string, string>) => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'drydock-app-'));
  const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context), CDK_OUTDIR: outdir };
  return spawnSync(process.execPath, ['infra/app.ts'], { cwd: ROOT, env, encoding: 'utf8', timeout: 60_000 });
};

const write = (text: string): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'drydock-yaml-')), 'drydock.yaml');
  writeFileSync(file, text);
  return file;
};

test('a mistake in drydock.yaml ends the synth with its line and no stack trace', { timeout: 60_000 }, () => {
  const file = write("version: 1\nsites:\n  main:\n    account: '111122223333'\n    regoin: eu-central-1\n");
  const { status, stderr } = run({ configuration: file });
  expect(status).toBe(1);
  expect(stderr).toContain(`${file}:5:5`);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a file that is not there is named', { timeout: 60_000 }, () => {
  const { status, stderr } = run({ configuration: '/nowhere/drydock.yaml' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^\/nowhere\/drydock\.yaml:1:1 there is no such file/);
});
