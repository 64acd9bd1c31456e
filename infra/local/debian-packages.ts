import { execa } from 'execa';

import type { Report } from './report.ts';

/**
 * Makes Debian packages present: installs the missing ones when we run as root, else says the exact command.
 *
 * @throws Error naming the packages and what to run, when they are missing and cannot be installed here.
 */
export const ensureDebianPackages = async (names: readonly string[], report: Report): Promise<void> => {
  const missing = await findMissing(names);
  if (missing.length === 0) return;
  const wanted = missing.join(' ');
  if (process.getuid?.() !== 0 || !(await isOnPath('apt-get'))) throw new Error(describeMissing(missing));
  report(`installing ${wanted} with apt-get`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  await runApt(['update'], env, wanted);
  await runApt(['install', '-y', '--no-install-recommends', ...missing], env, wanted);
};

/** Says what to do about packages that only the machine's owner can install. */
export const describeMissing = (names: readonly string[]): string =>
  `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not installed on this machine. Run: ` +
  `sudo apt-get update && sudo apt-get install -y ${names.join(' ')}`;

const findMissing = async (names: readonly string[]): Promise<string[]> => {
  const states = await Promise.all(
    names.map((name) => execa('dpkg-query', ['-W', '-f', '${Status}', name], { reject: false })),
  );
  return names.filter((_, index) => states[index]?.stdout !== 'install ok installed');
};

const runApt = async (
  args: readonly string[],
  env: Record<string, string>,
  wanted: string,
): Promise<void> => {
  // Another apt may hold the lock for a moment (unattended upgrades), so apt waits instead of failing.
  const all = ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args];
  const result = await execa('apt-get', all, { env, reject: false, all: true });
  if (result.exitCode === 0) return;
  throw new Error(
    `apt-get ${args[0]} failed while installing ${wanted} (exit code ${result.exitCode}): ` +
      result.all.trim().split('\n').slice(-5).join(' / '),
  );
};

const isOnPath = async (command: string): Promise<boolean> =>
  (await execa('sh', ['-c', 'command -v "$1"', 'sh', command], { reject: false })).exitCode === 0;
