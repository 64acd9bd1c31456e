import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../infra/local/run-command.ts';

const LOCAL = join(import.meta.dirname, '../../infra/local');

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drydock-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A run that has a command at work, which has started something itself, and is broken off like Ctrl-C does. */
const breakOff = (how: string): string => `
  import { access } from 'node:fs/promises';
  import { setTimeout as delay } from 'node:timers/promises';
  import { endGuardedChildren } from '${LOCAL}/child-guard.ts';
  import { runCommand } from '${LOCAL}/run-command.ts';
  void runCommand('sh', ['-c', 'sleep 60 & echo $$ > ${folder}/aside && mv ${folder}/aside ${folder}/group; wait']);
  while (!(await access('${folder}/group').then(() => true, () => false))) await delay(10);
  ${how}
`;

const isGroupAlive = (group: number): boolean => {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
};

describe('a command', () => {
  it.each([
    ['sh', ['-c', 'echo out; echo err >&2; exit 3'], 3, 'out\nerr'],
    ['sh', ['-c', 'cat; echo end'], 0, 'end'],
  ])(
    '%s %j ends with its exit code and all it said, and reads nothing',
    async (command, args, exitCode, said) => {
      const result = await runCommand(command, args);
      expect(result.exitCode).toBe(exitCode);
      expect(result.output).toBe(said);
    },
  );

  it('that is not there says so', async () => {
    const result = await runCommand('no-such-command', []);
    expect(result.exitCode).toBeUndefined();
    expect(result.output).toMatch(/no-such-command/);
  });

  it('is ended with all it started when the run is broken off', async () => {
    const code = breakOff('await endGuardedChildren();\n  process.exit(0);');
    await execa(process.execPath, ['--input-type=module', '--eval', code]);
    expect(isGroupAlive(Number(await readFile(join(folder, 'group'), 'utf8')))).toBe(false);
  });
});
