import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { HelmReleaseFact } from '../../records/upgrade/api-facts.ts';
import { findRuledObjects } from './manifest-scan.ts';
import { lookupRuledApi } from './table.ts';

/** A Helm 3 release as it lies in a Secret or ConfigMap: helm.sh/helm, pkg/storage/driver/util.go. */

/** etcd takes 1.5 MiB at most, and the API server 1 MiB of a Secret: more than this is no release. */
const MAX_STORED = 4 * 1024 * 1024;
/** Charts of several MB are rare; a value that inflates beyond this was made to do so. */
const MAX_RELEASE = 64 * 1024 * 1024;

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
 * Decodes the value `release` of Helm's storage as the Kubernetes API gives it: base64 of gzip of JSON, and in a
 * Secret the base64 of the API around it. Releases of before compression are plain JSON. Never throws.
 *
 * @returns the release with the objects of its manifest and hooks that the tables rule, or why it cannot be read.
 */
export const decodeHelmRelease = (
  value: string | Uint8Array,
  storage: 'secret' | 'configmap',
): DecodedRelease => {
  if (value.length > MAX_STORED) return fault(`it is larger than ${MAX_STORED / 1024 / 1024} MiB`);
  const text = typeof value === 'string' ? value : Buffer.from(value).toString('latin1');
  const stored = storage === 'secret' ? Buffer.from(text, 'base64').toString('latin1') : text;
  const inflated = inflate(Buffer.from(stored, 'base64'));
  if (!inflated.ok) return inflated;
  const release = Release.safeParse(parseJson(inflated.text));
  return release.success
    ? { ok: true, release: toFact(release.data) }
    : fault('it is no release of Helm 3: not JSON, or without name and version');
};

const fault = (reason: string): { readonly ok: false; readonly reason: string } => ({ ok: false, reason });

const inflate = (bytes: Buffer): { ok: true; text: string } | { ok: false; reason: string } => {
  // RFC 1952, 2.3.1: the magic number of gzip.
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { ok: true, text: bytes.toString('utf8') };
  try {
    return { ok: true, text: gunzipSync(bytes, { maxOutputLength: MAX_RELEASE }).toString('utf8') };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return fault(
      code === 'ERR_BUFFER_TOO_LARGE'
        ? `it inflates to more than ${MAX_RELEASE / 1024 / 1024} MiB`
        : 'its gzip is damaged or was cut',
    );
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
