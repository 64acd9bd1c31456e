import { CRON, hasTemplate, TOOLBOX } from '../cron.ts';
import type { ValuesRule } from '../rule.ts';

/**
 * The CronJob is what every backup is made of.
 *
 * Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml: it is rendered only when
 * both switches are on.
 */
export const cronTemplate: ValuesRule = {
  code: 'cron-template',
  title: 'The chart makes the CronJob of the toolbox',
  judge: (values) =>
    hasTemplate(values)
      ? []
      : [
          {
            severity: 'trap',
            path: values.isOn(`${TOOLBOX}.enabled`) ? `${CRON}.enabled` : `${TOOLBOX}.enabled`,
            message:
              'The CronJob <release>-toolbox-backup does not exist, so nothing runs a backup by itself, and there is no template to start one from.',
            remedy: `Write ${TOOLBOX}.enabled: true, ${CRON}.enabled: true, and suspend: true beside it when another scheduler is the clock.`,
          },
        ],
};
