import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { STORAGE } from '../../../gitlab-release/repositories.ts';
import { askDatabase } from '../ask-database.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * What can be checked here of `gitlab:check`: that the database answers and is migrated, and that each project has the
 * repository that it names. Everything else of that task asks parts that do not run in the local world.
 */
export const checkGitLab = async (around: Surroundings): Promise<void> => {
  console.log('Checking GitLab subtasks ...');
  const [migrations] = await askDatabase(around, 'select count(*)::int as count from schema_migrations');
  console.log(`Database is migrated? ... ${Number(migrations?.['count']) > 0 ? 'yes' : 'no'}`);
  const rows = await askDatabase(around, 'select disk_path from project_repositories order by project_id');
  const missing: string[] = [];
  for (const { disk_path } of rows) {
    const path = join(around.gitaly, STORAGE, `${String(disk_path)}.git`, 'HEAD');
    await access(path).catch(() => missing.push(String(disk_path)));
  }
  console.log(
    `Repositories of all ${rows.length} projects exist? ... ${missing.length === 0 ? 'yes' : 'no'}`,
  );
  for (const path of missing) console.log(`  Try fixing it: ${path} is not there`);
  console.log('Checking GitLab subtasks ... Finished');
  if (missing.length > 0 || Number(migrations?.['count']) === 0) throw new Error('Some checks failed.');
};
