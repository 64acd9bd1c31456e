import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import type { UpgradeRun } from '../../records/upgrade/plan.ts';

const CATEGORY = { upgrade: 'UPGRADE_READINESS', rollback: 'ROLLBACK_READINESS' } as const;

/**
 * Insights that say no to this minor, a sentence each; none when the way is free. EKS itself lets an upgrade pass over
 * them and a rollback not; we stop at both. One that a person overrode by its id does not count.
 */
export const judgeInsights = (
  insights: readonly InsightFact[],
  minor: KubernetesMinor,
  { plan, overrides }: Pick<UpgradeRun, 'plan' | 'overrides'>,
): string[] =>
  insights
    .filter(
      ({ category, version, status }) =>
        category === CATEGORY[plan.direction] &&
        status === 'ERROR' &&
        (version === undefined || version === minor || plan.direction === 'rollback'),
    )
    .filter(({ id }) => !overrides.some(({ finding }) => finding === id))
    .map(
      ({ id, name, reason, recommendation }) =>
        `the insight "${name}" says no to ${minor}: ${reason} ${recommendation} ` +
        `(to pass over it, name ${id} in the overrides, with a reason)`,
    );
