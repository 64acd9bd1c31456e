import { siteOf } from '../records/configuration/lookup.ts';
import { defaultUpgradeSettings, type UpgradeSettings } from '../records/configuration/upgrade.ts';
import type { Configuration } from '../records/configuration.ts';

/** A cluster as the upgrade capability speaks of it: once, however many environments live on it. */
export interface ClusterSubject {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  readonly region: string;
  /** Names of the environments that live on it. */
  readonly environments: readonly string[];
  readonly settings: UpgradeSettings;
}

/** Every cluster of a configuration, each once, in the order of the file. */
export const listSubjects = (configuration: Configuration): ClusterSubject[] => {
  const named = Map.groupBy(Object.entries(configuration.environments), ([, { cluster }]) => cluster.name);
  return [...named].map(([cluster, members]) => {
    const environments = members.map(([name]) => name);
    const [, first] = members[0] ?? [];
    const region = (first && siteOf(configuration, first)?.region) ?? '';
    return { cluster, region, environments, settings: joinSettings(configuration, environments) };
  });
};

/** Finds a cluster by its own name or by that of an environment on it. */
export const findSubject = (subjects: readonly ClusterSubject[], name: string): ClusterSubject | undefined =>
  subjects.find(({ cluster }) => cluster === name) ??
  subjects.find(({ environments }) => environments.includes(name));

/** Of environments that share a cluster the first that is named decides; Helm releases of each may be read. */
const joinSettings = ({ upgrade }: Configuration, environments: readonly string[]): UpgradeSettings => {
  const named = environments.flatMap((name) => upgrade?.environments[name] ?? []);
  const [first = defaultUpgradeSettings()] = named;
  const helm = named.map(({ helmNamespaces }) => helmNamespaces);
  return {
    ...first,
    helmNamespaces: helm.includes('all')
      ? 'all'
      : [...new Set(helm.flatMap((namespaces) => (namespaces === 'all' ? [] : namespaces)))],
  };
};
