import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { STORAGE } from '../../../gitlab-release/repositories.ts';
import { GIT, runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';

/** Removes every repository of the storage, and makes those anew that have a manifest. */
export const restoreRepositories = async (
  around: Surroundings,
  folder: string,
  id: string,
): Promise<void> => {
  console.log('Restoring repositories ...');
  const storage = join(around.gitaly, STORAGE);
  await rm(storage, { recursive: true, force: true });
  await mkdir(storage, { recursive: true });
  await around.step('repositories');
  const manifests = join(folder, 'manifests', STORAGE);
  const found = await readdir(manifests, { recursive: true });
  for (const name of found.filter((each) => each.endsWith(`${id}.toml`))) {
    const path = dirname(name);
    const [, bundle] = /^bundle_path = '([^']+)'$/m.exec(await readFile(join(manifests, name), 'utf8')) ?? [];
    if (bundle === undefined) throw new Error(`The manifest ${name} names no bundle.`);
    const repository = join(storage, path);
    await mkdir(dirname(repository), { recursive: true });
    await runTool('git', ['clone', '--quiet', '--mirror', join(folder, bundle), repository], { env: GIT });
    // A clone remembers where it came from; a repository of Gitaly does not.
    await runTool('git', ['-C', repository, 'remote', 'remove', 'origin'], { env: GIT });
  }
  console.log('[DONE]');
};
