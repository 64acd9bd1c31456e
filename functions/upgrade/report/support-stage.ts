import type { KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ClusterState, Support } from '../../records/upgrade/report.ts';

/** Days before the end of support on which a person is told; in the last week each day. */
const STAGES = [0, 1, 2, 3, 4, 5, 6, 7, 30, 90] as const;

/** How long the end of standard support is still news. Days. */
const JUST_ENDED = 7;

/** A stage of the calendar, as the state of a cluster keeps it. */
export type SupportStage = NonNullable<ClusterState['stageTold']>;

/**
 * The stage that a cluster has reached: of standard support while it lasts and for a week after, then of extended
 * support. Undefined while the end is more than 90 days away, or not known.
 */
export const findStage = (support: Support, current: KubernetesMinor): SupportStage | undefined => {
  const { state, daysLeft } = support;
  if (state === 'unknown' || daysLeft === undefined) return undefined;
  const { standard, extended } = daysLeft;
  const ofExtended = stageAt(extended);
  if (state === 'standard' || (standard >= -JUST_ENDED && ofExtended === undefined)) {
    const days = stageAt(standard);
    return days === undefined ? undefined : { end: 'standard', days, version: current };
  }
  return ofExtended === undefined ? undefined : { end: 'extended', days: ofExtended, version: current };
};

const stageAt = (days: number): number | undefined => STAGES.find((stage) => days <= stage);

/** Was this stage not told yet? A later one of the same end, another end, or another version is news. */
export const isNews = (stage: SupportStage, told: SupportStage | undefined): boolean =>
  told === undefined || told.end !== stage.end || told.version !== stage.version || stage.days < told.days;
