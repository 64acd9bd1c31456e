import { compareMinors, type KubernetesMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFact, VersionFact } from '../../records/upgrade/aws-facts.ts';
import { type ClusterFacts, itemsOf } from '../../records/upgrade/facts.ts';
import type { Support } from '../../records/upgrade/report.ts';
import { daysUntil, HOUR_MS, startOfDay } from '../../rules/utc-days.ts';
import { CALENDAR_TABLE } from './support-calendar-table.ts';

/** Where a cluster stands in the calendar of EKS, and what waiting costs. */

export interface SupportQuestion {
  readonly version: KubernetesMinor;
  /** The wish of the cluster; the state follows from version and day. */
  readonly supportType: ClusterFact['supportType'];
  /** What EKS says of its versions; empty when it could not be asked. */
  readonly versions: readonly VersionFact[];
  readonly now: Date;
  /** USD that extended support adds to the price of a cluster hour. */
  readonly surchargePerHour: number;
}

/** Price lists of AWS count a month as 730 hours, which makes a year of 8,760. */
const HOURS_A_MONTH = 730;
const HOURS_A_YEAR = 8_760;

/** The support of a cluster by what was read of it; a policy that is not known is EKS's default, EXTENDED. */
export const readSupport = (
  facts: ClusterFacts,
  question: { readonly current: KubernetesMinor } & Pick<SupportQuestion, 'now' | 'surchargePerHour'>,
): Support => {
  const { current, ...rest } = question;
  const { cluster, versions } = itemsOf(facts);
  return judgeSupport({
    ...rest,
    version: current,
    versions,
    supportType: cluster[0]?.supportType ?? 'EXTENDED',
  });
};

/**
 * Judges the support of a cluster's version.
 *
 * A day counts from midnight UTC, and the end of support is the first day without it: on that day the surcharge begins
 * (EKS pricing, "Extended support") and 0 days are left. What was paid so far assumes that the cluster was on this
 * version since; a cluster whose policy is STANDARD is moved instead, and pays nothing.
 */
export const judgeSupport = (question: SupportQuestion): Support => {
  const { version, supportType, surchargePerHour, now } = question;
  const calendar = chooseCalendar(question);
  const row = calendar.find((each) => each.version === version);
  const price = {
    surchargePerHour,
    perMonth: roundToCents(surchargePerHour * HOURS_A_MONTH),
    perYear: roundToCents(surchargePerHour * HOURS_A_YEAR),
  };
  if (!row) {
    const source = calendar.some((each) => each.source === 'eks') ? 'eks' : 'table';
    const cost = { ...price, soFar: 0, untilForced: 0 };
    return { source, state: 'unknown', supportType, cost, calendar };
  }
  const { standardEnds, extendedEnds, source } = row;
  return {
    source,
    state: stateAt(row, now),
    standardEnds,
    extendedEnds,
    daysLeft: { standard: daysUntil(standardEnds, now), extended: daysUntil(extendedEnds, now) },
    supportType,
    forcedFrom: supportType === 'STANDARD' ? standardEnds : extendedEnds,
    cost: { ...price, ...payFor(row, question) },
    calendar,
  };
};

/** What the calendar says of a version on a day; EKS's own word for it may be some hours behind its dates. */
const stateAt = (
  { standardEnds, extendedEnds }: Pick<VersionFact, 'standardEnds' | 'extendedEnds'>,
  now: Date,
): VersionFact['status'] => {
  if (now < startOfDay(standardEnds)) return 'standard';
  return now < startOfDay(extendedEnds) ? 'extended' : 'unsupported';
};

/** Our own copy, as facts: marked, so that nobody takes it for EKS's word. */
export const offlineCalendar = (now: Date): VersionFact[] =>
  CALENDAR_TABLE.map((row) => ({ ...row, status: stateAt(row, now), isDefault: false, source: 'table' }));

/** EKS's calendar; ours when it gave none, and for a cluster's version that it no longer lists. Oldest first. */
const chooseCalendar = ({ versions, version, now }: SupportQuestion): VersionFact[] => {
  const own = offlineCalendar(now);
  const isListed = versions.some((each) => each.version === version);
  const chosen =
    versions.length === 0
      ? own
      : [...versions, ...own.filter((each) => !isListed && each.version === version)];
  return chosen.toSorted((a, b) => compareMinors(a.version, b.version));
};

const payFor = (
  { standardEnds, extendedEnds }: VersionFact,
  { supportType, now, surchargePerHour }: SupportQuestion,
): Pick<Support['cost'], 'soFar' | 'untilForced'> => {
  if (supportType === 'STANDARD') return { soFar: 0, untilForced: 0 };
  const [from, to] = [startOfDay(standardEnds).getTime(), startOfDay(extendedEnds).getTime()];
  // Outside of extended support the moment stands at its nearer end.
  const at = Math.min(Math.max(now.getTime(), from), to);
  return {
    soFar: roundToCents(((at - from) / HOUR_MS) * surchargePerHour),
    untilForced: roundToCents(((to - at) / HOUR_MS) * surchargePerHour),
  };
};

const roundToCents = (usd: number): number => Math.round(usd * 100) / 100;
