import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import type { PlanStep, UpgradeRun } from '../../records/upgrade/plan.ts';
import { checkOf } from './rollback-check.ts';

type Refresh = Pick<Extract<PlanStep, { kind: 'refresh-insights' }>, 'minor' | 'cured'>;

/** What fresh insights say, a sentence each. */
export interface InsightVerdict {
  /** These stop the run; none when the way is free. */
  readonly objections: readonly string[];
  /** These do not: later steps of the plan put right what EKS objects to, or EKS lets an upgrade pass over them. */
  readonly expected: readonly string[];
}

/**
 * Judges fresh insights in front of a step. EKS itself lets an upgrade pass over an ERROR; we stop. On the way back an
 * ERROR and an UNKNOWN stop EKS (user guide, "Insight status behavior"), so both stop us, but for an ERROR that later
 * steps cure. On the way up an UNKNOWN is said. One that a person overrode by its id does not count.
 */
export const judgeInsights = (
  insights: readonly InsightFact[],
  { minor, cured = [] }: Refresh,
  { plan, overrides }: Pick<UpgradeRun, 'plan' | 'overrides'>,
): InsightVerdict => {
  const isBack = plan.direction === 'rollback';
  const ours = insights.filter(
    ({ id, category, version }) =>
      category === (isBack ? 'ROLLBACK_READINESS' : 'UPGRADE_READINESS') &&
      (isBack || version === undefined || version === minor) &&
      !overrides.some(({ finding }) => finding === id),
  );
  const said = ours.filter(({ status }) => status === 'ERROR' || (isBack && status === 'UNKNOWN'));
  const unknown = ours.filter(({ status }) => !isBack && status === 'UNKNOWN');
  const isCured = (insight: InsightFact): boolean => {
    const check = checkOf(insight);
    return insight.status === 'ERROR' && check !== undefined && cured.includes(check);
  };
  return {
    objections: said
      .filter((insight) => !isCured(insight))
      .map(
        ({ id, name, status, reason, recommendation }) =>
          `the insight "${name}" ${status === 'UNKNOWN' ? 'cannot tell about' : 'says no to'} ${minor}: ${reason} ` +
          `${recommendation} (to pass over it, name ${id} in the overrides, with a reason)`,
      ),
    expected: [
      ...said
        .filter(isCured)
        .map(({ name, reason }) => `expected, as later steps cure it: "${name}": ${reason}`),
      ...unknown.map(({ name, reason }) => `EKS cannot tell about "${name}": ${reason}`),
    ],
  };
};
