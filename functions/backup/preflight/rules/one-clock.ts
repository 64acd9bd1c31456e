import { definePreflightRule, pass, refuse } from '../preflight-rule.ts';

/**
 * Two clocks would start two backups, on one volume and with one scratch bucket.
 *
 * Source: GitLab chart, `gitlab.toolbox.backups.cron.suspend`; with the chart's concurrencyPolicy Replace its own runs
 * kill each other, and it knows nothing of ours.
 */
export const oneClock = definePreflightRule({
  code: 'one-clock',
  title: 'The CronJob of the chart does not start backups by itself',
  ifUnknown: 'stop',
  concerns: 'job',
  fact: ({ cronJob }) => cronJob,
  learn: 'Give the role of the backup the right to get CronJobs in the namespace of GitLab.',
  judge: (cronJob) => {
    if (cronJob === undefined) return [pass('There is no CronJob that could start one.')];
    if (cronJob.suspended) return [pass('It is suspended: nobody else starts a backup.')];
    return [
      refuse(
        'It is not suspended, so that two clocks start backups; two at once share their disk and spoil each other.',
        'Write gitlab.toolbox.backups.cron.suspend: true into the values, and upgrade the release.',
      ),
    ];
  },
});
