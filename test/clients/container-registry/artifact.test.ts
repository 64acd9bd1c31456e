import { describe, expect, it } from 'vitest';
import { readArtifact } from '../../../functions/clients/container-registry/artifact.ts';
import {
  type ArtifactKind,
  IMAGE_MANIFEST,
  IMAGE_MANIFEST_LIST,
  OCI_INDEX,
  OCI_MANIFEST,
} from '../../../functions/records/manifest.ts';

const bytes = (manifest: object): Uint8Array => new TextEncoder().encode(JSON.stringify(manifest));
const OCI_CONFIG = 'application/vnd.oci.image.config.v1+json';
const DOCKER_CONFIG = 'application/vnd.docker.container.image.v1+json';
const EMPTY = 'application/vnd.oci.empty.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';

const manifest = (config: string, layers: string[], artifactType?: string): object => ({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  ...(artifactType ? { artifactType } : {}),
  config: { mediaType: config, digest: 'sha256:x', size: 2 },
  layers: layers.map((mediaType) => ({ mediaType, digest: 'sha256:y', size: 2 })),
});

describe('readArtifact', () => {
  const documents: [what: string, document: object, kind: ArtifactKind][] = [
    ['an OCI image', manifest(OCI_CONFIG, [LAYER]), 'image'],
    [
      'an image with zstd layers',
      manifest(OCI_CONFIG, ['application/vnd.oci.image.layer.v1.tar+zstd']),
      'image',
    ],
    [
      'a Docker image',
      manifest(DOCKER_CONFIG, ['application/vnd.docker.image.rootfs.diff.tar.gzip']),
      'image',
    ],
    [
      'a Windows image with a foreign layer',
      manifest(DOCKER_CONFIG, ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip']),
      'image',
    ],
    ['an image without layers', manifest(OCI_CONFIG, []), 'image'],
    [
      'a Helm chart',
      manifest('application/vnd.cncf.helm.config.v1+json', [
        'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      ]),
      'chart',
    ],
    [
      'a cosign signature with the configuration of an image',
      manifest(OCI_CONFIG, ['application/vnd.dev.cosign.simplesigning.v1+json']),
      'signature',
    ],
    [
      'a Sigstore bundle',
      manifest(
        EMPTY,
        ['application/vnd.dev.sigstore.bundle.v0.3+json'],
        'application/vnd.dev.sigstore.bundle.v0.3+json',
      ),
      'signature',
    ],
    [
      'a Notary Project signature',
      manifest('application/vnd.cncf.notary.signature', ['application/jose+json']),
      'signature',
    ],
    ['a cosign attestation', manifest(OCI_CONFIG, ['application/vnd.dsse.envelope.v1+json']), 'attestation'],
    ['a BuildKit attestation', manifest(OCI_CONFIG, ['application/vnd.in-toto+json']), 'attestation'],
    ['an SPDX bill of materials', manifest(OCI_CONFIG, ['text/spdx+json']), 'attestation'],
    [
      'a CycloneDX bill of materials',
      manifest(EMPTY, ['application/vnd.cyclonedx+json'], 'application/vnd.cyclonedx+json'),
      'attestation',
    ],
    [
      'a Flux artifact',
      manifest('application/vnd.cncf.flux.config.v1+json', ['application/vnd.cncf.flux.content.v1.tar+gzip']),
      'other',
    ],
    ['a BuildKit cache', manifest('application/vnd.buildkit.cacheconfig.v0', [LAYER]), 'other'],
    ['a WebAssembly module', manifest('application/vnd.wasm.config.v0+json', ['application/wasm']), 'other'],
    ['an artifact of an unknown type', manifest(EMPTY, [EMPTY], 'application/x.ours'), 'other'],
    [
      'an image configuration over layers that are none',
      manifest(OCI_CONFIG, ['application/x.ours']),
      'other',
    ],
  ];
  it.each(documents.map(([what, document, kind]) => ({ what, document, kind })))(
    '$what is of kind $kind',
    ({ document, kind }) => {
      expect(readArtifact(bytes(document), OCI_MANIFEST)).toMatchObject({ kind, mediaType: OCI_MANIFEST });
    },
  );

  const image = { mediaType: OCI_MANIFEST, digest: 'sha256:x', size: 2 };
  const amd64 = { ...image, platform: { os: 'linux', architecture: 'amd64' } };
  const armv7 = { ...image, platform: { os: 'linux', architecture: 'arm', variant: 'v7' } };
  const unknown = { ...image, platform: { os: 'unknown', architecture: 'unknown' } };
  const attested = { ...amd64, annotations: { 'vnd.docker.reference.type': 'attestation-manifest' } };
  const referrer = { ...image, artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json' };
  const indexes: [what: string, manifests: object[], platforms: string[]][] = [
    ['two platforms', [amd64, armv7], ['linux/amd64', 'linux/arm/v7']],
    ['an image and its attestation as unknown/unknown', [amd64, unknown], ['linux/amd64']],
    ['an attestation told by its annotation', [attested], []],
    ['an image that names no platform', [image], ['any']],
    ['only what refers to an image', [referrer], []],
    ['nothing', [], []],
  ];
  it.each(indexes.map(([what, manifests, platforms]) => ({ what, manifests, platforms })))(
    'an index of $what has images for $platforms',
    ({ manifests, platforms }) => {
      const document = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
      expect(readArtifact(bytes(document), OCI_INDEX)).toMatchObject({ kind: 'index', platforms });
    },
  );

  it("takes the type from the Content-Type when the document does not say it, without the type's parameters", () => {
    const list = { schemaVersion: 2, manifests: [amd64] };
    expect(readArtifact(bytes(list), `${IMAGE_MANIFEST_LIST}; charset=utf-8`)).toMatchObject({
      kind: 'index',
      mediaType: IMAGE_MANIFEST_LIST,
    });
  });

  it('lets the document win over a wrong Content-Type', () => {
    const document = { ...manifest(DOCKER_CONFIG, []), mediaType: IMAGE_MANIFEST };
    expect(readArtifact(bytes(document), 'text/plain')).toMatchObject({ mediaType: IMAGE_MANIFEST });
  });

  it("tells Docker's schema 1", () => {
    const document = { schemaVersion: 1, name: 'web', tag: '1', fsLayers: [], history: [], signatures: [] };
    const type = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
    expect(readArtifact(bytes(document), type)).toEqual({ kind: 'schema1', mediaType: type, platforms: [] });
  });

  it.each(['', 'null', '[]', '{"errors":[]}', '<html>', '{"schemaVersion":"2"}'])(
    '%j is no manifest',
    (text) => {
      expect(readArtifact(new TextEncoder().encode(text), OCI_MANIFEST)).toBeUndefined();
    },
  );
});
