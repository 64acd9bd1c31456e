import { textOf } from '../chart-values.ts';
import { CRON, hasTemplate, TOOLBOX } from '../cron.ts';
import type { ValuesVerdict } from '../finding.ts';
import type { ValuesRule } from '../rule.ts';
import { memberOf } from '../value-tree.ts';

const ANNOTATION = 'cluster-autoscaler.kubernetes.io/safe-to-evict';

/**
 * A backup that the Cluster Autoscaler may evict.
 *
 * Source: GitLab documentation, charts, "Backing up a GitLab installation", "Cron based backup"; backup-job.yaml
 * writes `annotations` of the toolbox behind its own, where a second one of the same name wins.
 */
export const evictableRuns: ValuesRule = {
  code: 'evictable-runs',
  title: 'The Cluster Autoscaler does not evict a running backup',
  judge: (values) => {
    if (!hasTemplate(values)) return [];
    const annotated = textOf(memberOf(values.map(`${TOOLBOX}.annotations`), ANNOTATION));
    if (annotated === 'true') return [say(`${TOOLBOX}.annotations`, `Take ${ANNOTATION} away there.`)];
    return values.text(`${CRON}.safeToEvict`) === 'true' && annotated === undefined
      ? [say(`${CRON}.safeToEvict`, `Write ${CRON}.safeToEvict: false.`)]
      : [];
  },
};

const say = (path: string, remedy: string): ValuesVerdict => ({
  severity: 'risk',
  path,
  message:
    'The pod of a backup is marked as safe to evict: the Cluster Autoscaler takes its node away in the middle when it finds the pods fit elsewhere, and the hours so far are lost.',
  remedy,
});
