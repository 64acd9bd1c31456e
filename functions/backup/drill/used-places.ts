import type { PlaceServer, UsedPlace } from '../../records/backup/drill-place.ts';
import { clusterOf, siteOf } from '../../records/configuration/lookup.ts';
import type { BackupSettings, Configuration } from '../../records/configuration.ts';
import type { Known } from '../preflight/facts.ts';

/** Every environment of drydock.yaml, as a place that no drill may touch. */

/** What was read of the release of one environment. */
export interface ReadEnvironment {
  readonly hosts: readonly string[];
  readonly servers: PlaceServer[];
  readonly buckets: readonly string[];
}

/**
 * Lists them, by what drydock.yaml says and what was read of their releases. One that is backed up and whose release
 * could not be read is not known, since its servers stand nowhere else; of one that is not backed up nothing but its
 * cluster and address is known to anybody.
 */
export const listUsedPlaces = (
  configuration: Configuration,
  read: ReadonlyMap<string, Known<ReadEnvironment>>,
): UsedPlace[] =>
  Object.entries(configuration.environments).flatMap(([environment, member]) => {
    const site = siteOf(configuration, member);
    const address = clusterOf(configuration, environment);
    if (!site || !address) return [];
    const settings = configuration.backup?.environments[environment];
    const seen = read.get(environment) ?? { known: false, why: 'its release was not read' };
    const { hosts, servers, buckets } = seen.known ? seen.value : NOTHING;
    const host = member.gitlab && URL.parse(member.gitlab.url)?.hostname;
    return [
      {
        environment,
        account: site.account,
        region: site.region,
        cluster: address.cluster,
        namespaces: settings ? [settings.namespace] : [],
        hosts: [...(host ? [host] : []), ...hosts],
        servers,
        instances: settings?.database ? [settings.database.instance] : [],
        buckets: [...(settings ? bucketsOf(settings) : []), ...buckets],
        bucketPatterns: settings?.sourceBuckets ?? [],
        ...(settings && !seen.known ? { unread: seen.why } : {}),
      },
    ];
  });

const NOTHING: ReadEnvironment = { hosts: [], servers: [], buckets: [] };

const bucketsOf = ({ destination, secrets, copy, tmpBucket, gitaly }: BackupSettings): string[] => [
  destination.bucket,
  secrets.bucket,
  tmpBucket,
  ...(copy ? [copy.bucket] : []),
  ...(gitaly ? [gitaly.bucket] : []),
];
