import { hasTemplate, TOOLBOX } from '../cron.ts';
import type { ValuesRule } from '../rule.ts';
import { judgeSpace } from '../scratch.ts';

/**
 * The disk on which an archive is unpacked: that of the toolbox, not that of its CronJob.
 *
 * Source: GitLab documentation, charts, Toolbox, "Restore considerations".
 */
export const restoreSpace: ValuesRule = {
  code: 'restore-space',
  title: 'A restore has the disk that it needs',
  judge: (values, { archiveBytes }) =>
    hasTemplate(values)
      ? judgeSpace(values, `${TOOLBOX}.persistence`, archiveBytes, {
          who: 'A restore',
          purpose: 'unpacks the archive',
        })
      : [],
};
