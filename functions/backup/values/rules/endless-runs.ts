import { CRON, startsByItself } from '../cron.ts';
import type { ValuesRule } from '../rule.ts';

/**
 * A backup that hangs.
 *
 * Source: GitLab documentation, charts, Toolbox: activeDeadlineSeconds is null, and null is no deadline.
 */
export const endlessRuns: ValuesRule = {
  code: 'endless-runs',
  title: 'A backup that hangs is ended',
  judge: (values) =>
    startsByItself(values) && !values.isOn(`${CRON}.activeDeadlineSeconds`)
      ? [
          {
            severity: 'risk',
            path: `${CRON}.activeDeadlineSeconds`,
            message:
              'There is no deadline: a backup that hangs on a bucket or on Gitaly runs for ever, never fails, and so never tells anybody.',
            remedy: `Write ${CRON}.activeDeadlineSeconds with about three times what a backup takes, in seconds.`,
          },
        ]
      : [],
};
