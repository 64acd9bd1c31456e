import { hasTemplate, TOOLBOX } from '../cron.ts';
import type { ValuesRule } from '../rule.ts';

const PATH = `${TOOLBOX}.backups.registry.database.backupUser`;

/**
 * The metadata database of the registry: without it the objects in its bucket are nameless.
 *
 * Source: GitLab documentation, charts, "Backup and restore", "Registry metadata database": the toolbox needs
 * credentials of its own for it; GitLab chart, toolbox values, `backups.registry.database`.
 */
export const registryDatabase: ValuesRule = {
  code: 'registry-database',
  title: 'The metadata database of the registry is in the backup',
  judge: (values) =>
    hasTemplate(values) &&
    values.isOn('registry.enabled') &&
    values.text('registry.database.enabled') === 'true' &&
    !values.isOn(PATH)
      ? [
          {
            severity: 'trap',
            path: PATH,
            message:
              'The registry keeps its metadata in a database, and the toolbox has no user to dump it: the archive holds the layers of images without their names and tags.',
            remedy: `Make a user for backups in that database, write ${PATH} and restoreUser, and keep their passwords in the secret <release>-toolbox-registry-database-password.`,
          },
        ]
      : [],
};
