import { OCI_INDEX, OCI_MANIFEST } from '../../functions/records/manifest.ts';
import { type PushTarget, pushBlob, pushManifest } from '../../infra/local/registry/distribution-client.ts';

/** Pushes what no image builder makes: manifests of any kind of artifact, and indexes with attestations in them. */

interface Place {
  readonly registry: PushTarget;
  readonly repository: string;
  readonly tag: string;
}

/** Pushes a manifest whose configuration and layers have these media types. @returns its digest. */
export const pushArtifact = async (
  { registry, repository, tag }: Place,
  { config, layers }: { config: string; layers: readonly string[] },
): Promise<string> => {
  const push = (mediaType: string, content: string) =>
    pushBlob(registry, repository, Buffer.from(content), mediaType);
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: await push(config, JSON.stringify({ made: `for ${tag}` })),
    layers: await Promise.all(layers.map((layer, index) => push(layer, `layer ${index} of ${tag}`))),
  };
  const content = Buffer.from(JSON.stringify(manifest));
  return (await pushManifest(registry, repository, tag, content, OCI_MANIFEST)).digest;
};

/** Pushes an index over manifests that are there already. @returns its digest. */
export const pushIndexOf = async (
  { registry, repository, tag }: Place,
  entries: readonly { digest: string; os: string; architecture: string }[],
): Promise<string> => {
  const manifests = entries.map(({ digest, os, architecture }) => ({
    mediaType: OCI_MANIFEST,
    digest,
    size: 1,
    platform: { os, architecture },
  }));
  const content = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  return (await pushManifest(registry, repository, tag, content, OCI_INDEX)).digest;
};
