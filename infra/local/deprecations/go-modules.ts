import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';

import { cacheFolder } from '../cache-folder.ts';
import { ensurePythonEnvironment } from '../python-environment.ts';
import type { Report } from '../report.ts';
import { runCommand } from '../run-command.ts';

/** Reads sources of Go modules with the Go toolchain: no compiler runs, only `go list` and `go mod download`. */
export interface GoModules {
  /** Released versions of a module, `v0.37.2`, oldest first; no pre-releases. */
  listReleases(module: string): Promise<readonly string[]>;
  /** Fetches one version; returns the folder of its sources. */
  download(module: string, version: string): Promise<string>;
}

const Downloaded = z.object({ Dir: z.string() });

/**
 * Gives `use` the Go modules, and removes what was downloaded when it is done.
 *
 * @throws Error with Go's last lines.
 */
export const useGoModules = async <T>(
  report: Report,
  use: (modules: GoModules) => Promise<T>,
): Promise<T> => {
  const { bin } = await ensurePythonEnvironment(report);
  await mkdir(cacheFolder(), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), 'deprecations-'));
  const env = {
    GOMODCACHE: join(folder, 'modules'),
    GOCACHE: join(folder, 'compiled'),
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    // Without it the sources are read-only, and cannot be removed.
    GOFLAGS: '-modcacherw',
  };
  const go = async (...args: string[]): Promise<string> => {
    const result = await runCommand(join(bin, 'go'), args, { cwd: folder, env });
    if (result.exitCode === 0) return result.output;
    throw new Error(`go ${args.join(' ')} failed: ${result.output.trim().split('\n').slice(-8).join('\n')}`);
  };
  try {
    return await use({
      listReleases: async (module) => {
        const [, ...versions] = (await go('list', '-m', '-versions', module)).trim().split(/\s+/);
        return versions.filter((version) => /^v\d+\.\d+\.\d+$/.test(version));
      },
      download: async (module, version) =>
        Downloaded.parse(JSON.parse(await go('mod', 'download', '-json', `${module}@${version}`))).Dir,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
