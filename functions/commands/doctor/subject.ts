import type { ClusterEndpoint } from '../../clients/eks.ts';
import type { Endpoint } from '../../clients/endpoint-probe.ts';
import type { AccessAnswer, AccessQuestion, AccessSubject } from '../../clients/kubernetes-access.ts';
import type { SiteInspection } from '../../clients/site-inspection.ts';
import type { NamedTarget } from '../../records/configuration/lookup.ts';
import type { Configuration, Environment, Registry, Site, Source } from '../../records/configuration.ts';
import { stackName } from '../../records/stack-name.ts';
import type { Workload, WorkloadRef } from '../../records/workload.ts';

/** What the doctor looks at, and with whom it speaks. */

/** The rest of the world, as the doctor needs it. */
export interface Instruments {
  inspectSite(region: string): SiteInspection;
  describeCluster(cluster: string, region: string): Promise<ClusterEndpoint>;
  connectKubernetes(address: { cluster: string; region: string }): Promise<ClusterInspection>;
  readSecret(reference: string, region: string): Promise<string>;
  connectRegistry(options: {
    url: string;
    credentials?: () => Promise<{ username: string; password: string }>;
  }): { listTags(repository: string): AsyncIterable<string> };
  probeEndpoint(endpoint: Endpoint): Promise<string>;
  /** Posts nothing as a stranger; gives the status. */
  knock(url: string): Promise<number>;
}

/** What is asked of a cluster. */
export interface ClusterInspection {
  readWorkload(ref: WorkloadRef): Promise<Workload | undefined>;
  reviewAccess(
    questions: readonly AccessQuestion[],
    subject: AccessSubject,
  ): Promise<readonly AccessAnswer[]>;
}

export interface SiteSubject {
  readonly name: string;
  readonly site: Site;
  readonly aws: SiteInspection;
  readonly instruments: Instruments;
  /** What the deployed stack tells of itself; asked once. */
  readonly outputs: () => Promise<Readonly<Record<string, string>> | undefined>;
}

export interface EnvironmentSubject {
  readonly at: SiteSubject;
  readonly environment: Environment;
  readonly targets: readonly NamedTarget[];
  readonly describe: () => Promise<ClusterEndpoint>;
  readonly kubernetes: () => Promise<ClusterInspection>;
}

export interface TargetSubject extends EnvironmentSubject {
  readonly target: NamedTarget;
}

export interface RegistrySubject {
  readonly at: SiteSubject;
  readonly registry: Registry;
  /** The repositories of this registry that targets follow, each once. */
  readonly repositories: readonly string[];
}

export interface SourceSubject {
  readonly at: SiteSubject;
  readonly name: string;
  readonly source: Source;
}

/** Asks at most once, however many checks want to know. */
const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
};

export const siteSubject = (name: string, site: Site, instruments: Instruments): SiteSubject => {
  const aws = instruments.inspectSite(site.region);
  return { name, site, aws, instruments, outputs: once(() => aws.readStackOutputs(stackName(name))) };
};

export const environmentSubject = (
  at: SiteSubject,
  environment: Environment,
  targets: readonly NamedTarget[],
): EnvironmentSubject => {
  const { name: cluster } = environment.cluster;
  const { region } = at.site;
  return {
    at,
    environment,
    targets,
    describe: once(() => at.instruments.describeCluster(cluster, region)),
    kubernetes: once(() => at.instruments.connectKubernetes({ cluster, region })),
  };
};

/** The registries of a site's part of the configuration, under their names. */
export const registrySubjects = (
  at: SiteSubject,
  { registries, deployment }: Configuration,
): [string, RegistrySubject][] => {
  const images = Object.values(deployment?.targets ?? {}).map(({ image }) => image);
  return Object.entries(registries).map(([name, registry]) => {
    const head = `${registry.host}/`;
    const mine = images.filter((image) => image.startsWith(head)).map((image) => image.slice(head.length));
    return [name, { at, registry, repositories: [...new Set(mine)] }];
  });
};
