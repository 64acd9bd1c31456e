import { findBackupProblems } from './backup-references.ts';
import type { ReferencedSections, ReferenceProblem } from './reference-problem.ts';

/** What one section of `drydock.yaml` says of another must be there. */

/** Finds every reference that leads nowhere and every target or host that is there twice. */
export const findReferenceProblems = (configuration: ReferencedSections): ReferenceProblem[] => [
  ...checkSites(configuration),
  ...checkRegistries(configuration),
  ...checkTargets(configuration),
  ...checkUpgrade(configuration),
  ...(configuration.backup ? findBackupProblems(configuration, configuration.backup) : []),
];

const checkKnown = (
  what: string,
  section: string,
  written: string,
  known: readonly string[],
  path: string[],
): ReferenceProblem[] => {
  if (known.includes(written)) return [];
  const list = known.length === 0 ? `there are none in ${section}` : `known: ${known.join(', ')}`;
  return [{ path, message: `"${written}" is no ${what} of this file; ${list}`, written, known }];
};

const checkSites = ({ sites, environments, sources }: ReferencedSections): ReferenceProblem[] => {
  const known = Object.keys(sites);
  const members = [
    ...Object.entries(environments).map(([name, { site }]) => ({ path: ['environments', name], site })),
    ...Object.entries(sources).map(([name, { site }]) => ({ path: ['sources', name], site })),
  ];
  return members.flatMap(({ path, site }) => {
    if (site !== undefined) return checkKnown('site', 'sites', site, known, [...path, 'site']);
    if (known.length <= 1) return [];
    return [{ path, message: `needs a site, since there are several; known: ${known.join(', ')}` }];
  });
};

const checkRegistries = ({ registries, sources }: ReferencedSections): ReferenceProblem[] => {
  const seen = new Map<string, string>();
  const repeated = Object.entries(registries).flatMap(([name, { host }]): ReferenceProblem[] => {
    const first = seen.get(host);
    seen.set(host, first ?? name);
    if (first === undefined) return [];
    return [{ path: ['registries', name, 'host'], message: `is the host of "${first}" already` }];
  });
  const known = Object.keys(registries);
  const unknown = Object.entries(sources).flatMap(([name, { registry }]) =>
    registry === undefined
      ? []
      : checkKnown('registry', 'registries', registry, known, ['sources', name, 'registry']),
  );
  return [...repeated, ...unknown];
};

const checkTargets = ({ environments, registries, deployment }: ReferencedSections): ReferenceProblem[] => {
  const hosts = Object.values(registries).map(({ host }) => host);
  const seen = new Map<string, string>();
  return Object.entries(deployment?.targets ?? {}).flatMap(([name, target]) => {
    const path = ['deployment', 'targets', name];
    const { kind, namespace, name: workload } = target.workload;
    const container = target.initContainer ?? target.container;
    const place = [target.environment, kind, namespace, workload, container].join('/');
    const first = seen.get(place);
    seen.set(place, first ?? name);
    const host = target.image.slice(0, target.image.indexOf('/'));
    const repeated = `sets the same container of the same workload as "${first}"; two targets would undo each other`;
    return [
      ...(first === undefined ? [] : [{ path, message: repeated }]),
      ...checkKnown('environment', 'environments', target.environment, Object.keys(environments), [
        ...path,
        'environment',
      ]),
      ...checkKnown('registry host', 'registries', host, hosts, [...path, 'image']),
    ];
  });
};

const checkUpgrade = ({ sites, environments, upgrade }: ReferencedSections): ReferenceProblem[] => {
  const known = Object.keys(environments);
  const named = Object.keys(upgrade?.environments ?? {}).flatMap((name) =>
    checkKnown('environment', 'environments', name, known, ['upgrade', 'environments', name]),
  );
  const ignored = (upgrade?.ignore ?? []).flatMap(({ environment }, index) =>
    environment === undefined
      ? []
      : checkKnown('environment', 'environments', environment, known, [
          'upgrade',
          'ignore',
          String(index),
          'environment',
        ]),
  );
  return [
    ...named,
    ...ignored,
    ...checkExceptions({ sites, environments, upgrade }),
    ...checkOwners({ sites, environments, upgrade }),
  ];
};

/** Two sites may each have a cluster of the same name; where there is one site, nobody has to name it. */
const clusterOf = (
  { site, cluster }: ReferencedSections['environments'][string],
  sites: ReferencedSections['sites'],
): string => `${site ?? Object.keys(sites)[0] ?? ''}/${cluster.name}`;

/**
 * An upgrade moves everybody who lives on a cluster, so its report is one for all of them, and what does not count there
 * counts for nobody. An exception that is written for one of several would hide what hurts the others.
 */
const checkExceptions = ({
  sites,
  environments,
  upgrade,
}: Pick<ReferencedSections, 'sites' | 'environments' | 'upgrade'>): ReferenceProblem[] => {
  return (upgrade?.ignore ?? []).flatMap(({ environment }, index): ReferenceProblem[] => {
    const named = environment === undefined ? undefined : environments[environment];
    if (!named) return [];
    const others = Object.entries(environments).flatMap(([name, one]) =>
      name !== environment && clusterOf(one, sites) === clusterOf(named, sites) ? [name] : [],
    );
    if (others.length === 0) return [];
    const message =
      `"${environment}" shares the cluster "${named.cluster.name}" with ${others.join(', ')}, and has one report with ` +
      'them: leave "environment" out, and name the namespace in the subject ("Deployment <namespace>/*")';
    return [{ path: ['upgrade', 'ignore', String(index), 'environment'], message }];
  });
};

/** A cluster has one owner, however many environments live on it: who may change it is no matter of which is named. */
const checkOwners = ({
  sites,
  environments,
  upgrade,
}: Pick<ReferencedSections, 'sites' | 'environments' | 'upgrade'>): ReferenceProblem[] => {
  const seen = new Map<string, { name: string; owner: string }>();
  return Object.entries(upgrade?.environments ?? {}).flatMap(([name, { owner }]): ReferenceProblem[] => {
    const environment = environments[name];
    if (!environment) return [];
    const cluster = clusterOf(environment, sites);
    const first = seen.get(cluster) ?? { name, owner };
    seen.set(cluster, first);
    if (first.owner === owner) return [];
    const message = `differs from "${first.name}" on the same cluster, which says ${first.owner}; a cluster has one owner`;
    return [{ path: ['upgrade', 'environments', name, 'owner'], message }];
  });
};
