import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { STORAGE } from '../../../gitlab-release/repositories.ts';
import { askDatabase } from '../ask-database.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * What can be checked here of `gitlab:check`: that the storage of Gitaly is there, the database answers and is migrated,
 * and each project has the repository that it names. Everything else of that task asks parts that do not run in the local
 * world. It ends with 0 whatever it finds, as that task does.
 */
export const checkGitLab = async (around: Surroundings): Promise<void> => {
  await under('GitLab subtasks', async () => {
    await under('Gitaly', async () => {
      const answer = (await isThere(join(around.gitaly, STORAGE))) ? 'OK' : 'FAIL: no such storage';
      console.log(`Gitaly: ... ${STORAGE} ... ${answer}`);
    });
    await under('GitLab App', async () => {
      say('Database config exists?', true);
      const [row] = await askDatabase(around, 'select count(*)::int as count from schema_migrations');
      say('All migrations up?', Number(row?.['count']) > 0);
      const projects = await askDatabase(
        around,
        'select project_id, disk_path from project_repositories order by project_id',
      );
      for (const { project_id, disk_path } of projects) {
        const path = join(around.gitaly, STORAGE, `${String(disk_path)}.git`, 'HEAD');
        say(`Project ${String(project_id)} has its repository?`, await isThere(path));
      }
    });
  });
};

const under = async (name: string, check: () => Promise<void>): Promise<void> => {
  console.log(`Checking ${name} ...`);
  await check();
  console.log(`Checking ${name} ... Finished`);
};

const say = (question: string, isSo: boolean): void => console.log(`${question} ... ${isSo ? 'yes' : 'no'}`);

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
