import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ClusterState, Support } from '../../records/upgrade/report.ts';

/**
 * When to speak of the calendar: 90, 30 and 7 days before an end of support, each day of the last week, and once a
 * week after the end from which EKS may move the control plane at any moment.
 *
 * A cluster that pays for extended support is told once that this begins, then nothing until the end of that comes
 * near: what it costs stands in every report.
 */

/** A stage of the calendar, as the state of a cluster keeps it: days before the end, negative after it. */
export type SupportStage = NonNullable<ClusterState['stageTold']>;

const FAR_STAGES = [30, 90] as const;
const LAST_DAYS = 7;

/** The stage that a cluster has reached; undefined while every end is more than 90 days away, or not known. */
export const findStage = (
  { daysLeft, supportType }: Pick<Support, 'daysLeft' | 'supportType'>,
  current: KubernetesMinor,
): SupportStage | undefined => {
  if (daysLeft === undefined) return undefined;
  const [ofStandard, ofExtended] = [stageAt(daysLeft.standard), stageAt(daysLeft.extended)];
  // With the policy STANDARD the first end is the one at which EKS moves the control plane: there is no second.
  if (supportType === 'EXTENDED' && ofExtended !== undefined) {
    return { end: 'extended', days: ofExtended, version: current };
  }
  if (ofStandard === undefined) return undefined;
  const days = supportType === 'EXTENDED' ? Math.max(0, ofStandard) : ofStandard;
  return { end: 'standard', days, version: current };
};

/** 90, 30, 7, 6 ... 0, and -7, -14 ... after. */
const stageAt = (days: number): number | undefined => {
  if (days <= 0) return 0 - Math.floor(-days / LAST_DAYS) * LAST_DAYS;
  return days <= LAST_DAYS ? days : FAR_STAGES.find((stage) => days <= stage);
};

/** Was this stage not told yet? A later one of the same end, another end, or another version is news. */
export const isNews = (stage: SupportStage, told: SupportStage | undefined): boolean =>
  told === undefined || told.end !== stage.end || told.version !== stage.version || stage.days < told.days;
