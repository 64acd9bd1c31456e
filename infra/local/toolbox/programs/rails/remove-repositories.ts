import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Surroundings } from '../surroundings.ts';

/** Has `gitaly-backup` remove all repositories of all storages, as GitLab does before it restores. */
const REMOVAL =
  /^storages = Gitlab\.config\.repositories\.storages\.keys; .* command = \[Gitlab\.config\.backup\.gitaly_backup_path, "restore", .*"-remove-all-repositories", storages\.join\(","\)\]; exit\(system\(env, \*command, in: File::NULL\) \? 0 : 1\)$/;

/** Runs a script of that form on the folders of this GitLab. @returns false for any other. */
export const removeRepositories = async (around: Surroundings, script: string): Promise<boolean> => {
  if (!REMOVAL.test(script)) return false;
  await around.step('remove-repositories');
  await mkdir(around.gitaly, { recursive: true });
  for (const storage of await readdir(around.gitaly)) {
    await rm(join(around.gitaly, storage), { recursive: true });
    await mkdir(join(around.gitaly, storage));
  }
  return true;
};
