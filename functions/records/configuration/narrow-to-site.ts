import type { Configuration } from '../configuration.ts';

/**
 * The part of a configuration that concerns one site: its environments, its sources, the targets in those
 * environments, and the registries that these sources and targets name. What a site is not told of it can neither
 * sweep nor read the secrets of. The result is a valid configuration by itself.
 */
export const narrowToSite = (configuration: Configuration, siteName: string): Configuration => {
  const { deployment, upgrade, backup } = configuration;
  const isHere = ({ site }: { readonly site: string }): boolean => site === siteName;
  const environments = keep(configuration.environments, isHere);
  const sources = keep(configuration.sources, isHere);
  const targets = keep(deployment?.targets ?? {}, ({ environment }) =>
    Object.hasOwn(environments, environment),
  );
  const hosts = new Set(Object.values(targets).map(({ image }) => image.slice(0, image.indexOf('/'))));
  const senders = new Set(
    Object.values(sources).flatMap((source) => ('registry' in source ? [source.registry] : [])),
  );
  return {
    ...configuration,
    sites: keep(configuration.sites, (_, name) => name === siteName),
    environments,
    sources,
    registries: keep(configuration.registries, ({ host }, name) => hosts.has(host) || senders.has(name)),
    deployment: deployment && { ...deployment, targets },
    upgrade: upgrade && {
      ...upgrade,
      environments: keep(upgrade.environments, (_, name) => Object.hasOwn(environments, name)),
    },
    backup: backup && {
      ...backup,
      environments: keep(backup.environments, (_, name) => Object.hasOwn(environments, name)),
    },
  };
};

const keep = <Member>(
  members: Readonly<Record<string, Member>>,
  isKept: (member: Member, name: string) => boolean,
): Record<string, Member> =>
  Object.fromEntries(Object.entries(members).filter(([name, member]) => isKept(member, name)));
