import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { STORAGE } from '../../../gitlab-release/repositories.ts';
import { GIT, runTool } from '../run-tool.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * A bundle, its references and a manifest for each repository, where gitaly-backup puts them.
 *
 * Left out: Gitaly, so neither its API nor its storages but one; and server-side backups, which go into its own bucket.
 */
export const dumpRepositories = async (
  around: Surroundings,
  folder: string,
  { id, serverSide }: { readonly id: string; readonly serverSide: boolean },
): Promise<void> => {
  await around.step('repositories');
  console.log('Dumping repositories ...');
  if (serverSide) throw new Error('this Gitaly has no bucket for server-side backups');
  const paths = await findRepositories(join(around.gitaly, STORAGE));
  for (const [index, path] of paths.entries()) {
    if (around.troubles.failedRepository && index === 0) {
      console.error(
        JSON.stringify({
          level: 'error',
          msg: 'create failed',
          relative_path: path,
          error: 'rpc error: code = Internal',
        }),
      );
      continue;
    }
    await dumpRepository(join(around.gitaly, STORAGE, path), join(folder, 'repositories'), path, id);
    console.log(
      JSON.stringify({ level: 'info', msg: 'completed create', relative_path: path, storage_name: STORAGE }),
    );
  }
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

const dumpRepository = async (
  repository: string,
  folder: string,
  path: string,
  id: string,
): Promise<void> => {
  const place = join(path.replace(/\.git$/, ''), id);
  const bundle = join(folder, place, '001.bundle');
  await mkdir(dirname(bundle), { recursive: true });
  const git = (...args: string[]) => runTool('git', ['-C', repository, ...args], { env: GIT });
  await git('bundle', 'create', '--quiet', bundle, '--all');
  const { stdout } = await git('for-each-ref', '--format=%(objectname) %(refname)');
  await writeFile(join(folder, place, '001.refs'), `${stdout}\n`);
  const manifest = join(folder, 'manifests', STORAGE, path, `${id}.toml`);
  await mkdir(dirname(manifest), { recursive: true });
  await writeFile(
    manifest,
    `object_format = 'sha1'\nhead_reference = 'refs/heads/main'\n\n[[steps]]\n` +
      `bundle_path = '${place}/001.bundle'\nref_path = '${place}/001.refs'\ncustom_hooks_path = ''\n`,
  );
};
