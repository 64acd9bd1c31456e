import { DescribeClusterCommand, paginateDescribeClusterVersions } from '@aws-sdk/client-eks';
import { compareMinors } from '../../records/kubernetes-version.ts';
import type { ClusterFact, VersionFact } from '../../records/upgrade/aws-facts.ts';
import type { Clock } from '../../runtime/clock.ts';
import { callEks, collectPages } from './eks-call.ts';
import { normaliseCluster, normaliseVersions } from './normalise-cluster.ts';

/** DescribeCluster. */
export const readCluster = async (
  region: string,
  cluster: string,
  signal?: AbortSignal,
): Promise<ClusterFact> =>
  callEks({ operation: 'DescribeCluster', cluster, region }, signal, async ({ client, options }) => {
    const answer = await client.send(new DescribeClusterCommand({ name: cluster }), options);
    return normaliseCluster(cluster, answer.cluster);
  });

/** DescribeClusterVersions, those that are no longer supported among them; oldest first. */
export const readVersions = async (
  region: string,
  clock: Clock,
  signal?: AbortSignal,
): Promise<VersionFact[]> =>
  callEks({ operation: 'DescribeClusterVersions', region }, signal, async ({ client, options }) => {
    const pages = paginateDescribeClusterVersions({ client }, { includeAll: true }, options);
    const rows = await collectPages(pages, ({ clusterVersions }) => clusterVersions);
    const versions = normaliseVersions(rows, clock.now());
    return versions.toSorted((a, b) => compareMinors(a.version, b.version));
  });
