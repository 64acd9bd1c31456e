import { textOf } from '../chart-values.ts';
import { startsByItself, TOOLBOX } from '../cron.ts';
import type { ValuesRule } from '../rule.ts';
import { memberOf } from '../value-tree.ts';

const ANNOTATION = 'karpenter.sh/do-not-disrupt';

/**
 * A backup that Karpenter may move. A Job that Drydock makes of the template brings the annotation.
 *
 * Source: GitLab chart, backup-job.yaml, whose own annotation only the Cluster Autoscaler reads; Karpenter
 * documentation, "Disruption", "Pod-level controls".
 */
export const disruptedRuns: ValuesRule = {
  code: 'disrupted-runs',
  title: 'Karpenter does not disrupt a running backup',
  judge: (values) =>
    startsByItself(values) && textOf(memberOf(values.map(`${TOOLBOX}.annotations`), ANNOTATION)) !== 'true'
      ? [
          {
            severity: 'risk',
            path: `${TOOLBOX}.annotations`,
            message:
              'The chart asks only the Cluster Autoscaler to leave a running backup alone. Karpenter and EKS Auto Mode read another annotation, and consolidate its node away in the middle.',
            remedy: `Write ${ANNOTATION}: "true" into ${TOOLBOX}.annotations.`,
          },
        ]
      : [],
};
