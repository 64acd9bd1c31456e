import { BACKUP_CONTAINER } from '../../job/backup-job.ts';
import { definePreflightRule, pass, refuse } from '../preflight-rule.ts';

/** Source: GitLab chart 9 and 10, charts/gitlab/charts/toolbox/templates/backup-job.yaml. */
export const cronTemplate = definePreflightRule({
  code: 'cron-template',
  title: 'There is a CronJob to make the backup of',
  ifUnknown: 'stop',
  concerns: 'job',
  fact: ({ cronJob }) => cronJob,
  learn: 'Give the role of the backup the right to get CronJobs in the namespace of GitLab.',
  judge: (cronJob, { namespace, release }) => {
    const name = `${namespace}/${release}-toolbox-backup`;
    if (cronJob === undefined) {
      return [
        refuse(
          `There is no CronJob ${name}, so there is nothing to make a Job of.`,
          'Write gitlab.toolbox.backups.cron.enabled: true and suspend: true into the values; or correct namespace and release in drydock.yaml.',
        ),
      ];
    }
    if (!cronJob.containers.includes(BACKUP_CONTAINER)) {
      return [
        refuse(
          `CronJob ${name} has no container ${BACKUP_CONTAINER}; it is not the one that the chart makes.`,
          'Have the chart make it, or correct namespace and release in drydock.yaml.',
        ),
      ];
    }
    return [pass(`CronJob ${name} is there.`)];
  },
});
