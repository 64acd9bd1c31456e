import { mkdir, readdir, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheFolder } from '../cache-folder.ts';

/** An edit of a file that all Lambdas carry makes 20 MB anew, and nobody asks for the old ones again. Milliseconds. */
const KEPT_MS = 86_400_000;

/**
 * Has the CDK command line find the archives of assets that an earlier deploy made, and keep its own for the next:
 * an asset is named after its content, and to compress the 100 MB of all Lambdas takes longer than to upload them.
 * The command line keeps archives in `.cache` of the cloud assembly; here that leads to one folder for all assemblies,
 * from which those older than a day are removed.
 *
 * @param assembly folder of the cloud assembly; is made when absent.
 */
export const shareArchives = async (
  assembly: string,
  archives: string = join(cacheFolder(), 'archives'),
): Promise<void> => {
  await Promise.all([mkdir(archives, { recursive: true }), mkdir(assembly, { recursive: true })]);
  await removeOld(archives);
  try {
    await symlink(archives, join(assembly, '.cache'));
  } catch (error) {
    // A second deploy of the same assembly.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
};

const removeOld = async (archives: string): Promise<void> => {
  const oldest = Date.now() - KEPT_MS;
  const names = await readdir(archives);
  await Promise.all(
    names.map(async (name) => {
      const file = join(archives, name);
      // Another deploy may have removed it.
      const changedAt = (await stat(file).catch(() => undefined))?.mtimeMs ?? oldest;
      if (changedAt < oldest) await rm(file, { force: true });
    }),
  );
};
