import { type Clock, systemClock } from '../../runtime/clock.ts';
import type { EksReader } from './eks-reader.ts';
import { readAddons } from './read-addons.ts';
import { readCluster, readVersions } from './read-cluster.ts';
import { readInsights, readRefresh, startRefresh } from './read-insights.ts';
import { readFargateProfiles, readNodeGroups } from './read-nodes.ts';
import { readUpdate, readUpdates } from './read-updates.ts';

/**
 * Opens EKS of a region for reading, with the credentials of this process.
 *
 * Beside what `EksReader` says it throws RefusedError `eks.no-credentials` (nobody is signed in), `eks.refused` (EKS
 * will not, in its own words) and `eks.not-ready` (a cluster without a version).
 */
export const openEksReader = (region: string, clock: Clock = systemClock): EksReader => ({
  readCluster: (cluster, signal) => readCluster(region, cluster, signal),
  listVersions: (signal) => readVersions(region, clock, signal),
  listInsights: (cluster, signal) => readInsights(region, cluster, signal),
  startInsightsRefresh: (cluster, signal) => startRefresh(region, cluster, signal),
  readInsightsRefresh: (cluster, signal) => readRefresh(region, cluster, signal),
  listAddons: (cluster, minors, signal) => readAddons(region, cluster, minors, signal),
  listNodeGroups: (cluster, signal) => readNodeGroups(region, cluster, signal),
  listFargateProfiles: (cluster, signal) => readFargateProfiles(region, cluster, signal),
  listUpdates: (cluster, subject, signal) => readUpdates(region, cluster, subject, signal),
  readUpdate: (cluster, id, subject, signal) => readUpdate(region, cluster, id, subject, signal),
});
