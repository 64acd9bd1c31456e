import type { InsightFact } from '../../records/upgrade/aws-facts.ts';
import type { PlanStep, UpgradeRun } from '../../records/upgrade/plan.ts';
import { checkOf } from './rollback-check.ts';

type Refresh = Pick<Extract<PlanStep, { kind: 'refresh-insights' }>, 'minor' | 'cured'>;

/** What fresh insights say, a sentence each. */
export interface InsightVerdict {
  /** These stop the run; none when the way is free. */
  readonly objections: readonly string[];
  /** These do not, since later steps of the plan put right what EKS objects to. */
  readonly expected: readonly string[];
}

/**
 * Judges fresh insights in front of a step. EKS itself lets an upgrade pass over an ERROR; we stop. On the way back an
 * ERROR and an UNKNOWN stop EKS (user guide, "Insight status behavior"), so both stop us, but for an ERROR that later
 * steps cure. One that a person overrode by its id does not count.
 */
export const judgeInsights = (
  insights: readonly InsightFact[],
  { minor, cured = [] }: Refresh,
  { plan, overrides }: Pick<UpgradeRun, 'plan' | 'overrides'>,
): InsightVerdict => {
  const isBack = plan.direction === 'rollback';
  const said = insights.filter(
    ({ id, category, version, status }) =>
      category === (isBack ? 'ROLLBACK_READINESS' : 'UPGRADE_READINESS') &&
      (status === 'ERROR' || (isBack && status === 'UNKNOWN')) &&
      (isBack || version === undefined || version === minor) &&
      !overrides.some(({ finding }) => finding === id),
  );
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
    expected: said
      .filter(isCured)
      .map(({ name, reason }) => `expected, as later steps cure it: "${name}": ${reason}`),
  };
};
