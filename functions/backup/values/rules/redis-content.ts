import type { ValuesRule } from '../rule.ts';

/**
 * What no backup of GitLab holds.
 *
 * Source: GitLab documentation, charts, architecture, "Backup and restore", "Sequence of execution".
 */
export const redisContent: ValuesRule = {
  code: 'redis-content',
  title: 'What is queued in Redis is in no backup',
  judge: (values) => [
    {
      severity: 'note',
      path: values.isOn('global.redis.host') ? 'global.redis.host' : 'global.redis',
      message:
        'Redis is in no backup: jobs that wait in Sidekiq when a backup is made are not in it, and sessions end with a restore.',
      remedy:
        'Let Sidekiq run its queues empty before a backup that is meant to be consistent, as before a migration.',
    },
  ],
};
