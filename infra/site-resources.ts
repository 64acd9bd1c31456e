import type { Configuration } from '../functions/records/configuration.ts';
import type { ConfigurationLayer } from './constructs/configuration-layer.ts';
import type { LedgerBucket } from './constructs/ledger-bucket.ts';
import type { NotificationTopic } from './constructs/notification-topic.ts';
import type { NamedSite } from './site.ts';

/** What all capabilities of a site share. */
export interface SiteResources {
  readonly site: NamedSite;
  readonly configuration: Configuration;
  readonly layer: ConfigurationLayer;
  readonly ledger: LedgerBucket;
  readonly topic: NotificationTopic;
}

/** The names of the EKS clusters of a site, each once. */
export const listClusters = ({
  site,
  configuration,
}: Pick<SiteResources, 'site' | 'configuration'>): string[] => [
  ...new Set(
    Object.values(configuration.environments)
      .filter((environment) => environment.site === site.name)
      .map((environment) => environment.cluster.name),
  ),
];

/** The secrets by which senders of this site prove themselves. */
export const listSourceSecrets = ({
  site,
  configuration,
}: Pick<SiteResources, 'site' | 'configuration'>): string[] => [
  ...new Set(
    Object.values(configuration.sources)
      .filter((source) => source.site === site.name)
      .map((source) => source.auth.secret),
  ),
];

/** The secrets with which registries are asked. */
export const listRegistrySecrets = ({ configuration }: Pick<SiteResources, 'configuration'>): string[] => [
  ...new Set(Object.values(configuration.registries).flatMap(({ credentials }) => credentials?.secret ?? [])),
];
