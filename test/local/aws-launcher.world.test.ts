import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';

const AWS = fileURLToPath(new URL('../../infra/local/aws', import.meta.url));

/** A folder with a `ministack` package of our own making and a copy of the launcher with one patch for it. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-launcher-'));
  await mkdir(join(folder, 'ministack'));
  await writeFile(join(folder, 'ministack', '__init__.py'), '');
  const patch = `Patch("greeting", "ministack.app", "print('upstream')", "print('patched')")`;
  const table = `from typing import NamedTuple
class Patch(NamedTuple):
    fix: str
    module: str
    before: str
    after: str
PATCHES = [${patch}]
`;
  await writeFile(join(folder, 'patches.py'), table);
  await execa('cp', [join(AWS, 'launcher.py'), folder]);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const launch = async (body: string, args: readonly string[] = []) => {
  const app = `def main():\n    ${body.replaceAll('\n', '\n    ')}\n`;
  await writeFile(join(folder, 'ministack', 'app.py'), app);
  const env = { PYTHONPATH: folder };
  const { exitCode, stdout, stderr } = await execa('python3', ['-B', join(folder, 'launcher.py'), ...args], {
    env,
    reject: false,
  });
  return { exitCode, stdout, stderr };
};

it('runs MiniStack with the text replaced', async () => {
  expect(await launch(`print('upstream')`)).toMatchObject({ exitCode: 0, stdout: 'patched' });
});

it('leaves a fix out when it is told to', async () => {
  expect(await launch(`print('upstream')`, ['--without', 'greeting'])).toMatchObject({ stdout: 'upstream' });
});

it('stops when the text is not there, naming fix, module and what to do', async () => {
  const { exitCode, stdout, stderr } = await launch(`print('new upstream')`);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toMatch(/'greeting' does not fit.*ministack\.app 0 times.*requirements\.in.*patches\.py/s);
});

it('stops when the text is there twice', async () => {
  const { exitCode, stderr } = await launch(`print('upstream')\nprint('upstream')`);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('2 times');
});
