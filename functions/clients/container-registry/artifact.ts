import * as z from 'zod';
import { type ArtifactKind, IMAGE_MANIFEST_LIST, OCI_INDEX } from '../../records/manifest.ts';
import { parseJsonBody } from './json.ts';

/** Reads from a manifest what kind of artifact it is. Registries store far more than images. */

const Descriptor = z.object({ mediaType: z.string().default('') });

const IndexEntry = Descriptor.extend({
  artifactType: z.string().optional(),
  platform: z
    .object({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
    .partial({ os: true, architecture: true })
    .optional(),
  annotations: z.record(z.string(), z.string()).nullish(),
});

/** Only what the kind depends on; both formats, since some registries leave `mediaType` out of the document. */
const ManifestDocument = z.object({
  schemaVersion: z.int(),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: Descriptor.nullish(),
  layers: z.array(Descriptor).nullish(),
  manifests: z.array(IndexEntry).nullish(),
});
type ManifestDocument = z.output<typeof ManifestDocument>;

export interface Artifact {
  readonly mediaType: string;
  readonly kind: ArtifactKind;
  readonly platforms: readonly string[];
  readonly declaredType?: string;
}

/** Configurations that a container is started from: Docker's and OCI's. */
const IMAGE_CONFIGS = new Set([
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.oci.image.config.v1+json',
]);

/** Media types that say what an artifact is: as artifact type, configuration or layer. First match counts. */
const SIGNS: readonly (readonly [RegExp, ArtifactKind])[] = [
  [/^application\/vnd\.cncf\.helm\./, 'chart'],
  // cosign: SIGNATURE_SPEC.md and BUNDLE_SPEC.md; Notary Project: signature-specification.md.
  [/^application\/vnd\.dev\.(cosign\.simplesigning|cosign\.artifact\.sig|sigstore\.bundle)/, 'signature'],
  [/^application\/vnd\.cncf\.notary\.signature/, 'signature'],
  // cosign: ATTESTATION_SPEC.md, SBOM_SPEC.md; BuildKit: attestation-storage.md.
  [/^application\/vnd\.(dsse\.envelope|in-toto|cyclonedx|syft|dev\.cosign\.artifact\.sbom)/, 'attestation'],
  [/^(text|application)\/spdx/, 'attestation'],
];

/** Layers that are unpacked into a container's root file system. */
const ROOT_LAYER =
  /^application\/vnd\.(docker\.image\.rootfs\.(foreign\.)?diff\.tar|oci\.image\.layer\.(nondistributable\.)?v1\.tar)/;

/** Tells the artifact from the manifest's bytes and its Content-Type; undefined when it is no manifest at all. */
export const readArtifact = (bytes: Uint8Array, contentType: string | undefined): Artifact | undefined => {
  const parsed = ManifestDocument.safeParse(parseJsonBody(bytes));
  if (!parsed.success) return undefined;
  const manifest = parsed.data;
  const mediaType = manifest.mediaType ?? contentType?.split(';', 1)[0]?.trim() ?? '';
  if (manifest.schemaVersion === 1) return { mediaType, kind: 'schema1', platforms: [] };
  if (isIndex(manifest, mediaType)) return readIndex(manifest, mediaType);
  const declaredType = manifest.artifactType ?? manifest.config?.mediaType;
  return {
    mediaType,
    kind: tellKind(manifest),
    platforms: [],
    ...(declaredType ? { declaredType } : {}),
  };
};

const isIndex = (manifest: ManifestDocument, mediaType: string): boolean =>
  mediaType === OCI_INDEX || mediaType === IMAGE_MANIFEST_LIST || (!manifest.config && !!manifest.manifests);

const readIndex = (index: ManifestDocument, mediaType: string): Artifact => {
  const images = (index.manifests ?? []).filter(isImageEntry);
  return {
    mediaType,
    kind: 'index',
    platforms: [...new Set(images.map(({ platform }) => formatPlatform(platform)))],
    ...(index.artifactType ? { declaredType: index.artifactType } : {}),
  };
};

/** BuildKit lists attestations beside the images, as platform `unknown/unknown` (attestation-storage.md). */
const isImageEntry = (entry: z.output<typeof IndexEntry>): boolean => {
  if (entry.annotations?.['vnd.docker.reference.type'] === 'attestation-manifest') return false;
  if (entry.platform?.os === 'unknown' && entry.platform.architecture === 'unknown') return false;
  return entry.artifactType === undefined || IMAGE_CONFIGS.has(entry.artifactType);
};

/** The platform is optional in OCI; an entry without one is an image that does not say. */
const formatPlatform = (platform: z.output<typeof IndexEntry>['platform']): string =>
  [platform?.os, platform?.architecture, platform?.variant].filter(Boolean).join('/') || 'any';

/**
 * Layers are asked before the configuration: cosign and BuildKit give signatures and attestations the
 * configuration of an image, so that old registries accept them.
 */
const tellKind = (manifest: ManifestDocument): ArtifactKind => {
  const layers = (manifest.layers ?? []).map(({ mediaType }) => mediaType);
  const config = manifest.config?.mediaType ?? '';
  const types = [manifest.artifactType ?? '', config, ...layers];
  for (const [pattern, kind] of SIGNS) {
    if (types.some((type) => pattern.test(type))) return kind;
  }
  if (!IMAGE_CONFIGS.has(config)) return 'other';
  return layers.length === 0 || layers.some((layer) => ROOT_LAYER.test(layer)) ? 'image' : 'other';
};
