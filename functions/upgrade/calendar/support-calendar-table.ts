import type { VersionFact } from '../../records/upgrade/aws-facts.ts';

/**
 * Our own copy of the calendar of EKS, for when EKS cannot be asked. It ends where this release was made; a version
 * that is not here is unknown, not unsupported. Every report that uses it says so.
 *
 * Source: EKS user guide, "Amazon EKS Kubernetes release calendar": 14 months of standard support from the release on
 * EKS, then 12 months of extended support. The release of 1.35 is reckoned back from its ends.
 */
export const CALENDAR_TABLE: readonly Pick<
  VersionFact,
  'version' | 'released' | 'standardEnds' | 'extendedEnds'
>[] = [
  { version: '1.28', released: '2023-09-26', standardEnds: '2024-11-26', extendedEnds: '2025-11-26' },
  { version: '1.29', released: '2024-01-23', standardEnds: '2025-03-23', extendedEnds: '2026-03-23' },
  { version: '1.30', released: '2024-05-23', standardEnds: '2025-07-23', extendedEnds: '2026-07-23' },
  { version: '1.31', released: '2024-09-26', standardEnds: '2025-11-26', extendedEnds: '2026-11-26' },
  { version: '1.32', released: '2025-01-23', standardEnds: '2026-03-23', extendedEnds: '2027-03-23' },
  { version: '1.33', released: '2025-05-29', standardEnds: '2026-07-29', extendedEnds: '2027-07-29' },
  { version: '1.34', released: '2025-10-02', standardEnds: '2026-12-02', extendedEnds: '2027-12-02' },
  { version: '1.35', released: '2026-01-27', standardEnds: '2027-03-27', extendedEnds: '2028-03-27' },
  { version: '1.36', released: '2026-06-02', standardEnds: '2027-08-02', extendedEnds: '2028-08-02' },
];
