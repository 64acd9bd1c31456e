import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { execa } from 'execa';

import { buildOnce } from './build-once.ts';
import { cacheFolder } from './cache-folder.ts';
import { ensureDebianPackages } from './debian-packages.ts';
import { formatDuration, type Report } from './report.ts';
import { runCommand } from './run-command.ts';

export interface PythonEnvironment {
  /** The folder with `python`, `ministack` and `go`. */
  readonly bin: string;
}

/** MiniStack's own floor, and the floor `requirements.txt` was resolved for. */
const OLDEST_PYTHON = [3, 10] as const;

const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url));

/**
 * Makes the Python environment that holds MiniStack, boto3 and the Go toolchain, once for each
 * `requirements.txt` and Python version; later calls only find it.
 *
 * @throws Error saying what to install, when Python is missing, too old or lacks `venv`; pip's last lines when
 * a package cannot be had or its hash differs.
 */
export const ensurePythonEnvironment = async (report: Report): Promise<PythonEnvironment> => {
  const python = await findPython(report);
  const requirements = await readFile(REQUIREMENTS, 'utf8');
  const key = createHash('sha256').update(requirements).update(python.version).digest('hex').slice(0, 16);
  const folder = join(cacheFolder(), `python-${key}`);
  const started = performance.now();
  const { built } = await buildOnce({
    what: 'Python environment',
    folder,
    report,
    build: async () => {
      const count = requirements.match(/^[a-z0-9-]+==/gm)?.length ?? 0;
      report(`Python environment: installing ${count} pinned packages (first time only, about 20 s)`);
      await runStep('python3', ['-m', 'venv', folder], 'Python could not make a virtual environment');
      await runStep(
        join(folder, 'bin', 'python'),
        [...INSTALL.split(' '), '--disable-pip-version-check', '-r', REQUIREMENTS],
        'pip could not install the requirements',
      );
    },
  });
  if (built) report(`Python environment: ready after ${formatDuration(performance.now() - started)}`);
  return { bin: join(folder, 'bin') };
};

/** Wheels only: nothing of a package runs at installation, and no compiler is needed. */
const INSTALL = '-m pip install --require-hashes --only-binary :all: --no-deps --quiet --no-input';

/**
 * Debian ships `python3` without what `python3 -m venv` needs (package `python3-venv`); importing `ensurepip`
 * tells before a half-made environment does.
 */
const findPython = async (report: Report): Promise<{ version: string }> => {
  const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2], sys.base_prefix)';
  const attempt = () => execa('python3', ['-c', probe], { reject: false });
  let result = await attempt();
  if (result.exitCode !== 0) {
    await ensureDebianPackages(['python3', 'python3-venv'], report);
    result = await attempt();
  }
  if (result.exitCode !== 0) {
    throw new Error(
      'The python3 that is first on PATH has no venv and ensurepip modules. Put one with them first on PATH ' +
        `(on Debian: apt-get install python3-venv). It said: ${result.stderr?.trim().split('\n').at(-1) ?? ''}`,
    );
  }
  const version = result.stdout.trim();
  const [major = 0, minor = 0] = version.split(/[. ]/).map(Number);
  if (major < OLDEST_PYTHON[0] || (major === OLDEST_PYTHON[0] && minor < OLDEST_PYTHON[1])) {
    throw new Error(
      `python3 is version ${major}.${minor}; the local world needs ${OLDEST_PYTHON.join('.')} or later.`,
    );
  }
  return { version };
};

const runStep = async (command: string, args: readonly string[], failure: string): Promise<void> => {
  const result = await runCommand(command, args);
  if (result.exitCode === 0) return;
  throw new Error(`${failure}: ${result.output.trim().split('\n').slice(-8).join('\n')}`);
};
