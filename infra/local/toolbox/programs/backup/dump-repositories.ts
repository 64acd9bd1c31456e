import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import { STORAGE } from '../../../gitlab-release/repositories.ts';
import { openGitalyBucket, uploadBackup, writeManifest } from '../gitaly-bucket.ts';
import { GIT, runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';

/** Repositories that are dumped at once; `gitlab-backup` takes one after the other unless told otherwise. */
const AT_ONCE = { concurrency: 4 };

/**
 * A bundle, its references and a manifest for each repository, where gitaly-backup puts them: into the archive, or, server
 * side, into Gitaly's own bucket.
 *
 * Left out: Gitaly, so neither its API nor its storages but one. Its bucket is written under the role of this pod.
 */
export const dumpRepositories = async (
  around: Surroundings,
  folder: string,
  { id, serverSide }: { readonly id: string; readonly serverSide: boolean },
): Promise<void> => {
  await around.step('repositories');
  console.log(`Dumping repositories ${serverSide ? '(Gitaly server-side) ' : ''}...`);
  const bucket = serverSide ? openGitalyBucket(around) : undefined;
  const paths = await findRepositories(join(around.gitaly, STORAGE));
  await pMap(
    paths.entries(),
    async ([index, path]) => {
      if (around.troubles.failedRepository && index === 0) {
        console.error(
          JSON.stringify({
            level: 'error',
            msg: 'create failed',
            relative_path: path,
            error: 'rpc error: code = Internal',
          }),
        );
        return;
      }
      const repository = join(around.gitaly, STORAGE, path);
      if (bucket) {
        const place = join(around.scratch, 'bundles', String(index));
        await uploadBackup(bucket, path, id, await bundleRepository(repository, place));
        await rm(place, { recursive: true });
      } else {
        await dumpRepository(repository, join(folder, 'repositories'), path, id);
      }
      console.log(
        JSON.stringify({
          level: 'info',
          msg: 'completed create',
          relative_path: path,
          storage_name: STORAGE,
        }),
      );
    },
    AT_ONCE,
  );
  console.log('[DONE]');
};

/** Paths of bare repositories below a folder, in one order. */
export const findRepositories = async (storage: string): Promise<string[]> => {
  const entries = await readdir(storage, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name === 'HEAD' && entry.parentPath.endsWith('.git'))
    .map(({ parentPath }) => parentPath.slice(storage.length + 1))
    .sort();
};

/** @returns the path of the bundle, and the references as text. */
const bundleRepository = async (repository: string, folder: string) => {
  const bundle = join(folder, '001.bundle');
  await mkdir(folder, { recursive: true });
  const git = (...args: string[]) => runTool('git', ['-C', repository, ...args], { env: GIT });
  await git('bundle', 'create', '--quiet', bundle, '--all');
  const { stdout } = await git('for-each-ref', '--format=%(objectname) %(refname)');
  return { bundle, refs: `${stdout}\n` };
};

const dumpRepository = async (
  repository: string,
  folder: string,
  path: string,
  id: string,
): Promise<void> => {
  const place = join(path.replace(/\.git$/, ''), id);
  const { refs } = await bundleRepository(repository, join(folder, place));
  await writeFile(join(folder, place, '001.refs'), refs);
  const manifest = join(folder, 'manifests', STORAGE, path, `${id}.toml`);
  await mkdir(dirname(manifest), { recursive: true });
  await writeFile(manifest, writeManifest({ bundle: `${place}/001.bundle`, refs: `${place}/001.refs` }));
};
