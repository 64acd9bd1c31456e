import type { ClusterVersionInformation } from '@aws-sdk/client-eks';

/**
 * The days of https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html: version, newest patch, EKS
 * release, end of standard support, end of extended support.
 */
const DAYS = [
  ['1.36', '1.36.3', '2026-06-02', '2027-08-02', '2028-08-02'],
  ['1.35', '1.35.6', '2026-01-27', '2027-03-27', '2028-03-27'],
  ['1.34', '1.34.9', '2025-10-02', '2026-12-02', '2027-12-02'],
  ['1.33', '1.33.12', '2025-05-29', '2026-07-29', '2027-07-29'],
  ['1.32', '1.32.13', '2025-01-23', '2026-03-23', '2027-03-23'],
  ['1.31', '1.31.14', '2024-09-26', '2025-11-26', '2026-11-26'],
  ['1.30', '1.30.14', '2024-05-23', '2025-07-23', '2026-07-23'],
  ['1.29', '1.29.15', '2024-01-23', '2025-03-23', '2026-03-23'],
  ['1.28', '1.28.15', '2023-09-26', '2024-11-26', '2025-11-26'],
] as const;

/** One version of the calendar; days are midnight UTC. */
export interface CalendarEntry {
  readonly version: string;
  readonly patch: string;
  readonly released: string;
  readonly standardEnds: string;
  readonly extendedEnds: string;
}

export const CALENDAR: readonly CalendarEntry[] = DAYS.map(
  ([version, patch, released, standardEnds, extendedEnds]) => ({
    version,
    patch,
    released,
    standardEnds,
    extendedEnds,
  }),
);

/** A version as DescribeClusterVersions tells it, without what follows from the day on which it is asked. */
export const describeVersion = (entry: CalendarEntry): ClusterVersionInformation => ({
  clusterVersion: entry.version,
  clusterType: 'eks',
  defaultPlatformVersion: platformVersionOf(entry.version),
  releaseDate: new Date(entry.released),
  endOfStandardSupportDate: new Date(entry.standardEnds),
  endOfExtendedSupportDate: new Date(entry.extendedEnds),
  kubernetesPatchVersion: entry.patch,
});

/** Platform versions grow with the age of a version: the newest has few. */
export const platformVersionOf = (version: string): string => `eks.${Math.max(1, 40 - minorOf(version))}`;

/** 36 of `1.36`. */
export const minorOf = (version: string): number => Number(version.split('.')[1]);
