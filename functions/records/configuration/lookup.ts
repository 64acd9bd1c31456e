import type { Configuration, Environment, Registry, Site, Target } from '../configuration.ts';

/** Questions that a parsed configuration answers. */

/** A target and the name it has in `drydock.yaml`. */
export type NamedTarget = Target & { readonly name: string };

/** A cluster as a client needs it. */
export interface ClusterAddress {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  readonly region: string;
  readonly account: string;
}

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

/** The environment of a target; a parsed configuration has it, its references were checked. */
export const environmentOf = (
  configuration: Configuration,
  target: Pick<Target, 'environment'>,
): Environment | undefined => configuration.environments[target.environment];

/** The site of an environment or a source. */
export const siteOf = (configuration: Configuration, member: { readonly site: string }): Site | undefined =>
  configuration.sites[member.site];

/** Where the cluster of a target is found. */
export const clusterOf = (
  configuration: Configuration,
  target: Pick<Target, 'environment'>,
): ClusterAddress | undefined => {
  const environment = environmentOf(configuration, target);
  const site = environment && siteOf(configuration, environment);
  return site && { cluster: environment.cluster.name, region: site.region, account: site.account };
};

/** The part of a configuration that one site needs to know: its own environments, sources and targets. */
export const configurationOfSite = (configuration: Configuration, site: string): Configuration => {
  const isHere = ([, member]: [string, { readonly site: string }]) => member.site === site;
  const environments = Object.fromEntries(Object.entries(configuration.environments).filter(isHere));
  const { deployment } = configuration;
  const targets = Object.entries(deployment?.targets ?? {}).filter(([, target]) =>
    Object.hasOwn(environments, target.environment),
  );
  return {
    ...configuration,
    sites: Object.fromEntries(Object.entries(configuration.sites).filter(([name]) => name === site)),
    environments,
    sources: Object.fromEntries(Object.entries(configuration.sources).filter(isHere)),
    deployment: deployment && { ...deployment, targets: Object.fromEntries(targets) },
  };
};
