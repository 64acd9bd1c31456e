import * as z from 'zod';
import type { HelmReleaseFact } from '../../records/upgrade/api-facts.ts';
import { unpackHelmRelease } from '../../rules/helm-storage.ts';
import { findRuledObjects } from './manifest-scan.ts';
import { lookupRuledApi } from './table.ts';

/** What of a Helm release is ruled by the tables of deprecations. */

const Hook = z.object({ path: z.string().default(''), manifest: z.string().default('') });
const Release = z.object({
  name: z.string(),
  namespace: z.string().default(''),
  version: z.int(),
  info: z.object({ status: z.string().default('') }).default({ status: '' }),
  chart: z
    .object({
      metadata: z
        .object({
          name: z.string().default(''),
          version: z.string().default(''),
          appVersion: z.coerce.string().default(''),
        })
        .prefault({}),
    })
    .prefault({}),
  manifest: z.string().default(''),
  hooks: z.array(Hook).nullish(),
});

export type DecodedRelease =
  | { readonly ok: true; readonly release: HelmReleaseFact }
  | { readonly ok: false; readonly reason: string };

/**
 * Decodes the value `release` of Helm's storage as the Kubernetes API gives it. Never throws.
 *
 * @returns the release with the objects of its manifest and hooks that the tables rule, or why it cannot be read.
 */
export const decodeHelmRelease = (
  value: string | Uint8Array,
  storage: 'secret' | 'configmap',
): DecodedRelease => {
  const stored = unpackHelmRelease(value, storage);
  if (!stored.ok) return stored;
  const release = Release.safeParse(stored.document);
  return release.success
    ? { ok: true, release: toFact(release.data) }
    : { ok: false, reason: 'it is no release of Helm 3: not JSON, or without name and version' };
};

/**
 * Hooks are kept beside the manifest and applied like it. An object without a namespace goes to that of the release,
 * unless its kind has none.
 */
const toFact = ({
  name,
  namespace,
  version,
  chart,
  manifest,
  hooks,
}: z.output<typeof Release>): HelmReleaseFact => {
  const parts = [
    { template: undefined, found: findRuledObjects(manifest) },
    ...(hooks ?? []).map(({ path, manifest: text }) => ({ template: path, found: findRuledObjects(text) })),
  ];
  const release = `${namespace}/${name}`;
  return {
    namespace,
    name,
    revision: version,
    chart: chart.metadata.name,
    chartVersion: chart.metadata.version,
    appVersion: chart.metadata.appVersion,
    objects: parts.flatMap(({ template: hook, found }) =>
      found.objects.map(({ kind, namespace: own, name: object, apiVersion, line, template = hook }) => ({
        kind,
        namespace: own === '' && !isClusterScoped(apiVersion, kind) ? namespace : own,
        name: object,
        evidence: [
          {
            source: 'helm' as const,
            apiVersion,
            confidence: 'high' as const,
            release,
            line,
            ...(template === undefined ? {} : { template }),
          },
        ],
      })),
    ),
    faults: parts.flatMap(({ found }) => found.faults.map((what) => `its manifest, ${what}`)),
  };
};

const isClusterScoped = (apiVersion: string, kind: string): boolean =>
  lookupRuledApi(apiVersion, kind)?.clusterScoped === true;

/**
 * Helm keeps one deployed revision of a release; an upgrade that was broken off can leave two. The highest is the one
 * that the next upgrade starts from; the others become a fault of it.
 */
export const keepNewestRevisions = (releases: readonly HelmReleaseFact[]): HelmReleaseFact[] =>
  [...Map.groupBy(releases, ({ namespace, name }) => `${namespace}/${name}`).values()].flatMap(
    (revisions) => {
      const [newest, ...others] = revisions.toSorted((a, b) => b.revision - a.revision);
      if (!newest) return [];
      const older = others.map(
        ({ revision }) => `revision ${revision} is marked as deployed too, beside ${newest.revision}`,
      );
      return [{ ...newest, faults: [...newest.faults, ...older] }];
    },
  );
