import { CRON, startsByItself } from '../cron.ts';
import type { ValuesVerdict } from '../finding.ts';
import type { ValuesRule } from '../rule.ts';

/**
 * What becomes of a backup that is slower than its schedule.
 *
 * Source: GitLab documentation, charts, Toolbox: the default is Replace. Kubernetes documentation, CronJob,
 * "Concurrency policy": without one it is Allow.
 */
export const overlappingRuns: ValuesRule = {
  code: 'overlapping-runs',
  title: 'A slow backup is neither killed nor doubled by the next one',
  judge: (values) => {
    if (!startsByItself(values)) return [];
    const policy = values.text(`${CRON}.concurrencyPolicy`) ?? 'Allow';
    const why = WHY[policy];
    return why === undefined ? [] : [say(why)];
  },
};

const WHY: Readonly<Record<string, string>> = {
  Replace:
    'The policy is Replace: a backup that is still running when the next one is due is killed, so once backups take longer than their interval none ever ends.',
  Allow:
    'The policy is Allow: a backup that is still running when the next one is due gets a second one beside it, and both fill the same scratch volume.',
};

const say = (message: string): ValuesVerdict => ({
  severity: 'risk',
  path: `${CRON}.concurrencyPolicy`,
  message,
  remedy: `Write ${CRON}.concurrencyPolicy: Forbid.`,
});
