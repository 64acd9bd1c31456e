import { CRON, startsByItself } from '../cron.ts';
import type { ValuesRule } from '../rule.ts';

/**
 * The CronJob beside a scheduler outside of the cluster. concurrencyPolicy counts the Jobs of the CronJob alone.
 *
 * Source: GitLab chart 9 and 10, toolbox values `backups.cron.suspend`; Kubernetes documentation, CronJob,
 * "Concurrency policy".
 */
export const twoClocks: ValuesRule = {
  code: 'two-clocks',
  title: 'Only one clock starts backups',
  judge: (values, { clock }) =>
    clock === 'outside' && startsByItself(values)
      ? [
          {
            severity: 'risk',
            path: `${CRON}.suspend`,
            message:
              'The CronJob starts backups of its own beside the scheduler outside of the cluster: neither sees the other, both write to the same scratch volume, and of the second one nobody expects or verifies the archive.',
            remedy: `Write ${CRON}.suspend: true; the CronJob stays as the template.`,
          },
        ]
      : [],
};
