import { appendFile, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The guards as a person meets them: violations planted in a copy of the tree, and the real command run on it. */

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEFT_OUT = new Set(['node_modules', '.git', '.drydock', 'cdk.out']);
let copy = '';

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'drydock-planted-'));
  await cp(ROOT, copy, { recursive: true, filter: (path) => path === ROOT || !LEFT_OUT.has(basename(path)) });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

const runGuards = async () => {
  const args = ['run', '--project', 'fast', 'test/architecture'];
  const command = join(ROOT, 'node_modules', '.bin', 'vitest');
  const result = await execa(command, args, { cwd: copy, all: true, reject: false, env: { NO_COLOR: '1' } });
  return { exitCode: result.exitCode, output: result.all };
};

test('the guards pass on the copy as it is', async () => {
  const { exitCode, output } = await runGuards();
  expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.not.stringContaining('FAIL') });
});

test('and fail on what was planted, naming each place', async () => {
  await appendFile(join(copy, 'functions/deployment/hold.ts'), "\nimport '@aws-sdk/client-s3';\n");
  await appendFile(join(copy, 'functions/rules/pausing.ts'), '\nexport const leak: any = 1;\n');
  await appendFile(join(copy, 'functions/upgrade/check.ts'), "\nvoid fetch('https://example.com');\n");
  await writeFile(join(copy, 'functions/deployment/lonely-step.contract.ts'), 'export const Env = 1;\n');
  await appendFile(join(copy, 'README.md'), '\n[nowhere](nowhere.md)\n');
  await writeFile(join(copy, 'functions/rules/long.ts'), 'export {};\n'.repeat(400));
  const { exitCode, output } = await runGuards();
  expect(exitCode).toBe(1);
  for (const place of [
    'hold.ts',
    'pausing.ts',
    'functions/upgrade/check.ts',
    'lonely-step',
    'nowhere.md',
    'long.ts',
  ]) {
    expect(output).toContain(place);
  }
});
