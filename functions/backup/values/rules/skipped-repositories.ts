import { defineArgumentRule, EXTRA_ARGS } from '../rule.ts';

/**
 * Server-side backups of repositories that are skipped.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility: `--repositories-server-side` only sets a variable of the
 * task that `--skip repositories` leaves out. The recipe for large instances in the GitLab documentation ("Back up
 * and restore large reference architectures") combines the two.
 */
export const skippedRepositories = defineArgumentRule({
  code: 'skipped-repositories',
  title: 'Server-side backups of repositories are not skipped again',
  judge: (given) =>
    given.has('--repositories-server-side') && given.skipped.has('repositories')
      ? [
          {
            severity: 'trap',
            path: EXTRA_ARGS,
            message:
              '--repositories-server-side together with --skip repositories backs up no repository at all: the first only changes how the step works, and the second leaves that step out. The backup ends green.',
            remedy:
              'Take --skip repositories away; --repositories-server-side keeps Git data out of the archive by itself.',
          },
        ]
      : [],
});
