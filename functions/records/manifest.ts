/** What a registry keeps under a digest, as far as Drydock needs to know it. */

/** The manifests that a node can run: Docker's and OCI's, of one platform and of several. */
export const IMAGE_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const IMAGE_MANIFEST_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

/** All four, as a request for a manifest must accept them: a registry converts or hides what is not named. */
export const MANIFEST_MEDIA_TYPES = [OCI_INDEX, IMAGE_MANIFEST_LIST, OCI_MANIFEST, IMAGE_MANIFEST] as const;

/**
 * `image`: one platform. `index`: one digest for several platforms. `attestation`: provenance or a bill of
 * materials. `schema1`: Docker's manifest of 2014, which container runtimes no longer pull. `other`: anything else
 * that registries store.
 */
export type ArtifactKind = 'image' | 'index' | 'chart' | 'signature' | 'attestation' | 'schema1' | 'other';

/** A manifest whose bytes were read and have the digest under which they were asked for. */
export interface ManifestDescription {
  readonly digest: string;
  readonly mediaType: string;
  readonly kind: ArtifactKind;
  /** Of an index: the platforms it has images for, such as `linux/arm64`; attestations do not count. */
  readonly platforms: readonly string[];
  /** What the artifact says it is (its artifact type, else its configuration's type), for messages. */
  readonly declaredType?: string;
}
