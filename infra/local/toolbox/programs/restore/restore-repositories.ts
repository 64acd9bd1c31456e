import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import { STORAGE } from '../../../gitlab-release/repositories.ts';
import { askDatabase } from '../ask-database.ts';
import { type GitalyBucket, manifestKey, openGitalyBucket, readBundlePath } from '../gitaly-bucket.ts';
import { GIT, runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';

/** Removes every repository of the storage, and makes those anew that have a manifest. */
export const restoreRepositories = async (
  around: Surroundings,
  folder: string,
  id: string,
): Promise<void> => {
  console.log('Restoring repositories ...');
  const storage = await emptyStorage(around);
  await around.step('repositories');
  const manifests = join(folder, 'manifests', STORAGE);
  const found = await readdir(manifests, { recursive: true });
  for (const name of found.filter((each) => each.endsWith(`${id}.toml`))) {
    const bundle = readBundlePath(await readFile(join(manifests, name), 'utf8'), name);
    await cloneBundle(join(folder, bundle), join(storage, dirname(name)));
  }
  console.log('[DONE]');
};

/**
 * The same by Gitaly itself, out of its bucket. GitLab asks for every repository of which its database knows; where one of
 * a project has no manifest under the id, nothing is replaced at all.
 */
export const restoreServerSide = async (around: Surroundings, id: string): Promise<void> => {
  console.log('Restoring repositories (Gitaly server-side) ...');
  const bucket = openGitalyBucket(around);
  const bundles = await findBundles(around, bucket, id);
  const storage = await emptyStorage(around);
  await around.step('repositories');
  const folder = join(around.scratch, 'bundles');
  await pMap(
    bundles.entries(),
    async ([index, { path, bundle }]) => {
      const file = join(folder, `${index}.bundle`);
      const body = await bucket.get(bundle);
      if (!body) throw new Error(`manager: restore bundle: ${bundle} doesn't exist`);
      await mkdir(folder, { recursive: true });
      await writeFile(file, body);
      await cloneBundle(file, join(storage, path));
      console.log(JSON.stringify({ level: 'info', msg: 'completed restore', relative_path: path }));
    },
    { concurrency: 4 },
  );
  console.log('[DONE]');
};

/** Wikis are asked for as well, and most projects have none. */
const findBundles = async (around: Surroundings, bucket: GitalyBucket, id: string) => {
  const rows = await askDatabase(around, 'select disk_path from project_repositories order by id');
  const wanted = rows.flatMap(({ disk_path: path }) => [
    { path: `${String(path)}.git`, isNeeded: true },
    { path: `${String(path)}.wiki.git`, isNeeded: false },
  ]);
  const found = await pMap(
    wanted,
    async ({ path, isNeeded }) => {
      const key = manifestKey(path, id);
      const manifest = await bucket.get(key);
      if (manifest) return { path, bundle: readBundlePath(manifest.toString('utf8'), key) };
      if (!isNeeded) return undefined;
      console.error(
        JSON.stringify({
          level: 'error',
          msg: 'restore failed',
          relative_path: path,
          error: `${key}: doesn't exist`,
        }),
      );
      throw new Error(`restore: pipeline: 1 failures encountered: ${path}: no manifest of ${id}`);
    },
    { concurrency: 4 },
  );
  return found.filter((one) => one !== undefined);
};

const emptyStorage = async (around: Surroundings): Promise<string> => {
  const storage = join(around.gitaly, STORAGE);
  await rm(storage, { recursive: true, force: true });
  await mkdir(storage, { recursive: true });
  return storage;
};

const cloneBundle = async (bundle: string, repository: string): Promise<void> => {
  await mkdir(dirname(repository), { recursive: true });
  await runTool('git', ['clone', '--quiet', '--mirror', bundle, repository], { env: GIT });
  // A clone remembers where it came from; a repository of Gitaly does not.
  await runTool('git', ['-C', repository, 'remote', 'remove', 'origin'], { env: GIT });
};
