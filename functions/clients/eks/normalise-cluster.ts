import type { Cluster, ClusterVersionInformation } from '@aws-sdk/client-eks';
import { readMinor } from '../../records/kubernetes-version.ts';
import type { ClusterFact, VersionFact } from '../../records/upgrade/aws-facts.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { given, readIssues } from './normalise-common.ts';

/**
 * DescribeCluster as a fact.
 *
 * @throws RefusedError `eks.not-ready` when EKS names no version, as it does for clusters that are only connected.
 */
export const normaliseCluster = (name: string, cluster: Cluster | undefined): ClusterFact => {
  const version = readMinor(cluster?.version ?? '');
  if (!cluster || version === undefined) {
    const status = cluster?.status ?? 'unknown';
    throw new RefusedError('eks.not-ready', `EKS cluster ${name} is ${status} and names no version.`);
  }
  const network = cluster.resourcesVpcConfig;
  const groups = [network?.clusterSecurityGroupId, ...(network?.securityGroupIds ?? [])];
  return {
    name: cluster.name ?? name,
    arn: cluster.arn ?? '',
    version,
    platformVersion: cluster.platformVersion ?? '',
    status: cluster.status ?? 'unknown',
    // EKS user guide, "View current cluster upgrade policy": who chooses nothing has EXTENDED.
    supportType: cluster.upgradePolicy?.supportType === 'STANDARD' ? 'STANDARD' : 'EXTENDED',
    issues: readIssues(cluster.health?.issues),
    subnetIds: [...(network?.subnetIds ?? [])],
    securityGroupIds: [...new Set(groups.flatMap((id) => id ?? []))],
    roleArn: cluster.roleArn ?? '',
    keyArns: (cluster.encryptionConfig ?? []).flatMap(({ provider }) => provider?.keyArn ?? []),
    autoMode: cluster.computeConfig?.enabled ?? false,
    hybrid: (cluster.remoteNetworkConfig?.remoteNodeNetworks?.length ?? 0) > 0,
  };
};

/**
 * DescribeClusterVersions as facts, oldest first. A row without a version or an end is none, nor one of another kind
 * of cluster. EKS gives days as midnight UTC.
 */
export const normaliseVersions = (rows: readonly ClusterVersionInformation[], now: Date): VersionFact[] =>
  rows.flatMap((row) => {
    const version = readMinor(row.clusterVersion ?? '');
    const { endOfStandardSupportDate: standardEnd, endOfExtendedSupportDate: extendedEnd } = row;
    if (version === undefined || standardEnd === undefined || extendedEnd === undefined) return [];
    if (row.clusterType !== undefined && row.clusterType !== 'eks') return [];
    return {
      version,
      status: readStatus(row) ?? statusByDates(standardEnd, extendedEnd, now),
      isDefault: row.defaultVersion ?? false,
      ...given('released', row.releaseDate && writeDay(row.releaseDate)),
      standardEnds: writeDay(standardEnd),
      extendedEnds: writeDay(extendedEnd),
      source: 'eks',
    };
  });

const STATUSES: Readonly<Record<string, VersionFact['status']>> = {
  STANDARD_SUPPORT: 'standard',
  EXTENDED_SUPPORT: 'extended',
  UNSUPPORTED: 'unsupported',
  'standard-support': 'standard',
  'extended-support': 'extended',
  unsupported: 'unsupported',
};

/** `status` is the deprecated field, in another spelling. */
const readStatus = ({
  versionStatus,
  status,
}: ClusterVersionInformation): VersionFact['status'] | undefined =>
  STATUSES[versionStatus ?? ''] ?? STATUSES[status ?? ''];

/** A status that we do not know says nothing; the days do. */
const statusByDates = (standardEnd: Date, extendedEnd: Date, now: Date): VersionFact['status'] => {
  if (now < standardEnd) return 'standard';
  return now < extendedEnd ? 'extended' : 'unsupported';
};

const writeDay = (day: Date): string => day.toISOString().slice(0, 10);
