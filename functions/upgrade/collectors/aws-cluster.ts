import type { VersionFact } from '../../records/upgrade/aws-facts.ts';
import { offlineCalendar } from '../calendar/support-calendar.ts';
import type { Collector } from '../reading/collection.ts';
import { attemptTopic, type ReadTopic, unreadTopic } from './attempt.ts';
import { NO_AWS } from './aws-sources.ts';

const VERSIONS = 'versions that EKS offers';
const UPDATES = 'updates of the cluster';

/** The cluster itself, the versions that EKS offers, and the updates of the control plane. */
export const collectCluster: Collector = {
  name: 'cluster and versions',
  collect: async ({ eks, clock }, { cluster }, _cursor, signal) => {
    if (!eks) {
      const versions = fillIn(unreadTopic(VERSIONS, NO_AWS), clock.now());
      const nothing = {
        cluster: unreadTopic<never>('cluster', NO_AWS),
        updates: unreadTopic<never>(UPDATES, NO_AWS),
      };
      return { facts: { ...nothing, versions } };
    }
    const [itself, versions, updates] = await Promise.all([
      attemptTopic('cluster', signal, async () => [await eks.readCluster(cluster, signal)]),
      attemptTopic(VERSIONS, signal, () => eks.listVersions(signal)),
      attemptTopic(UPDATES, signal, () => eks.listUpdates(cluster, undefined, signal)),
    ]);
    return { facts: { cluster: itself, versions: fillIn(versions, clock.now()), updates } };
  },
};

/** Our own calendar stands in for EKS's, marked as such; that EKS's was not read stays said. */
const fillIn = (versions: ReadTopic<VersionFact>, now: Date): ReadTopic<VersionFact> =>
  versions.unread.length > 0 ? { ...versions, items: offlineCalendar(now) } : versions;
