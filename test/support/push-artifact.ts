import { createHash } from 'node:crypto';
import { type IMAGE_MANIFEST_LIST, OCI_INDEX, OCI_MANIFEST } from '../../functions/records/manifest.ts';

/** Pushes manifests of any kind to a real registry: also those that no image builder makes. */

interface Place {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  /** Sent with each request, where the registry asks for it. */
  readonly authorization?: string;
}

interface Parts {
  readonly config: string;
  readonly layers: readonly string[];
  readonly artifactType?: string;
}

/** Pushes a manifest whose configuration and layers have these media types. @returns its digest. */
export const pushArtifact = async (
  place: Place,
  { config, layers, artifactType }: Parts,
): Promise<string> => {
  const describe = async (mediaType: string, content: string) => {
    const blob = Buffer.from(content);
    return { mediaType, digest: await pushBlob(place, blob), size: blob.length };
  };
  return pushManifest(place, OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    ...(artifactType ? { artifactType } : {}),
    config: await describe(config, JSON.stringify({ made: `for ${place.tag}` })),
    layers: await Promise.all(
      layers.map((layer, index) => describe(layer, `layer ${index} of ${place.tag}`)),
    ),
  });
};

/** Pushes an ordinary image of one layer. @returns its digest. */
export const pushImage = (place: Place): Promise<string> =>
  pushArtifact(place, {
    config: 'application/vnd.oci.image.config.v1+json',
    layers: ['application/vnd.oci.image.layer.v1.tar+gzip'],
  });

interface IndexEntry {
  readonly digest: string;
  readonly size: number;
  readonly os: string;
  readonly architecture: string;
}

/** Pushes an index over manifests that are there already. @returns its digest. */
export const pushIndex = (
  place: Place,
  entries: readonly IndexEntry[],
  mediaType: typeof OCI_INDEX | typeof IMAGE_MANIFEST_LIST = OCI_INDEX,
): Promise<string> =>
  pushManifest(place, mediaType, {
    schemaVersion: 2,
    mediaType,
    manifests: entries.map(({ digest, size, os, architecture }) => ({
      mediaType: OCI_MANIFEST,
      digest,
      size,
      platform: { os, architecture },
    })),
  });

const pushManifest = async (place: Place, mediaType: string, manifest: object): Promise<string> => {
  const body = JSON.stringify(manifest);
  const path = `/v2/${place.repository}/manifests/${place.tag}`;
  await send(place, 'PUT', new URL(path, place.registry), body, mediaType);
  return digestOf(body);
};

const pushBlob = async (place: Place, blob: Buffer): Promise<string> => {
  const digest = digestOf(blob);
  const start = new URL(`/v2/${place.repository}/blobs/uploads/`, place.registry);
  const upload = new URL((await send(place, 'POST', start)).headers.get('location') ?? '', place.registry);
  upload.searchParams.set('digest', digest);
  await send(place, 'PUT', upload, blob, 'application/octet-stream');
  return digest;
};

const send = async (place: Place, method: string, url: URL, body?: string | Buffer, type?: string) => {
  const response = await fetch(url, {
    method,
    headers: {
      ...(type ? { 'content-type': type } : {}),
      ...(place.authorization ? { authorization: place.authorization } : {}),
    },
    ...(body === undefined ? {} : { body }),
  });
  if (response.ok) return response;
  throw new Error(`${method} ${url.pathname}: ${response.status} ${await response.text()}`);
};

const digestOf = (bytes: string | Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
