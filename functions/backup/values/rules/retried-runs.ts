import { CRON, startsByItself } from '../cron.ts';
import type { ValuesVerdict } from '../finding.ts';
import type { ValuesRule } from '../rule.ts';

/** What Kubernetes takes when a Job says nothing. Source: Kubernetes documentation, Jobs, "Pod backoff failure policy". */
const KUBERNETES_BACKOFF_LIMIT = 6;

/**
 * A backup that failed, and how often it is begun anew.
 *
 * Source: GitLab documentation, charts, Toolbox: backoffLimit 6, restartPolicy OnFailure; charts issue 3233, where
 * retries ran into the business hours.
 */
export const retriedRuns: ValuesRule = {
  code: 'retried-runs',
  title: 'A failed backup waits for its next turn, and its log stays',
  judge: (values) => {
    if (!startsByItself(values)) return [];
    const limit = values.number(`${CRON}.backoffLimit`) ?? KUBERNETES_BACKOFF_LIMIT;
    return [
      ...(limit > 0 ? [sayLimit(limit)] : []),
      ...(values.text(`${CRON}.restartPolicy`) === 'OnFailure' ? [RESTARTS] : []),
    ];
  },
};

const sayLimit = (limit: number): ValuesVerdict => ({
  severity: 'risk',
  path: `${CRON}.backoffLimit`,
  message: `A backup that fails after hours is begun anew ${limit === 1 ? 'once' : `up to ${limit} times`}, from its very start: it runs into the hours in which people work, and the failure is told only after the last one.`,
  remedy: `Write ${CRON}.backoffLimit: 0.`,
});

const RESTARTS: ValuesVerdict = {
  severity: 'risk',
  path: `${CRON}.restartPolicy`,
  message:
    'With OnFailure the pod of a backup that failed for good is deleted, and with it the log that says why.',
  remedy: `Write ${CRON}.restartPolicy: Never.`,
};
