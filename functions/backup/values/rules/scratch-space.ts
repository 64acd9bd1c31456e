import { CRON, hasTemplate } from '../cron.ts';
import type { ValuesRule } from '../rule.ts';
import { judgeSpace } from '../scratch.ts';

/**
 * The disk on which an archive is put together.
 *
 * Source: GitLab documentation, charts, Toolbox, "Persistence configuration" and "Backup considerations"; charts
 * issue 899, evicted pods.
 */
export const scratchSpace: ValuesRule = {
  code: 'scratch-space',
  title: 'The backup has the disk that it needs',
  judge: (values, { archiveBytes }) =>
    hasTemplate(values)
      ? judgeSpace(values, `${CRON}.persistence`, archiveBytes, {
          who: 'The backup',
          purpose: 'puts its archive together',
        })
      : [],
};
