import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/**
 * Actions of the tool that make no backup.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility: one action at a time, and a backup is the one without flag.
 */
export const otherActions = defineArgumentRule({
  code: 'other-actions',
  title: 'The CronJob makes a backup, and nothing else',
  judge: (given) =>
    given.has('--restore', '--cleanup', '-h', '--help')
      ? [
          {
            severity: 'trap',
            path: EXTRA_ARGS,
            message: given.has('--restore')
              ? 'The CronJob restores (--restore): on each of its turns it overwrites the running GitLab with an old state.'
              : 'The CronJob makes no backup: --cleanup or --help stands in its arguments, and the tool does one thing at a time. It ends green.',
            remedy: 'Take that flag away; run such an action by hand in the toolbox.',
          },
        ]
      : [],
});
