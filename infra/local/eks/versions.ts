import type { ClusterVersionInformation } from '@aws-sdk/client-eks';
import type { EksAccount, Operation } from './account.ts';
import { queryPage } from './answer.ts';
import { minorOf } from './calendar.ts';

/**
 * DescribeClusterVersions: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeClusterVersions.html
 *
 * The status follows from the dates and the clock of the account. A version whose release is still to come is not
 * shown, one that is unsupported only when it is named or `includeAll` asks. The default is the newest. Newest first,
 * which EKS does not promise. Left out: clusters on Outposts, and tiers and settings of the control plane.
 */
export const VERSION_OPERATIONS: readonly Operation[] = [
  {
    name: 'DescribeClusterVersions',
    method: 'GET',
    path: '/cluster-versions',
    answer: (account, call) => {
      const named = call.query.getAll('clusterVersions');
      const wanted =
        call.query.get('versionStatus') ?? call.query.get('status')?.toUpperCase().replace('-', '_');
      const all = named.length > 0 || wanted !== undefined || call.query.get('includeAll') === 'true';
      const fitting = listVersions(account).filter(
        (version) =>
          (all || version.versionStatus !== 'UNSUPPORTED') &&
          (named.length === 0 || named.includes(version.clusterVersion ?? '')) &&
          (wanted === undefined || version.versionStatus === wanted) &&
          (call.query.get('defaultOnly') !== 'true' || version.defaultVersion === true) &&
          (call.query.get('clusterType') ?? 'eks') === version.clusterType,
      );
      const { shown, nextToken } = queryPage(fitting, call, account.pageSize);
      return { clusterVersions: shown, nextToken };
    },
  },
];

/** Every version released by now, newest first, with its status of today. */
export const listVersions = ({ versions, now }: EksAccount): ClusterVersionInformation[] => {
  const today = now();
  return versions
    .filter(({ releaseDate }) => releaseDate !== undefined && releaseDate <= today)
    .toSorted((a, b) => minorOf(b.clusterVersion ?? '') - minorOf(a.clusterVersion ?? ''))
    .map((version, index) => {
      const versionStatus = statusOf(version, today);
      return {
        ...version,
        defaultVersion: index === 0,
        versionStatus,
        status: OLD_STATUS[versionStatus],
      };
    });
};

/** Is it offered for clusters today? */
export const isSupported = (account: EksAccount, version: string): boolean =>
  listVersions(account).some(
    ({ clusterVersion, versionStatus }) => clusterVersion === version && versionStatus !== 'UNSUPPORTED',
  );

const statusOf = (version: ClusterVersionInformation, today: Date) => {
  if (version.endOfStandardSupportDate && today < version.endOfStandardSupportDate) return 'STANDARD_SUPPORT';
  if (version.endOfExtendedSupportDate && today < version.endOfExtendedSupportDate) return 'EXTENDED_SUPPORT';
  return 'UNSUPPORTED';
};

/** The deprecated field spells the same in another way. */
const OLD_STATUS = {
  STANDARD_SUPPORT: 'standard-support',
  EXTENDED_SUPPORT: 'extended-support',
  UNSUPPORTED: 'unsupported',
} as const;
