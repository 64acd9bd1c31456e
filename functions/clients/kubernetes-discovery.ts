import * as z from 'zod';
import type { ServedResourceFact } from '../records/upgrade/api-facts.ts';
import { RefusedError, TransientError } from '../runtime/errors.ts';
import { type Asker, askKubernetes, readJson } from './kubernetes-request.ts';

export interface Discovery {
  readonly resources: readonly ServedResourceFact[];
  readonly failed: readonly string[];
}

/**
 * All groups in one document, where the API server has it (stable since Kubernetes 1.30); the plain list otherwise:
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;q=0.9';

/**
 * Asks which resources are served, by the aggregated document and where there is none version by version.
 *
 * @throws TransientError, RefusedError when `/api` or `/apis` itself does not answer.
 */
export const discover = async (asker: Asker, signal?: AbortSignal): Promise<Discovery> => {
  const roots = await Promise.all([
    discoverRoot(asker, '/api', signal),
    discoverRoot(asker, '/apis', signal),
  ]);
  return {
    resources: roots.flatMap(({ resources }) => resources),
    failed: roots.flatMap(({ failed }) => failed),
  };
};

const discoverRoot = async (
  asker: Asker,
  root: '/api' | '/apis',
  signal: AbortSignal | undefined,
): Promise<Discovery> => {
  const body = await get(asker, root, signal);
  const aggregated = AggregatedDocument.safeParse(body);
  return aggregated.success ? readAggregated(aggregated.data) : discoverPlainly(asker, body, signal);
};

const get = (asker: Asker, path: string, signal: AbortSignal | undefined): Promise<unknown> =>
  askKubernetes(
    asker,
    { action: `discover ${path}`, permission: `get ${path}`, path, accept: AGGREGATED },
    signal,
    readJson,
  );

const AggregatedDocument = z.object({
  kind: z.literal('APIGroupDiscoveryList'),
  items: z.array(
    z.object({
      // The core group has no name, and then not even metadata with a name in it.
      metadata: z.object({ name: z.string().default('') }).optional(),
      versions: z
        .array(
          z.object({
            version: z.string(),
            /** `Stale`: the group's own server did not answer, and what is here is what it said before, or nothing. */
            freshness: z.string().optional(),
            resources: z
              .array(
                z.object({
                  resource: z.string(),
                  scope: z.string().optional(),
                  responseKind: z.object({ kind: z.string() }).optional(),
                  verbs: z.array(z.string()).default([]),
                }),
              )
              .default([]),
          }),
        )
        .default([]),
    }),
  ),
});

const readAggregated = ({ items }: z.output<typeof AggregatedDocument>): Discovery => {
  const versions = items.flatMap(({ metadata, versions }) =>
    versions.map((version) => ({ ...version, group: metadata?.name ?? '' })),
  );
  const isFresh = ({ freshness }: { freshness?: string | undefined }): boolean => freshness !== 'Stale';
  return {
    failed: versions
      .filter((version) => !isFresh(version))
      .map(({ group, version }) => `${group}/${version}`),
    resources: versions.filter(isFresh).flatMap(({ group, version, resources }) =>
      resources.map(({ resource, scope, responseKind, verbs }) => ({
        group,
        version,
        resource,
        kind: responseKind?.kind ?? '',
        namespaced: scope === 'Namespaced',
        listable: verbs.includes('list'),
      })),
    ),
  };
};

/** `/api`: the versions of the core group. */
const CoreVersions = z.object({ versions: z.array(z.string()) });
/** `/apis`: the groups, each with its versions in the order of preference. */
const GroupList = z.object({
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ version: z.string() })) })),
});
const ResourceList = z.object({
  resources: z
    .array(
      z.object({
        name: z.string(),
        kind: z.string().default(''),
        namespaced: z.boolean().default(false),
        verbs: z.array(z.string()).nullish(),
      }),
    )
    .nullable()
    .default([]),
});

const discoverPlainly = async (
  asker: Asker,
  body: unknown,
  signal: AbortSignal | undefined,
): Promise<Discovery> => {
  const found = { resources: new Array<ServedResourceFact>(), failed: new Array<string>() };
  // One after the other: a cluster without the aggregated document is old, and nobody waits for this.
  for (const { group, version } of listVersions(body)) {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    try {
      const { resources } = ResourceList.parse(await get(asker, path, signal));
      found.resources.push(...readResources(group, version, resources ?? []));
    } catch (error) {
      const isOneGroup =
        error instanceof TransientError || error instanceof RefusedError || error instanceof z.ZodError;
      if (!isOneGroup || signal?.aborted) throw error;
      found.failed.push(`${group}/${version}`);
    }
  }
  return found;
};

const listVersions = (body: unknown): { group: string; version: string }[] => {
  const core = CoreVersions.safeParse(body);
  if (core.success) return core.data.versions.map((version) => ({ group: '', version }));
  const groups = GroupList.safeParse(body);
  if (!groups.success) {
    throw new TransientError(
      'kubernetes.unavailable',
      'Could not discover what is served: no list of groups.',
    );
  }
  return groups.data.groups.flatMap(({ name, versions }) =>
    versions.map(({ version }) => ({ group: name, version })),
  );
};

/** Without subresources: they stand in the same list as `deployments/scale`. */
const readResources = (
  group: string,
  version: string,
  resources: NonNullable<z.output<typeof ResourceList>['resources']>,
): ServedResourceFact[] =>
  resources
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, kind, namespaced, verbs }) => ({
      group,
      version,
      resource: name,
      kind,
      namespaced,
      listable: verbs?.includes('list') ?? false,
    }));
