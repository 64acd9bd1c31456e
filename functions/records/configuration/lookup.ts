import type { Configuration, Registry, Site, Target } from '../configuration.ts';

/** Questions that a parsed configuration answers. */

/** A target and the name it has in `drydock.yaml`. */
export type NamedTarget = Target & { readonly name: string };

/** A cluster as a client needs it. */
export interface ClusterAddress {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  readonly region: string;
}

/** Finds a target by its name. */
export const findTarget = (configuration: Configuration, name: string): NamedTarget | undefined => {
  const target = configuration.deployment?.targets[name];
  return target && { ...target, name };
};

/** Finds the targets that follow an image. @param image `<host>/<repository>`, without tag and digest. */
export const findTargetsForImage = (configuration: Configuration, image: string): NamedTarget[] =>
  Object.entries(configuration.deployment?.targets ?? {})
    .filter(([, target]) => target.image === image)
    .map(([name, target]) => ({ ...target, name }));

/** Finds the registry that serves an image by the host in its name. */
export const findRegistryForImage = (configuration: Configuration, image: string): Registry | undefined => {
  const host = image.slice(0, image.indexOf('/'));
  return Object.values(configuration.registries).find((registry) => registry.host === host);
};

/** The site of an environment or a source. */
export const siteOf = (configuration: Configuration, member: { readonly site: string }): Site | undefined =>
  configuration.sites[member.site];

/** Where the cluster of an environment is found; undefined when the file has no such environment. */
export const clusterOf = (configuration: Configuration, environment: string): ClusterAddress | undefined => {
  const found = configuration.environments[environment];
  const site = found && siteOf(configuration, found);
  return site && { cluster: found.cluster.name, region: site.region };
};
