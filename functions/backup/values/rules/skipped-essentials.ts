import type { ValuesVerdict } from '../finding.ts';
import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/**
 * An archive without its core. It can be meant: large databases are saved by RDS, large repositories by Gitaly.
 *
 * Source: GitLab documentation, "Back up and restore large reference architectures".
 */
export const skippedEssentials = defineArgumentRule({
  code: 'skipped-essentials',
  title: 'The archive holds the database and the repositories',
  judge: (given) => [
    ...(given.skipped.has('db') ? [say('db', 'database', 'point-in-time recovery or a snapshot')] : []),
    ...(given.skipped.has('repositories') && !given.has('--repositories-server-side')
      ? [say('repositories', 'Git repository', 'server-side backups of Gitaly')]
      : []),
  ],
});

const say = (component: string, what: string, other: string): ValuesVerdict => ({
  severity: 'risk',
  path: EXTRA_ARGS,
  message: `Every backup that is made of this CronJob skips ${component}, so none holds a ${what}, also those of which nobody expects that.`,
  remedy: `Take --skip ${component} away; where another way saves it (${other}), name it in the policy that means it.`,
});
