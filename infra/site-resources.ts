import type { Configuration } from '../functions/records/configuration.ts';
import type { ConfigurationLayer } from './constructs/configuration-layer.ts';
import type { LedgerBucket } from './constructs/ledger-bucket.ts';
import type { NotificationTopic } from './constructs/notification-topic.ts';
import type { NamedSite } from './site.ts';

/** What all capabilities of a site share. */
export interface SiteResources {
  readonly site: NamedSite;
  /** Only what belongs to the site, as `narrowToSite` leaves it. */
  readonly configuration: Configuration;
  readonly layer: ConfigurationLayer;
  readonly ledger: LedgerBucket;
  readonly topic: NotificationTopic;
}

/** The names of the EKS clusters of a site, each once. */
export const listClusters = ({ configuration }: Pick<SiteResources, 'configuration'>): string[] => [
  ...new Set(Object.values(configuration.environments).map(({ cluster }) => cluster.name)),
];

/** The secrets by which senders of a site prove themselves. */
export const listSourceSecrets = ({ configuration }: Pick<SiteResources, 'configuration'>): string[] => [
  ...new Set(Object.values(configuration.sources).map(({ auth }) => auth.secret)),
];

/** The secrets with which the registries of a site are asked. */
export const listRegistrySecrets = ({ configuration }: Pick<SiteResources, 'configuration'>): string[] => [
  ...new Set(Object.values(configuration.registries).flatMap(({ credentials }) => credentials?.secret ?? [])),
];
